"""What friends bring: their purchases are followed, and both accounts get and lose what follows from them.

What should stand follows from the friend's facts (`rewards.referrals.steps`); what stands is kept with the referral.
`follow` posts the difference: what is so no longer as cancelled, then new steps, on both accounts at once. Only what
was recorded is kept: what an account refuses, since it has left or its points are spent, is tried again later.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from facts.events import OWN_SOURCE, Fact
from facts.history import events
from facts.money import minor
from members import books, closing, funnel, referral_milestones, referral_vouchers, suspecting
from members.merged import Record, one_person
from members.parts import parts
from members.programme.versions import Timeline, versions
from members.referral_codes import terms_of
from members.referral_lives import Known, known
from members.referral_tables import AGAIN, Brought, Referral
from members.tables import FactRow, Outbox
from rewards.referrals import Offer, Step, period_of, purchases, steps

COMMITTING = timedelta(minutes=1)  # for how long a transaction may be under way that a look does not see

Told = tuple[Any, ...]


def follow(session: Session, members: Iterable[UUID], now: datetime, record: Record) -> int:
    """Post what is different for those of `members` who were brought by somebody; returns how many were looked at."""
    rows = _rows(session, members)
    if not rows:
        return 0
    accounts = books.lock(session, {one for row in rows for one in (row.member_id, row.sharer_id)})
    states = {key: closing.closed(account.standing.state) for key, account in accounts.items()}
    erased = {key for key, why in states.items() if why == closing.ERASED}
    for row in rows:
        row.seen_until = now - COMMITTING
        session.add(row)
    session.flush()  # before anything is read: whoever wants them looked at again from now on waits for this look
    of, line = known(session, rows), versions(session)
    found = [
        _difference(session, row, of[row.member_id], line, now, erased)
        for row in rows
        if row.member_id in of and row.member_id not in erased
    ]
    session.flush()
    _post(session, [one for one in found if one.undone or one.new], now, record)
    funnel.settle(session, [one.found for one in found])
    for one in found:
        one.note()
        referral_vouchers.settle(session, one.row, one.found, one.offer, now)
    session.flush()
    referral_milestones.follow(session, [one.row for one in found], now, record)
    _tell(session, found, now)
    return len(rows)


def brought(session: Session, members: Iterable[UUID]) -> list[UUID]:
    """Those of `members`, and of what became part of their accounts, who were brought by somebody."""
    return [row.member_id for row in _rows(session, members)]


def _rows(session: Session, members: Iterable[UUID]) -> Sequence[Brought]:
    asked = list(members)
    theirs = col(Brought.member_id).in_([*asked, *parts(session, asked)])
    query = select(Brought).where(theirs).order_by(col(Brought.member_id))
    return session.exec(query.execution_options(populate_existing=True)).all()


@dataclass(slots=True)
class Difference:
    """What is to be said of a referral: `there` stands now, `undone` and `new` are what should not and should.

    `before` is the reason why nothing was paid until now.
    """

    row: Brought
    found: Referral
    offer: Offer
    there: dict[Told, int]
    undone: dict[Told, int]
    new: dict[Told, Step]
    before: str = ""
    numbers: dict[Told, int] = field(default_factory=dict[Told, int])

    def cancellations(self, now: datetime) -> Iterator[Fact]:
        """What is so no longer."""
        for told, number in self.undone.items():
            yield _undone(self.found, number, told[1], now)

    def news(self, refused: set[str]) -> Iterator[Fact]:
        """What is new. Where the old could not be cancelled, what would stand in for it waits."""
        held = {told[:2] for told, number in self.undone.items() if _undone_id(self.found, number) in refused}
        for told, step in self.new.items():
            if told[:2] not in held:
                self.numbers[told] = self.found.number + len(self.numbers) + 1
                yield _fact(self.found, self.numbers[told], step, self.offer)

    def settle(self, session: Session, refused: set[str]) -> None:
        """Keep what stands by now. As long as anything was refused, it is looked at again."""
        stuck = {told for told, number in self.undone.items() if _undone_id(self.found, number) in refused}
        kept = {
            told: number for told, number in self.there.items() if told not in self.undone or told in stuck
        }
        stood = {
            told: number for told, number in self.numbers.items() if _id(self.found, number) not in refused
        }
        self.found.said = json.dumps([[number, *told] for told, number in (kept | stood).items()])
        self.found.number = max(self.found.number, *stood.values(), 0)
        if stuck or len(stood) < len(self.new):
            self.row.seen_until = AGAIN
        session.add_all((self.found, self.row))

    def note(self) -> None:
        """Keep with the referral what follows from the steps that stand: whether it counts, and what it brings."""
        said: list[list[Any]] = json.loads(self.found.said)
        paid = [one for one in said if one[1] == "rewarded"]
        mine = (
            self.offer.sharer.points if self.offer.sharer and any(one[2] == "sharer" for one in paid) else 0
        )
        at = [datetime.fromisoformat(one[3]) for one in paid]
        sure = [datetime.fromisoformat(one[6] or one[3]) for one in paid]
        self.found.counts_at, self.found.sure_at = min(at, default=None), max(sure, default=None)
        self.found.earned = mine


def _post(session: Session, found: Sequence[Difference], now: datetime, record: Record) -> None:
    if not found:
        return
    refused = _recorded(session, [fact for one in found for fact in one.cancellations(now)], now, record)
    refused |= _recorded(session, [fact for one in found for fact in one.news(refused)], now, record)
    for one in found:
        one.settle(session, refused)
    session.flush()


def _recorded(session: Session, facts: Sequence[Fact], now: datetime, record: Record) -> set[str]:
    """Record facts; returns the ids of those that were refused, which may come again."""
    outcomes = record(session, facts, now) if facts else ()
    return {fact.id for fact, outcome in zip(facts, outcomes, strict=True) if outcome.status == "refused"}


def _tell(session: Session, found: Sequence[Difference], now: datetime) -> None:
    """Open pages of both hear of what is paid or not for another reason by now, though nothing was posted."""
    quiet = [one.found for one in found if one.before != one.found.reason and not (one.undone or one.new)]
    both = sorted({account.hex for one in quiet for account in (one.member_id, one.friend_id)})
    if both:
        session.add(Outbox(members=" ".join(both), at=now))


def _difference(
    session: Session, row: Brought, of: Known, line: Timeline, now: datetime, erased: set[UUID]
) -> Difference:
    """What is between that which was said of a referral and what should stand. Of who is erased nothing is said."""
    found, before = of.found, of.found.reason
    offer = terms_of(found.terms)
    wanted, found.reason = _wanted(session, row, of, offer, line, now)
    paid_side = "sharer" if offer.sharer else "friend"
    if any((one.kind, one.side) == ("rewarded", paid_side) for one in wanted):
        found.paid_at = found.paid_at or now
    session.add(found)
    said: list[list[Any]] = json.loads(found.said)
    silent = {"sharer"} if found.member_id in erased else set[str]()
    there: dict[Told, int] = {tuple(one[1:]): one[0] for one in said}
    should = {_told(one): one for one in wanted if one.side not in silent}
    undone = {told: number for told, number in there.items() if told not in should and told[1] not in silent}
    new = {told: step for told, step in should.items() if told not in there}
    return Difference(row, found, offer, there, undone, new, before)


def _wanted(
    session: Session, row: Brought, of: Known, offer: Offer, line: Timeline, now: datetime
) -> tuple[list[Step], str]:
    """What should stand by the rules of when the friend came, and why nothing is paid."""
    if of.sharer[0] == of.friend[0]:
        return [], "same"
    found, facts = of.found, of.facts
    signed = [
        one.occurred_at for one in facts if one.member_id == row.member_id and one.type == "member.signed_up"
    ]
    row.came_at = found.came_at = min((found.came_at, *signed))
    version = line.at(found.came_at)
    made = purchases(events(_fact_of(one) for one in facts if one.type != "member.signed_up"))
    least, late = minor(offer.order_min, version.digits), version.programme.referrals.late_days
    life = suspecting.Life(facts, made)
    signals = version.programme.referrals.signals
    suspicion = suspecting.look(session, found, of.friend, of.sharer, life, signals)
    wanted, reason = steps(offer, late, least, found.came_at, made, version)
    wanted, held = suspecting.judge(suspicion, wanted, signals, now)
    if held:
        return wanted, held
    paid = any((one.kind, one.side) == ("rewarded", "sharer") for one in wanted)
    if found.reason == "full" or (paid and found.paid_at is None and _full(session, found, offer, line)):
        return [one for one in wanted if (one.kind, one.side) != ("rewarded", "sharer")], "full"
    return wanted, reason


def _fact_of(row: FactRow) -> Fact:
    return Fact(row.source, row.fact_id, row.type, row.occurred_at, "", json.loads(row.data))


def _full(session: Session, found: Referral, offer: Offer, line: Timeline) -> bool:
    """Whether its sharer was paid for as many friends as the offer pays for: at all, or of those who came in the same
    period. Decided once, first come.
    """
    most = offer.per_member
    if most is None:
        return False
    paid = select(func.count()).where(
        col(Referral.member_id).in_(one_person(session, found.member_id)),
        Referral.offer == found.offer,
        col(Referral.paid_at).is_not(None),
    )
    if isinstance(most, int):
        return session.exec(paid).one() >= most
    first, after = period_of(most, found.came_at, line.at(found.came_at).zone)
    within = paid.where(col(Referral.came_at) >= first, col(Referral.came_at) < after)
    return session.exec(within).one() >= most.friends


def _told(step: Step) -> Told:
    """A step as it is kept."""
    active = step.active_from.isoformat() if step.active_from else ""
    return (step.kind, step.side, step.at.isoformat(), step.about, step.order, active)


def _id(found: Referral, number: int) -> str:
    return f"referral:{found.referral_id.hex}:{number}"


def _undone_id(found: Referral, number: int) -> str:
    return f"{_id(found, number)}:cancelled"


def _fact(found: Referral, number: int, step: Step, offer: Offer) -> Fact:
    data: dict[str, Any] = {"referral": found.referral_id.hex, "step": str(number)}
    if step.order:
        data["order"] = step.order
    if step.kind == "rewarded":
        share = offer.sharer if step.side == "sharer" else offer.friend
        assert share is not None
        data |= {"side": step.side, "offer": offer.slug, "points": share.points}
        data |= {"reward": share.reward} if share.reward else {}
        data |= {"promotional": True} if share.promotional else {}
        data |= {"expires_days": share.expires_days} if share.expires_days else {}
        data |= {"active_from": step.active_from.isoformat()} if step.active_from else {}
    whose = found.member_id if step.side == "sharer" else found.friend_id
    return Fact(OWN_SOURCE, _id(found, number), f"referral.{step.kind}", step.at, f"member:{whose}", data)


def _undone(found: Referral, number: int, side: str, now: datetime) -> Fact:
    whose = found.member_id if side == "sharer" else found.friend_id
    data = {"referral": found.referral_id.hex, "step": str(number)}
    return Fact(OWN_SOURCE, _undone_id(found, number), "referral.cancelled", now, f"member:{whose}", data)
