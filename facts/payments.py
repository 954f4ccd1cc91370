"""Payments with points: what a shop sets aside at its checkout, for an order that is still to come.

As soon as the order is known, it says what of the payment it took; without it, what was meant stands as long as it is
neither given up nor over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from facts.events import Fact
from facts.money import Rounding, minor, minor_digits, ratio
from facts.orders import Order

HELD, COMMITTED, RELEASED = "payment.held", "payment.committed", "payment.released"

Subject = tuple[str, str]  # source, and `order:<id>`


def live(facts: Iterable[Fact]) -> dict[Subject, Fact]:
    """The payments that were not given up, by the order that they are for: of several the first.

    `facts` come in the order of history.
    """
    payments = [fact for fact in facts if fact.type in (HELD, RELEASED)]
    gone = {fact.data["payment_id"] for fact in payments if fact.type == RELEASED}
    found: dict[Subject, Fact] = {}
    for fact in payments:
        if fact.type == HELD and fact.data["payment_id"] not in gone:
            found.setdefault((fact.source, f"order:{fact.data['order_id']}"), fact)
    return found


def paid_with(data: dict[str, Any], payment: Fact | None) -> dict[str, Any]:
    """An order's data; one that does not tell what was paid with points was paid with what was set aside for it."""
    if payment is None or "points_paid" in data or any("points_paid" in line for line in data["lines"]):
        return data
    return data | {"points_paid": payment.data["money"]}


def used(order: Order, payment: Mapping[str, Any]) -> int:
    """How many of the points that were set aside an order takes: the part that its payment is of what was meant.

    What came back of the order gives its points back, in the same part, half a point up. Points that are worth no
    money pay for nothing.
    """
    meant = minor(payment["money"], minor_digits(order.currency))
    if not meant:
        return 0
    return min(payment["points"], ratio(payment["points"] * order.points_paid, meant, Rounding.HALF_UP))


def beyond(order: Order, payment: Mapping[str, Any]) -> int:
    """What an order was paid with in points beyond what was set aside for it, in minor units."""
    return max(0, order.points_paid - minor(payment["money"], minor_digits(order.currency)))
