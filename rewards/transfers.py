"""Points that move from one account to another, because both are of one person: what is one's loss is the other's gain.

The fact says how many points, and in which lots: decided when the accounts were merged, and kept. Where less is left by
now, since an order was returned, what is missing is a debt of the account that they left. It goes on too, and is a
shortfall like any other there. Lots that `stays` go under causes of their own, since nobody may give them away.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from facts.history import Event
from rewards.lots import EARNED, NEVER, POINTS, LotState, rank_of
from rewards.terms import Terms

KIND = "transferred"
STAYS = "moved"  # how the cause of a lot begins that is never given; of others: `transfer`


def transfer(
    fold: Any, event: Event, terms: Terms, short: Callable[[int, str, datetime, Terms, str], None]
) -> None:
    """Take `points` out of all lots of a wallet, pending ones included, or open `lots` as they were elsewhere."""
    _, source, fact_id = event.key
    cause, points = f"transfer|{source}|{fact_id}", event.data["points"]
    wallet = event.data.get("wallet") or POINTS
    if points < 0:
        why = {"k": KIND, "points": points}
        fold.post(cause, KIND, points, event.at, why, "", terms.number, wallet=wallet)
        left = -points
        for lot in sorted((one for one in fold.lots.values() if one.wallet == wallet), key=_order):
            if left and lot.kind == EARNED and lot.remaining > 0 and event.at < (lot.expires_at or NEVER):
                taken = min(left, lot.remaining)
                lot.draw(cause, event.at, taken)
                left -= taken
        if event.data.get("owes"):
            fold.owe(left, cause, event.at, wallet)
        else:
            short(left, cause, event.at, terms, wallet)
        return
    for number, one in enumerate(event.data["lots"]):
        name = f"{STAYS if one.get('stays') else 'transfer'}|{source}|{fact_id}|{number}"
        active = datetime.fromisoformat(one["active_from"]) if one.get("active_from") else event.at
        expires = datetime.fromisoformat(one["expires_at"]) if one.get("expires_at") else None
        rank = one.get("rank") or rank_of(event.at, source, fact_id, str(number))
        amount, promotional = one["points"], bool(one.get("promotional"))
        lot = LotState(
            name, EARNED, amount, amount, promotional, event.at, active, expires, rank, wallet=wallet
        )
        fold.open(lot, event.at)
        fold.post(name, KIND, one["points"], event.at, {"k": KIND, "points": one["points"]}, "", terms.number, active,
                  expires, wallet)  # fmt: skip


def _order(lot: LotState) -> tuple[bool, datetime, str, str]:
    return lot.order
