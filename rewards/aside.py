"""Points that are set aside: for a reward until it is handed over, for an order until it is
placed, or for a gift until it is taken. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from facts.dates import day_of
from facts.history import Event
from facts.language import N_
from facts.refusals import Refusal
from rewards.lots import EARNED, HELD, POINTS, LotState, burn, rank_of
from rewards.terms import Terms, expiry_of

if TYPE_CHECKING:
    from rewards.fold import Fold

CHOSEN = "chosen"


def redeem(fold: Fold, event: Event, terms: Terms) -> None:
    """Give points for a reward: at once, or set aside until it is handed over."""
    if event.data.get("held"):
        hold(fold, event, terms)
        return
    _, source, _ = event.key
    what, note = _what_for(event)
    if event.data.get("brings"):
        bring(fold, event, terms)
        return
    fold.spend(f"spend|{source}|{what}", event.data["points"], event.at, terms, note)


def bring(fold: Fold, event: Event, terms: Terms) -> None:
    """Open the points that were chosen: promotional ones, which last so long as the fact says."""
    at, source, fact_id = event.key
    points, cause = event.data["brings"], f"{CHOSEN}|{source}|{fact_id}"
    expires = expiry_of(day_of(at, terms.zone), event.data.get("lasts_days"), terms)
    fold.open(
        LotState(cause, EARNED, points, points, True, at, at, expires, rank_of(at, source, fact_id, "")), at
    )
    why = {"k": CHOSEN, "points": points, "reward": event.data["reward"]}
    fold.post(cause, "earned", points, at, why, "", terms.number, at, expires)


def hold(fold: Fold, event: Event, terms: Terms, first: Iterable[LotState] = ()) -> None:
    """Set points aside, of the lots `first` before others; they are spent when the event is settled, if it is."""
    _, source, _ = event.key
    what, note = _what_for(event)
    points, cause, name = event.data["points"], f"hold|{source}|{what}", what.partition(":")[2]
    wallet = event.data.get("wallet") or POINTS
    if not terms.spendable(wallet):
        raise Refusal("wallet_stays", N_("This cannot be spent."), status=409)
    left = burn(first, points, cause, event.at, wallet)
    fold.shortfall(burn(fold.lots.values(), left, cause, event.at, wallet), cause, event.at, terms, wallet)
    fold.lots[cause] = LotState(cause, HELD, points, points, False, event.at, event.at, None,
                                rank_of(event.at, source, name, ""), wallet=wallet)  # fmt: skip
    why = {"k": "held", "points": points, **note}
    fold.post(cause, "held", 0, event.at, why, "", terms.number, wallet=wallet)
    if event.settled:
        fold.settlements.append((max(event.settled, event.at), event))
        fold.settlements.sort(key=lambda pair: pair[0])


def settle(fold: Fold, at: datetime, event: Event) -> None:
    """Spend what was set aside."""
    _, source, _ = event.key
    what, note = _what_for(event)
    cause, held = f"spend|{source}|{what}", fold.lots[f"hold|{source}|{what}"]
    held.draw(cause, at, held.remaining)
    kind = "given" if event.type == "gift.given" else "spent"
    why = {"k": kind, "points": held.amount, **note}
    fold.post(cause, kind, -held.amount, at, why, "", fold.line.at(at).number, wallet=held.wallet)


def _what_for(event: Event) -> tuple[str, dict[str, Any]]:
    """What points are for, and what their why says of it."""
    if event.type == "gift.given":
        return f"gift:{event.data['gift_id']}", {"gift": True}
    if event.type == "payment.held":
        return f"payment:{event.data['payment_id']}", {"order": event.data["order_id"]}
    return f"redemption:{event.data['redemption_id']}", {"reward": event.data["reward"]}
