"""Points that were away and came back, plainly: which, from when, and until when. They are due some grace.

What was called off did not happen, so its points never left their piles; what follows says that they were away.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.model.arithmetic import left_of
from tests.model.checkout import taken

Fact = dict[str, Any]
BACK = ("refund", "cancel")


def away(place: Fact, points: int, wallet: str, back: Fact, name: str) -> Iterator[Fact]:
    """Points that were taken at a place in history, and came back with another fact that came later."""
    if points > 0 and back["at"] > place["at"]:
        named = {"at": place["at"], "source": place["source"], "id": place["id"], "name": name}
        yield {"type": "away", "points": points, "wallet": wallet, "back": back["at"], **named}


def called_off(fact: Fact, same: list[Fact]) -> Iterator[Fact]:
    """What was given for a reward that was given back, or set aside at a checkout that came to nothing.

    Gifts outlive no points.
    """
    if fact["type"] == "redeem" and not fact.get("gift"):
        kinds, name, wallet = ["cancel-redemption"], f"redemption:{fact['redemption']}", "points"
    elif fact["type"] == "set-aside":
        kinds, name, wallet = ["give-up"], f"payment:{fact['payment']}", fact["wallet"]
        kinds += [] if any(one["type"] == "paid" for one in same) else ["cancel"]
    else:
        return
    news = [one for one in same if one["type"] in kinds and one.get("payment") in (None, fact.get("payment"))]
    for back in news[:1]:
        yield from away(fact, fact["points"], wallet, back, name)


def returned(fact: Fact, same: list[Fact], payment: Fact | None, worth: int) -> Iterator[Fact]:
    """Each return gives back what its order takes less because of it; calling it off, all that is left.

    What was set aside for it is away from then on, also when the order was sent with an earlier time.
    """
    said, refunds = fact["paid"], list[Fact]()
    meant = payment["money"] if said is None and payment else said or 0
    wallet = payment["wallet"] if payment else "points"

    def took() -> tuple[int, int]:
        paid = sum(line["paid"] for line in left_of(fact, meant, refunds))
        beyond = max(0, paid - payment["money"]) if payment else paid
        per = 100 if wallet == "cash" else worth
        return taken(payment, paid) if payment else 0, (2 * beyond * per + 100) // 200

    before = took()
    for number, news in enumerate(one for one in same if one["type"] in BACK):
        refunds += [news] if news["type"] == "refund" else []
        after = took() if news["type"] == "refund" else (0, 0)
        name = f"order:{fact['order']}:{number}"
        yield from away(payment or fact, before[0] - after[0], wallet, news, name)
        yield from away(fact, before[1] - after[1], wallet, news, f"{name}:beyond" if payment else name)
        before = after
        if news["type"] == "cancel":
            return
