"""Levels that staff give by hand until a day. Pure; works on a member's fold.

A pinned level is held beside what is earned, which goes on by itself meanwhile, downgrades included. When the pin is
over, or taken off, the member has what is their own by then. The later of two pins holds; of those of two accounts
that became one, the higher one does until it is over, and then the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from facts.dates import day_of, midnight
from facts.history import Event
from rewards import perks, tiers
from rewards.effects import TierMove
from rewards.terms import Terms, TermsLine
from rewards.tiers import Climb

if TYPE_CHECKING:
    from rewards.fold import Fold

PINNED, OVER = "pinned", "pin_over"


def _pin(fold: Fold, event: Event, terms: Terms) -> None:
    """Give a level; one that the programme does not have (any more), or whose last day is over, changes nothing."""
    said = event.data
    until = last_day(said)
    level = next((one for one in terms.tiers.levels if one.slug == said["tier"]), None)
    if level is None or (until is not None and until < day_of(event.at, terms.zone)):
        return
    _change(fold, [[level.slug, until, event.at.isoformat()]], event.at, PINNED, terms)
    if level.invite_only:
        perks.welcome(fold, event, level, terms)


def _unpin(fold: Fold, event: Event, terms: Terms) -> None:
    _change(fold, [], event.at, OVER, terms)


def last_day(said: dict[str, Any]) -> int | None:
    """The last day that a level was given or lent for; None for no end."""
    return date.fromisoformat(said["until"]).toordinal() if said.get("until") else None


KINDS: dict[str, Callable[[Fold, Event, Terms], None]] = {
    "tier.pinned": _pin,
    "tier.unpinned": _unpin,
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
    return end_of(fold.climb.pin, fold.line)


def end_of(pin: Sequence[Any], line: TermsLine) -> datetime | None:
    """When a pin is over by the clock of the shop as it was when it was given; None where it has no end."""
    _, until, since = pin
    return None if until is None else midnight(until + 1, line.at(datetime.fromisoformat(since)).zone)


def given(climb: Climb) -> list[list[Any]]:
    """All that staff gave and that is not over or taken off: first the one that holds, then those beneath it."""
    return [climb.pin, *climb.beneath] if climb.pin else []


def settle(fold: Fold, at: datetime, terms: Terms) -> bool:
    """Take the pin off when its time is over; returns whether it was."""
    if over_at(fold) != at:
        return False
    hold(fold, given(fold.climb), at, OVER, terms)
    return True


def hold(fold: Fold, pins: Sequence[list[Any]], at: datetime, reason: str, terms: Terms) -> None:
    """Let the highest hold of those that are not over, of equal ones the one that lasts longest."""
    ends = [(pin, end_of(pin, fold.line)) for pin in pins]
    left = [pin for pin, end in ends if end is None or end > at]
    left.sort(key=lambda pin: (terms.tiers.index(pin[0]), pin[1] is None, pin[1] or 0, pin[2]), reverse=True)
    _change(fold, left, at, reason, terms)


def _change(fold: Fold, pins: list[list[Any]], at: datetime, reason: str, terms: Terms) -> None:
    before = tiers.held(fold.climb, terms)
    fold.climb.pin, fold.climb.beneath = (pins[0], pins[1:]) if pins else ([], [])
    moved(fold, before, at, reason, terms)


def moved(fold: Fold, before: int, at: datetime, reason: str, terms: Terms) -> None:
    """Say that the level which a member has is another one than `before`, by its place on the ladder; if it is."""
    levels, now = terms.tiers.levels, tiers.held(fold.climb, terms)
    if now != before:
        fold.moves.append(TierMove(at, levels[now].slug, levels[before].slug, reason))
