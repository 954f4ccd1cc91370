"""What staff adds to an account or takes off it, with their reason. Pure; works on a member's fold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from facts.dates import day_of
from facts.history import Event
from rewards.lots import EARNED, POINTS, LotState, burn, rank_of
from rewards.terms import Terms, expiry_of

if TYPE_CHECKING:
    from rewards.fold import Fold


def adjust(fold: Fold, event: Event, terms: Terms) -> None:
    """Open a lot, or take from the lots there are; of points, or of the wallet that the fact names."""
    _, source, fact_id = event.key
    points, cause = event.data["points"], f"adjust|{source}|{fact_id}"
    wallet = event.data.get("wallet") or POINTS
    terms = terms.of(wallet)
    why = {"k": "adjusted", "points": points, "reason": event.data["reason"]}
    if event.data.get("salt"):
        why["salt"] = event.data["salt"]
    if points <= 0:
        fold.post(cause, "adjusted", points, event.at, why, "", terms.number, wallet=wallet)
        short = burn(fold.lots.values(), -points, cause, event.at, wallet)
        fold.shortfall(short, cause, event.at, terms, wallet)
        return
    expires = expiry_of(day_of(event.at, terms.zone), None, terms)
    promotional = bool(event.data.get("promotional"))
    lot = LotState(cause, EARNED, points, points, promotional, event.at, event.at, expires,
                   rank_of(event.at, source, fact_id, ""), wallet=wallet)  # fmt: skip
    fold.open(lot, event.at)
    fold.post(cause, "adjusted", points, event.at, why, "", terms.number, event.at, expires, wallet)
