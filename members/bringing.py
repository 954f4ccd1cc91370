"""Bringing friends: a newcomer is put down to who brought them, once and for good.

Facts can name a code too (whoever joined with it, an order at the till), so how to record comes in as an argument.
What the purchases bring is posted by `members.referral_steps`.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, func, select

from facts.events import Fact
from facts.ids import id_for
from facts.language import N_
from facts.refusals import Refusal
from members import books
from members.channels import channel_of
from members.merged import Record, latest_of, one_person
from members.programme.versions import Version, in_force
from members.referral_codes import by_code, over, read
from members.referral_steps import follow
from members.referral_tables import Brought, Referral
from members.tables import FactRow

Named = tuple[UUID, str, str, datetime]
GENERATIONS_MAX = 1000


def bring(
    session: Session, friend_id: UUID, typed: str, way: str, at: datetime, now: datetime, record: Record
) -> Referral:
    """Put a member down to whoever shared the code, once and for good.

    `way` is `link`, `code` or `order`, `at` when the code was named. Refuses a code that leads nowhere, one's own, a
    second one, one that comes too late (`referrals.late_days` after joining), and a circle: nobody is brought by
    somebody whom they have brought.
    """
    link = by_code(session, typed)
    version = in_force(session, now)
    sharer, friend = latest_of(session, link.member_id), latest_of(session, friend_id)
    if sharer == friend:
        raise Refusal("code_own", N_("This is your own code. It is for your friends."), path="code")
    if over(link, at):
        raise Refusal("offer_over", N_("This invitation is over."), path="code")
    books.lock(session, {friend_id, friend, _root(session, sharer)})
    if _brought(session, friend):
        raise Refusal("brought_already", N_("You came on somebody's invitation already."), path="code")
    if _root(session, sharer) == friend:
        raise Refusal(
            "code_circle", N_("You have brought whoever shared this, or who brought them."), path="code"
        )
    came_at = _came_at(session, friend_id, version, at)
    referral_id = id_for(now, friend_id.hex, link.code)
    found = Referral(member_id=link.member_id, referral_id=referral_id, friend_id=friend_id, code=link.code,
                     offer=link.offer, terms=link.terms, way=way, came_at=came_at,
                     channel=channel_of(typed, way))  # fmt: skip
    session.add(found)
    session.add(
        Brought(
            member_id=friend_id,
            sharer_id=link.member_id,
            referral_id=referral_id,
            came_at=came_at,
            seen_until=came_at,
        )
    )
    session.flush()
    follow(session, [friend_id], now, record)
    return found


def named(facts: Iterable[tuple[UUID | None, Fact]]) -> list[Named]:
    """The codes that facts name: whose, the code, how, and when. Most facts name none."""
    found: list[Named] = []
    for member_id, fact in facts:
        if member_id is None:
            continue
        if fact.data.get("referral_code"):
            found.append((member_id, fact.data["referral_code"], "link", fact.occurred_at))
        elif fact.data.get("codes"):
            found += [
                (member_id, code, "order", fact.occurred_at) for code in fact.data["codes"] if read(code)
            ]
    return found


def bring_named(session: Session, ones: Iterable[Named], now: datetime, record: Record) -> None:
    """Put down whoever named a code that is good for them. What is not is no fault of the fact."""
    for member_id, code, way, at in ones:
        with suppress(Refusal):
            bring(session, member_id, code, way, at, now, record)


def _root(session: Session, member_id: UUID) -> UUID:
    """Who stands at the beginning of the line of those who brought each other, as the account they have by now."""
    for _ in range(GENERATIONS_MAX):
        row = _brought(session, member_id)
        if row is None:
            break
        member_id = latest_of(session, row.sharer_id)
    return member_id


def _brought(session: Session, member_id: UUID) -> Brought | None:
    """Who brought a member, or what became part of their account."""
    theirs = col(Brought.member_id).in_(one_person(session, member_id))
    query = select(Brought).where(theirs).order_by(col(Brought.came_at)).limit(1)
    return session.exec(query.execution_options(populate_existing=True)).first()


def _came_at(session: Session, friend_id: UUID, version: Version, at: datetime) -> datetime:
    """When the friend joined, or named the code before that; refuses one who had been here for too long."""
    joined = session.exec(
        select(func.min(FactRow.occurred_at)).where(
            FactRow.member_id == friend_id, FactRow.type == "member.signed_up"
        )
    ).one()
    if not joined:
        return at
    if at > joined + timedelta(days=version.programme.referrals.late_days):
        raise Refusal(
            "code_late", N_("It is too late for a code: you have been with us for a while."), path="code"
        )
    return min(at, joined)
