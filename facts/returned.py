"""Points that came back: what a redemption or an order gave back when it was called off or returned, and when.

In the history that counts, what was called off did not happen, so its points never left their lots. Whoever wants to
know that they were away in between, and until when, asks here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from facts.events import Fact
from facts.orders import Order, effective, order_of
from facts.payments import HELD, RELEASED, beyond, paid_with, used

RETURNED = "points.returned"  # an event of the history, never a fact
BACK = ("order.refunded", "order.cancelled")

Back = tuple[tuple[datetime, str, str], str, dict[str, Any]]
"""The place in history, `RETURNED`, and what is known of it."""


def given_back(
    fact: Fact, news: Iterable[Fact], payment: Fact | None = None, *, came: bool = False
) -> Iterator[Back]:
    """From where in history points were away that came back `at` a moment: `points`, or what is worth `money` less
    what is worth `kept`, in minor units.

    `name` is unique among what came back of one thing. `news` are in the order of history; `came` says whether the
    order that they are about was ever paid.
    """
    if fact.type == "redemption.made":
        gone = next((other for other in news if other.type == "redemption.cancelled"), None)
        if gone and fact.data["points"]:
            name = f"redemption:{fact.data['redemption_id']}"
            yield fact.key, RETURNED, {"points": fact.data["points"], "at": gone.occurred_at, "name": name}
    elif fact.type == HELD:
        yield from _of_payment(fact, news, came)
    elif fact.type == "order.paid":
        yield from _of_order(fact, [one for one in news if one.type in BACK], payment)


def _of_payment(fact: Fact, news: Iterable[Fact], came: bool) -> Iterator[Back]:
    """What was set aside at a checkout that came to nothing: it was given up, or its order called off unpaid."""
    name, points = fact.data["payment_id"], fact.data["points"]
    for other in news:
        given_up = other.type == RELEASED and other.data["payment_id"] == name
        if given_up or (other.type == "order.cancelled" and not came):
            yield fact.key, RETURNED, {"points": points, "at": other.occurred_at, "name": f"payment:{name}",
                                       "wallet": fact.data.get("wallet", "")}  # fmt: skip
            return


def _of_order(fact: Fact, news: Sequence[Fact], payment: Fact | None) -> Iterator[Back]:
    """Each return gives back what the order took less of points because of it; calling it off, all that is left."""
    data = paid_with(fact.data, payment)
    if not news or not ("points_paid" in data or any("points_paid" in line for line in data["lines"])):
        return
    before, refunds = _taken(order_of(data), payment), list[dict[str, Any]]()
    for number, other in enumerate(news):
        refunds += [other.data] if other.type == "order.refunded" else []
        left = None if other.type == "order.cancelled" else effective(data, refunds)
        after = _taken(left, payment) if left else (0, 0)
        what = {"at": other.occurred_at, "name": f"order:{data['order_id']}:{number}"}
        if payment:
            what |= {"wallet": payment.data.get("wallet", "")}
            if before[0] > after[0]:
                yield payment.key, RETURNED, what | {"points": before[0] - after[0]}
            what |= {"name": f"{what['name']}:beyond"}
        if before[1] > after[1]:
            yield fact.key, RETURNED, what | {"money": before[1], "kept": after[1]}
        before = after
        if other.type == "order.cancelled":
            return


def _taken(order: Order, payment: Fact | None) -> tuple[int, int]:
    """The points that an order takes of what was set aside for it, and in minor units what it takes besides."""
    if payment is None:
        return 0, order.points_paid
    return used(order, payment.data), beyond(order, payment.data)
