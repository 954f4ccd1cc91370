"""Points that move from one account to another, because both are of one person: what is one's loss is the other's gain.

The fact says how many points, and in which lots: decided when the accounts were merged, and kept. Where less is left by
now, since an order was returned, what is missing is a debt of the account that they left. It goes on too, and is a
shortfall like any other there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from facts.history import Event
from rewards.lots import EARNED, NEVER, LotState, rank_of
from rewards.terms import Terms

KIND = "transferred"


def transfer(
    fold: Any, event: Event, terms: Terms, short: Callable[[int, str, datetime, Terms], None]
) -> None:
    """Take `points` out of all lots, pending ones included, or open `lots` as they were elsewhere."""
    _, source, fact_id = event.key
    cause, points = f"transfer|{source}|{fact_id}", event.data["points"]
    if points < 0:
        fold.post(cause, KIND, points, event.at, {"k": KIND, "points": points}, "", terms.number)
        left = -points
        for lot in sorted(fold.lots.values(), key=_order):
            if left and lot.kind == EARNED and lot.remaining > 0 and event.at < (lot.expires_at or NEVER):
                taken = min(left, lot.remaining)
                lot.draw(cause, event.at, taken)
                left -= taken
        if event.data.get("owes"):
            fold.owe(left, cause, event.at)
        else:
            short(left, cause, event.at, terms)
        return
    for number, one in enumerate(event.data["lots"]):
        name = f"{cause}|{number}"
        active = datetime.fromisoformat(one["active_from"]) if one.get("active_from") else event.at
        expires = datetime.fromisoformat(one["expires_at"]) if one.get("expires_at") else None
        rank = one.get("rank") or rank_of(event.at, source, fact_id, str(number))
        amount, promotional = one["points"], bool(one.get("promotional"))
        lot = LotState(name, EARNED, amount, amount, promotional, event.at, active, expires, rank)
        fold.open(lot, event.at)
        fold.post(name, KIND, one["points"], event.at, {"k": KIND, "points": one["points"]}, "", terms.number, active,
                  expires)  # fmt: skip


def _order(lot: LotState) -> tuple[bool, datetime, str]:
    return lot.order
