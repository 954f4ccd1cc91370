"""What a member brings along from another programme: a balance in lots, a tier, and what happened there. Pure.

Nothing of it is earned here: it climbs no tier and moves no badge. A tier that came over is lent until its day; what is
earned here counts beside it. What happened there is told, and is worth nothing: the balance has it in it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from facts.dates import day_of
from facts.history import Event
from rewards import pins, tiers
from rewards.lots import EARNED, LotState, rank_of
from rewards.terms import Terms, expiry_of

if TYPE_CHECKING:
    from rewards.fold import Fold

KIND, PAST, BROUGHT = "imported", "past", "brought"


def _balance(fold: Fold, event: Event, terms: Terms) -> None:
    """Open the lots, each with its dates and its place in the order of burning."""
    at, source, fact_id = event.key
    for number, one in enumerate(event.data["lots"]):
        cause, points = f"import|{source}|{fact_id}|{number}", one["points"]
        active = datetime.fromisoformat(one["active_from"]) if one.get("active_from") else at
        since = datetime.fromisoformat(one["since"]) if one.get("since") else at
        expires = None if one.get("lasts") else expiry_of(day_of(at, terms.zone), None, terms)
        if one.get("expires_at"):
            expires = datetime.fromisoformat(one["expires_at"])
        rank = rank_of(since, source, fact_id, f"{number:04}")
        lot = LotState(cause, EARNED, points, points, bool(one.get("promotional")), at, active, expires, rank)
        fold.open(lot, at)
        why = {"k": KIND, "points": points}
        fold.post(cause, KIND, points, at, why, "", terms.number, active, expires)


def _tier(fold: Fold, event: Event, terms: Terms) -> None:
    """Lend the tier; one that the programme does not have (any more), or that is held already, changes nothing."""
    said = event.data.get("until")
    until = date.fromisoformat(said).toordinal() if said else None
    before = tiers.held(fold.climb, terms)
    tiers.lend(fold.climb, event.data["tier"], until, event.at, terms)
    pins.moved(fold, before, event.at, BROUGHT, terms)


def _entry(fold: Fold, event: Event, terms: Terms) -> None:
    _, source, fact_id = event.key
    why = {"k": PAST, "then": event.data["points"], "reason": event.data.get("reason", "")}
    if event.data.get("salt"):
        why["salt"] = event.data["salt"]
    fold.post(f"import|{source}|{fact_id}", KIND, 0, event.at, why, "", terms.number)


KINDS: dict[str, Callable[[Fold, Event, Terms], None]] = {
    "import.balance": _balance,
    "import.tier": _tier,
    "import.entry": _entry,
}
