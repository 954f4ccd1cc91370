"""What is known of friends and of whoever brought them, read for many at once: their accounts, and what friends did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session, col, select

from members.merged import people
from members.referral_tables import Brought, Referral
from members.tables import FactRow

LOOKED_AT = (
    "order.paid",
    "order.refunded",
    "order.cancelled",
    "member.signed_up",
    "payment.held",
    "payment.released",
)


@dataclass(frozen=True, slots=True)
class Known:
    """A referral with all accounts of the friend and of whoever brought them, and the facts of the friend."""

    found: Referral
    friend: Sequence[UUID]
    sharer: Sequence[UUID]
    facts: list[FactRow] = field(default_factory=list[FactRow])


def known(session: Session, rows: Sequence[Brought]) -> dict[UUID, Known]:
    """By friend; however many there are, in the same number of statements."""
    which = (
        col(Referral.member_id).in_({row.sharer_id for row in rows}),
        col(Referral.referral_id).in_({row.referral_id for row in rows}),
    )
    query = select(Referral).where(*which).execution_options(populate_existing=True)
    there = {(one.member_id, one.referral_id): one for one in session.exec(query)}
    persons = people(session, {one for row in rows for one in (row.member_id, row.sharer_id)})
    found = {
        row.member_id: Known(referral, persons[row.member_id], persons[row.sharer_id])
        for row in rows
        if (referral := there.get((row.sharer_id, row.referral_id)))
    }
    of: dict[UUID, list[Known]] = {}
    for one in found.values():
        for account in one.friend:
            of.setdefault(account, []).append(one)
    theirs = select(FactRow).where(col(FactRow.member_id).in_(of), col(FactRow.type).in_(LOOKED_AT))
    for fact in session.exec(theirs):
        for one in of[fact.member_id]:
            one.facts.append(fact)
    return found
