"""What another account of the same person had, beside points and the game: levels that staff gave, levels that were
brought along from another programme, and what was paid for entering levels. Pure; works on a member's fold.

Levels that were earned stay where they were earned.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from facts.dates import day_of
from facts.history import Event
from rewards import pins, tiers
from rewards.brought import BROUGHT
from rewards.terms import Terms

if TYPE_CHECKING:
    from rewards.fold import Fold


def _came_over(fold: Fold, event: Event, terms: Terms) -> None:
    """What was paid there for entering levels is not paid here again; what was brought along to it counts here, and
    what staff gave there holds here.
    """
    climb, said = fold.climb, event.data
    known = climb.welcomed
    climb.welcomed = [*known, *(slug for slug in said.get("welcomed", ()) if slug not in known)]
    if lent := [[one["tier"], pins.last_day(one)] for one in said.get("lent", ())]:
        today, before = day_of(event.at, terms.zone), tiers.held(climb, terms)
        climb.lent_too = [one for one in (*climb.lent_too, *lent) if one[1] is None or today <= one[1]]
        tiers.rise(climb, event.at, terms)
        pins.moved(fold, before, event.at, BROUGHT, terms)
    if given := [[one["tier"], pins.last_day(one), one["since"]] for one in said.get("pins", ())]:
        pins.hold(fold, [*pins.given(climb), *given], event.at, pins.PINNED, terms)


KINDS: dict[str, Callable[[Fold, Event, Terms], None]] = {"game.transferred": _came_over}
