"""Bringing friends: a newcomer is put down to who brought them, and their purchases move both accounts.

What should stand follows from the friend's facts (`rewards.referrals.steps`); what stands is kept with the referral.
`follow` posts the difference: new steps as facts, and what is so no longer as cancelled, on both accounts at once.
Facts can name a code too (whoever joined with it, an order at the till), so how to record comes in as an argument.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from facts.events import OWN_SOURCE, Fact
from facts.history import events
from facts.ids import id_for
from facts.language import N_
from facts.money import minor
from facts.refusals import Refusal
from members import books
from members.programme.versions import Version, in_force
from members.referral_codes import by_code, read, terms_of
from members.referral_tables import Brought, Referral
from members.tables import FactRow
from rewards.referrals import Offer, Step, purchases, steps

Recorder = Callable[[Session, Sequence[Fact], datetime], object]
Named = tuple[UUID, str, str, datetime]
GENERATIONS_MAX = 1000
COMMITTING = timedelta(minutes=1)  # for how long a transaction may be under way that a look does not see
ORDERS = ("order.paid", "order.refunded", "order.cancelled")


def bring(
    session: Session, friend_id: UUID, typed: str, way: str, at: datetime, now: datetime, record: Recorder
) -> Referral:
    """Put a member down to whoever shared the code, once and for good.

    `way` is `link`, `code` or `order`, `at` when the code was named. Refuses a code that leads nowhere, one's own, a
    second one, one that comes too late (`referrals.late_days` after joining), and a circle: nobody is brought by
    somebody whom they have brought.
    """
    link = by_code(session, typed)
    offer, version = terms_of(link.terms), in_force(session, now)
    if link.member_id == friend_id:
        raise Refusal("code_own", N_("This is your own code. It is for your friends."), path="code")
    if offer.closes and now >= offer.closes:
        raise Refusal("offer_over", N_("This invitation is over."), path="code")
    books.lock(session, {friend_id, _root(session, link.member_id)})
    if session.get(Brought, friend_id, populate_existing=True):
        raise Refusal("brought_already", N_("You came on somebody's invitation already."), path="code")
    if _root(session, link.member_id) == friend_id:
        raise Refusal(
            "code_circle", N_("You have brought whoever shared this, or who brought them."), path="code"
        )
    came_at = _came_at(session, friend_id, version, at)
    referral_id = id_for(now, friend_id.hex, link.code)
    found = Referral(member_id=link.member_id, referral_id=referral_id, friend_id=friend_id, code=link.code,
                     offer=link.offer, terms=link.terms, way=way, came_at=came_at)  # fmt: skip
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


def bring_named(session: Session, ones: Iterable[Named], now: datetime, record: Recorder) -> None:
    """Put down whoever named a code that is good for them. What is not is no fault of the fact."""
    for member_id, code, way, at in ones:
        with suppress(Refusal):
            bring(session, member_id, code, way, at, now, record)


def _root(session: Session, member_id: UUID) -> UUID:
    """Who stands at the beginning of the line of those who brought each other."""
    for _ in range(GENERATIONS_MAX):
        row = session.get(Brought, member_id)
        if row is None:
            break
        member_id = row.sharer_id
    return member_id


def _came_at(session: Session, friend_id: UUID, version: Version, at: datetime) -> datetime:
    """When the friend joined, or named the code before they did; refuses one who had been here for too long."""
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
    return joined


def follow(session: Session, members: Iterable[UUID], now: datetime, record: Recorder) -> int:
    """Post what is different for those of `members` who were brought by somebody; returns how many were looked at."""
    query = select(Brought).where(col(Brought.member_id).in_(list(members))).order_by(col(Brought.member_id))
    brought = session.exec(query.execution_options(populate_existing=True)).all()
    if not brought:
        return 0
    books.lock(session, {one for row in brought for one in (row.member_id, row.sharer_id)})
    facts = _facts(session, [row.member_id for row in brought])
    news: list[Fact] = []
    for row in brought:
        found = session.get(Referral, (row.sharer_id, row.referral_id), populate_existing=True)
        if found:
            news += _difference(session, found, facts.get(row.member_id, []), now)
        row.seen_until = now - COMMITTING
        session.add(row)
    session.flush()
    if news:
        record(session, news, now)
    return len(brought)


def _facts(session: Session, members: Sequence[UUID]) -> dict[UUID, list[Fact]]:
    rows = session.exec(
        select(FactRow).where(col(FactRow.member_id).in_(members), col(FactRow.type).in_(ORDERS))
    ).all()
    found: dict[UUID, list[Fact]] = {}
    for row in rows:
        fact = Fact(row.source, row.fact_id, row.type, row.occurred_at, "", json.loads(row.data))
        found.setdefault(row.member_id, []).append(fact)
    return found


def _difference(session: Session, found: Referral, facts: Sequence[Fact], now: datetime) -> list[Fact]:
    """The facts that bring a referral from what was said to what should stand."""
    offer, version = terms_of(found.terms), in_force(session, now)
    least = minor(offer.order_min, version.digits)
    late = version.programme.referrals.late_days
    wanted, reason = steps(offer, late, least, found.came_at, purchases(events(facts)), version)
    if (
        any(one.kind == "rewarded" for one in wanted)
        and found.paid_at is None
        and _full(session, found, offer)
    ):
        reason = "full"
    if reason == "full" or found.reason == "full":
        wanted, reason = [one for one in wanted if one.kind != "rewarded"], "full"
    said: list[list[Any]] = json.loads(found.said)
    there, should = {tuple(one[1:]): one[0] for one in said}, {_told(one): one for one in wanted}
    news = [_undone(found, number, told[1], now) for told, number in there.items() if told not in should]
    kept = [[number, *told] for told, number in there.items() if told in should]
    for told, step in should.items():
        if told not in there:
            found.number += 1
            kept.append([found.number, *told])
            news.append(_fact(found, found.number, step, offer))
    if any(one.kind == "rewarded" for one in wanted):
        found.paid_at = found.paid_at or now
    found.said, found.reason = json.dumps(kept), reason
    session.add(found)
    return news


def _full(session: Session, found: Referral, offer: Offer) -> bool:
    """Whether its sharer was paid for as many friends as the offer pays for. Decided once, first come."""
    if offer.per_member is None:
        return False
    paid = select(func.count()).where(
        Referral.member_id == found.member_id,
        Referral.offer == found.offer,
        col(Referral.paid_at).is_not(None),
    )
    return session.exec(paid).one() >= offer.per_member


def _told(step: Step) -> tuple[Any, ...]:
    """A step as it is kept."""
    active = step.active_from.isoformat() if step.active_from else ""
    return (step.kind, step.side, step.at.isoformat(), step.about, step.order, active)


def _fact(found: Referral, number: int, step: Step, offer: Offer) -> Fact:
    data: dict[str, Any] = {"referral": found.referral_id.hex, "step": str(number)}
    if step.order:
        data["order"] = step.order
    if step.kind == "rewarded":
        share = offer.sharer if step.side == "sharer" else offer.friend
        assert share is not None
        data |= {"side": step.side, "offer": offer.slug, "points": share.points}
        data |= {"promotional": True} if share.promotional else {}
        data |= {"expires_days": share.expires_days} if share.expires_days else {}
        data |= {"active_from": step.active_from.isoformat()} if step.active_from else {}
    whose = found.member_id if step.side == "sharer" else found.friend_id
    return Fact(OWN_SOURCE, f"referral:{found.referral_id.hex}:{number}", f"referral.{step.kind}", step.at,
                f"member:{whose}", data)  # fmt: skip


def _undone(found: Referral, number: int, side: str, now: datetime) -> Fact:
    whose = found.member_id if side == "sharer" else found.friend_id
    data = {"referral": found.referral_id.hex, "step": str(number)}
    return Fact(OWN_SOURCE, f"referral:{found.referral_id.hex}:{number}:cancelled", "referral.cancelled", now,
                f"member:{whose}", data)  # fmt: skip
