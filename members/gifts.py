"""Gifts as they lie in the books: what may be given of an account, what a day has seen, and where a code leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from facts.dates import day_of, midnight
from facts.language import N_
from facts.refusals import Refusal
from members.books import fold_of
from members.merged import one_person
from members.programme.versions import Timeline, in_force
from members.tables import Member, Standing
from rewards import codes
from rewards.gift_tables import Gift, GiftCode, GiftTaken
from rewards.gifts import Gifts, giveable
from rewards.idle import idle_end
from rewards.lots import EARNED, POINTS, LotState, spendable
from rewards.tables import Lot


class State(StrEnum):
    """Where a gift stands."""

    WAITING = "waiting"
    TAKEN = "taken"
    BACK = "back"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Part:
    """Points of one lot that go into a gift."""

    points: int
    promotional: bool
    expires_at: datetime | None

    @property
    def data(self) -> dict[str, Any]:
        """What a fact says of it."""
        told: dict[str, Any] = {"points": self.points}
        told |= {"promotional": True} if self.promotional else {}
        return told | ({"expires_at": self.expires_at.isoformat()} if self.expires_at else {})


def terms_of(session: Session, now: datetime) -> Gifts:
    """The terms of giving; refuses where nothing can be given."""
    terms = in_force(session, now).programme.gifts
    if terms is None:
        raise Refusal("gifts_off", N_("Points cannot be given here."), status=404)
    return terms


def lots_to_give(
    session: Session, member_id: UUID, terms: Gifts, line: Timeline, now: datetime
) -> list[LotState]:
    """What a member may give now, in the order in which it goes. The caller holds the lock where it matters.

    Points that end by inactivity have the day on which they would end as things stand.
    """
    query = select(Lot).where(
        Lot.member_id == member_id, Lot.kind == EARNED, Lot.wallet == POINTS, col(Lot.remaining) > 0
    )
    found = [
        LotState(lot.cause, lot.kind, lot.amount, lot.remaining, lot.promotional, lot.at, lot.active_from,
                 lot.expires_at, lot.rank)
        for lot in session.exec(query)
    ]  # fmt: skip
    lots = spendable(giveable(found, terms.promotional, line), now)
    return _with_ends(session, member_id, lots, line, now) if line.keeping else lots


def _with_ends(
    session: Session, member_id: UUID, lots: Sequence[LotState], line: Timeline, now: datetime
) -> list[LotState]:
    """The lots in their order, each with its end; without those that are over and still wait for the engine."""
    state = session.exec(select(Standing.state).where(Standing.member_id == member_id)).one()
    active = fold_of(state, line).active
    ends = ((lot, lot.expires_at or idle_end(line, active, lot.at)) for lot in lots)
    return [replace(lot, expires_at=end) for lot, end in ends if end is None or now < end]


def parts(lots: Sequence[LotState], points: int) -> list[Part]:
    """Which of the lots so many points are made of; there are enough of them."""
    found: list[Part] = []
    for lot in lots:
        if points:
            taken = min(points, lot.remaining)
            found.append(Part(taken, lot.promotional, lot.expires_at))
            points -= taken
    return found


def here_since(session: Session, members: Sequence[UUID]) -> datetime:
    """When the first account of a person was opened here."""
    return session.exec(select(func.min(Member.created_at)).where(col(Member.member_id).in_(members))).one()


def insist_known(session: Session, members: Sequence[UUID], terms: Gifts, now: datetime) -> None:
    """Refuses who has not been here for long enough to give."""
    if now < here_since(session, members) + timedelta(days=terms.min_age_days):
        text = N_("Who has been here for {days} days can give points.")
        raise Refusal("gift_too_new", text, status=409, days=terms.min_age_days)


def given_on(session: Session, members: Sequence[UUID], since: datetime) -> int:
    """Points that a person has given since a moment: those that came back do not count."""
    counts = (State.WAITING, State.TAKEN)
    query = select(func.coalesce(func.sum(Gift.points), 0)).where(
        col(Gift.member_id).in_(members), col(Gift.given_at) >= since, col(Gift.state).in_(counts)
    )
    return int(session.exec(query).one())


def taken_on(session: Session, members: Sequence[UUID], since: datetime) -> int:
    """Points that a person has taken since a moment."""
    query = select(func.coalesce(func.sum(GiftTaken.points), 0)).where(
        col(GiftTaken.member_id).in_(members), col(GiftTaken.taken_at) >= since
    )
    return int(session.exec(query).one())


def today(session: Session, now: datetime) -> datetime:
    """When the programme's own day began."""
    zone = in_force(session, now).programme.zone
    return midnight(day_of(now, zone), zone)


def gifts_of(session: Session, member_id: UUID, limit: int = 20) -> list[Gift]:
    """What a person has given lately, the newest first; of accounts that became part of theirs, too."""
    mine = col(Gift.member_id).in_(one_person(session, member_id))
    newest = (col(Gift.given_at).desc(), col(Gift.gift_id))
    return list(session.exec(select(Gift).where(mine).order_by(*newest).limit(limit)))


def by_code(session: Session, typed: str, secret: bytes) -> Gift:
    """The gift that a link leads to. Whatever is wrong with a code is refused in the same words."""
    signs = codes.meant(typed)
    found = session.get(GiftCode, codes.digest(signs, secret)) if signs else None
    gift = session.get(Gift, (found.member_id, found.gift_id)) if found else None
    if gift is None:
        raise unknown()
    return gift


def code_of(gift: Gift, secret: bytes) -> str:
    """The code in the link of a gift that waits; "" for any other."""
    if gift.code_sealed is None or gift.state != State.WAITING:
        return ""
    return codes.opened(gift.code_sealed, f"gift:{gift.gift_id}", secret) or ""


def unknown() -> Refusal:
    """All that is said of a link that leads nowhere, or nowhere any more."""
    return Refusal("gift_unknown", N_("There is no gift here (any more)."), status=404)
