"""Levels that staff give by hand until a day. Pure; works on a member's fold.

A pinned level is held beside what is earned, which goes on by itself meanwhile, downgrades included. When the pin is
over, or taken off, the member has what is their own by then. The later of two pins holds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from facts.dates import day_of, midnight
from facts.history import Event
from rewards import perks, tiers
from rewards.effects import TierMove
from rewards.terms import Terms

if TYPE_CHECKING:
    from rewards.fold import Fold

PINNED, OVER = "pinned", "pin_over"


def _pin(fold: Fold, event: Event, terms: Terms) -> None:
    """Give a level; one that the programme does not have (any more), or whose last day is over, changes nothing."""
    said = event.data
    until = date.fromisoformat(said["until"]).toordinal() if said.get("until") else None
    level = next((one for one in terms.tiers.levels if one.slug == said["tier"]), None)
    if level is None or (until is not None and until < day_of(event.at, terms.zone)):
        return
    _change(fold, [level.slug, until, event.at.isoformat()], event.at, PINNED, terms)
    if level.invite_only:
        perks.welcome(fold, event, level, terms)


def _unpin(fold: Fold, event: Event, terms: Terms) -> None:
    _change(fold, [], event.at, OVER, terms)


def _came_over(fold: Fold, event: Event, terms: Terms) -> None:
    """What was paid for entering levels on another account of the same person is not paid here again."""
    known = fold.climb.welcomed
    fold.climb.welcomed = [*known, *(slug for slug in event.data.get("welcomed", ()) if slug not in known)]


KINDS: dict[str, Callable[[Fold, Event, Terms], None]] = {
    "tier.pinned": _pin,
    "tier.unpinned": _unpin,
    "game.transferred": _came_over,
}


def tier_of(fold: Fold, terms: Terms) -> tuple[str, datetime | None, int | None]:
    """The tier that a member has, since when, and its last day: what staff gave, or what is earned."""
    climb = fold.climb
    if not tiers.pinned(climb, terms):
        return climb.tier, climb.since, climb.until
    slug, until, since = climb.pin
    return slug, datetime.fromisoformat(since), until


def over_at(fold: Fold) -> datetime | None:
    """When the pin is over; None where it has no end."""
    _, until, since = fold.climb.pin
    if until is None:
        return None
    return midnight(until + 1, fold.line.at(datetime.fromisoformat(since)).zone)


def settle(fold: Fold, at: datetime, terms: Terms) -> bool:
    """Take the pin off when its time is over; returns whether it was."""
    if over_at(fold) != at:
        return False
    _change(fold, [], at, OVER, terms)
    return True


def _change(fold: Fold, pin: list[str | int | None], at: datetime, reason: str, terms: Terms) -> None:
    levels, before = terms.tiers.levels, tiers.held(fold.climb, terms)
    fold.climb.pin = pin
    now = tiers.held(fold.climb, terms)
    if now != before:
        fold.moves.append(TierMove(at, levels[now].slug, levels[before].slug, reason))
