"""What a level gives by itself: once to whoever comes there, and for each order. Pure; works on a member's fold.

What is given once in a member's life (`entry`) is posted under `tier|<level>|<source>|<fact id>`: should the fact that
led there go, another one may lead there later, and gives it then. What is given per order is posted under
`order|<source>|<fact id>|tier:<level>`. Neither climbs a tier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from facts.dates import day_of
from facts.history import Event
from facts.money import minor
from rewards.lots import EARNED, LotState, rank_of
from rewards.terms import Terms, expiry_of
from rewards.tier_document import Level
from rewards.waiting import active_from

if TYPE_CHECKING:
    from rewards.fold import Fold

ENTRY, PER_ORDER = "tier_entry", "tier_order"
CAUSE = "tier|"


def welcome(fold: Fold, event: Event, level: Level, terms: Terms) -> None:
    """Give what a level gives once in a member's life."""
    if level.entry is None or level.slug in fold.climb.welcomed:
        return
    fold.climb.welcomed = [*fold.climb.welcomed, level.slug]
    entry = level.entry
    why = {"k": ENTRY, "points": entry.points, "tier": level.slug}
    if entry.reward:
        why["reward"] = entry.reward
    _, source, fact_id = event.key
    cause = f"{CAUSE}{level.slug}|{source}|{fact_id}"
    _give(fold, cause, event, level, why, terms, entry.promotional, entry.expires_days)


def per_order(fold: Fold, event: Event, level: Level, terms: Terms) -> None:
    """Give what the level of a member gives for each of their orders, if the order is large enough."""
    given, order = level.per_order, event.order
    if given is None or order is None or order.amount < max(1, minor(given.order_min, terms.digits)):
        return
    _, source, fact_id = event.key
    why = {"k": PER_ORDER, "points": given.points, "tier": level.slug}
    _give(fold, f"order|{source}|{fact_id}|tier:{level.slug}", event, level, why, terms)


def _give(fold: Fold, cause: str, event: Event, level: Level, why: dict[str, Any], terms: Terms,
          promotional: bool = False, expires_days: int | None = None) -> None:  # fmt: skip
    """Open the lot and post the entry. The points wait as long as those of an order do."""
    (at, source, fact_id), points = event.key, int(why["points"])
    if not points:
        fold.post(cause, "earned", 0, at, why, "", terms.number)
        return
    active = active_from(event, None, terms, why)
    expires = expiry_of(day_of(at, terms.zone), expires_days, terms)
    rank = rank_of(at, source, fact_id, f"tier:{level.slug}")
    fold.open(LotState(cause, EARNED, points, points, promotional, at, active, expires, rank), at)
    fold.post(cause, "earned", points, at, why, "", terms.number, active, expires)
