"""How a member stands at a moment: what they can spend, what is on its way, and what the tiers ask of them.

Two rows' worth of reading (the standing and the open lots), and then the engine itself runs on to the moment in
question, so that what a card, the API or an export says is what the engine will do on that date.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, select

from facts.ids import MemberId
from facts.money import Rounding, minor, ratio
from members.books import Account, fold_of, read_lots
from members.intake import identity_key
from members.programme.versions import Timeline, Version, versions
from members.tables import Identity, Standing
from rewards import tiers
from rewards.dates import day_of
from rewards.document import Level
from rewards.lots import DEBT, EARNED, HELD, LotState, spendable
from rewards.tiers import Ahead

Moments = list[tuple[datetime, int]]


@dataclass(frozen=True, slots=True)
class MemberStanding:
    """A member at a moment. Points are whole, `money_value` is in minor units of the programme's currency.

    `pending` comes with the moments it turns active, `expiring` with the moments it is lost, soonest first.
    """

    member_id: MemberId
    available: int
    pending: int
    held: int
    debt: int
    money_value: int
    level: Level
    tier_until: date | None
    to_next: Ahead | None
    to_stay: Ahead | None
    activating: Moments
    expiring: Moments
    version: Version


def member_of(session: Session, source: str, subject: str) -> MemberId | None:
    """The member whom a subject names, in the eyes of `source`; None when it names nobody."""
    kind, _, value = subject.partition(":")
    if kind == "member":
        try:
            wanted = UUID(value)
        except ValueError:
            return None
        found = session.exec(select(Standing.member_id).where(Standing.member_id == wanted)).first()
    else:
        key = identity_key(source, subject)
        found = session.exec(select(Identity.member_id).where(Identity.key == key)).first()
    return MemberId(found) if found else None


def standing_of(
    session: Session, member_id: UUID, now: datetime, line: Timeline | None = None
) -> MemberStanding | None:
    """How a member stands at `now`; None when there is no such member. `line` spares a query to who has it."""
    row = session.get(Standing, member_id)
    if row is None:
        return None
    line = line or versions(session)
    account = Account(row)
    read_lots(session, [account])
    fold = fold_of(row.state, line)
    fold.lots = account.lots
    fold.expiry_due = fold.next_expiry()
    fold.advance(now)
    terms, day = line.at(now), day_of(now, line.at(now).zone)
    lots = list(fold.lots.values())
    available = sum(lot.remaining for lot in spendable(lots, now))
    waiting = [lot for lot in lots if lot.kind == EARNED and lot.remaining > 0 and lot.active_from > now]
    value, until = terms.points.value, fold.climb.until
    return MemberStanding(
        member_id=MemberId(member_id),
        available=available,
        pending=sum(lot.remaining for lot in waiting),
        held=sum(lot.remaining for lot in lots if lot.kind == HELD),
        debt=-sum(lot.remaining for lot in lots if lot.kind == DEBT),
        money_value=ratio(available * minor(value.money, terms.digits), value.points, Rounding.DOWN),
        level=terms.tiers.levels[terms.tiers.index(fold.climb.tier)],
        tier_until=date.fromordinal(until) if until else None,
        to_next=tiers.to_next(fold.climb, day, terms),
        to_stay=tiers.to_stay(fold.climb, day, terms),
        activating=_by_moment([(lot.active_from, lot) for lot in waiting]),
        expiring=_by_moment(
            [(lot.expires_at, lot) for lot in lots if lot.kind == EARNED and lot.remaining > 0]
        ),
        version=terms,
    )


def _by_moment(pairs: list[tuple[datetime | None, LotState]]) -> Moments:
    sums: Counter[datetime] = Counter()
    for moment, lot in pairs:
        if moment:
            sums[moment] += lot.remaining
    return sorted(sums.items())
