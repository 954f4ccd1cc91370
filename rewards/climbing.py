"""Climbing: an event counts towards the tiers, and tiers end by date alone. Pure; works on a member's fold."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from facts.dates import day_of, midnight
from facts.history import Event
from rewards import perks, pins, tiers
from rewards.effects import TierMove
from rewards.terms import Terms

if TYPE_CHECKING:
    from rewards.fold import Fold


def begin(fold: Fold, at: datetime, terms: Terms) -> None:
    """A member's first event: their first level, and the day from which their own years are counted."""
    if fold.line.by_anniversary and not fold.climb.joined:
        fold.climb.joined = day_of(at, terms.zone)
    tiers.rise(fold.climb, at, terms)


def climb(fold: Fold, event: Event, terms: Terms, points: int) -> None:
    """Count an event that earned `points`; the tier rises at once."""
    spend = max(0, event.order.amount - event.order.points_paid) if event.order else 0
    more = terms.ladder.counted_in(event) if terms.ladder.counts else None
    if not (spend or points or more):
        return
    day = day_of(event.at, terms.zone)
    fold.climb.add(day, spend, points, more)
    fold.climb.forget(day, terms)
    before = tiers.rise(fold.climb, event.at, terms)
    if before:
        fold.climbs.append(fold.climb.tier)
        moved(fold, event.at, before, "reached", terms)
        _welcome(fold, event, before, terms)


def ends_at(fold: Fold) -> datetime | None:
    """When the tier is looked at again by date alone; None when nothing ends."""
    lost = _lost_at(fold)
    if fold.climb.pin:
        return min((at for at in (pins.over_at(fold), lost) if at), default=None)
    return lost


def _lost_at(fold: Fold) -> datetime | None:
    own, line = fold.climb, fold.line
    if own.until is None or own.since is None:
        return None
    terms = line.at(midnight(own.until + 1, line.at(own.since).zone))
    day = tiers.drop_day(own, terms)
    return midnight(day, terms.zone) if day is not None else None


def end(fold: Fold, at: datetime) -> None:
    """Settle what ends at a moment (`ends_at`): the level that staff gave, or the tier that was earned."""
    terms = fold.line.at(at)
    if fold.climb.pin and pins.settle(fold, at, terms):
        return
    if before := tiers.drop(fold.climb, day_of(at, terms.zone), at, terms):
        moved(fold, at, before, "ended", terms)


def moved(fold: Fold, at: datetime, before: str, reason: str, terms: Terms) -> None:
    """Say that the tier that is earned has changed, unless a level that staff gave stays above it."""
    ladder, now = terms.tiers, fold.climb.tier
    if fold.climb.pin:
        pin = ladder.index(fold.climb.pin[0])
        if max(ladder.index(before), ladder.index(now)) < pin or (
            reason == "ended" and ladder.index(before) <= pin
        ):
            return
        now = now if reason == "reached" else ladder.levels[tiers.held(fold.climb, terms)].slug
    fold.moves.append(TierMove(at, now, before, reason))


def _welcome(fold: Fold, event: Event, before: str, terms: Terms) -> None:
    """Give what the levels between give to whoever comes there for the first time."""
    ladder = terms.tiers
    for level in ladder.levels[ladder.index(before) + 1 : ladder.index(fold.climb.tier) + 1]:
        if not level.invite_only:
            perks.welcome(fold, event, level, terms)
