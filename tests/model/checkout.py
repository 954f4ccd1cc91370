"""Paying with points, plainly: what can be paid, and what an order takes of what was set aside for it."""

from __future__ import annotations

from typing import Any

from tests.model.arithmetic import split
from tests.model.terms import Paying

Facts = list[dict[str, Any]]


def rate(paying: Paying, worth: int, tier: int) -> int:
    """How many points one unit of money costs."""
    return paying.gold if paying.gold and tier == 2 else worth


def payable(paying: Paying, rate: int, available: int, lines: Facts) -> tuple[int, int, list[int]]:
    """The most points that can pay for lines, their worth in minor units, and which part of each line that is."""
    room = [line["amount"] * (paying.ceiling if line["sku"] == "gift" else 100) // 100 for line in lines]
    money = min(sum(room), sum(line["amount"] for line in lines) * paying.share // 100)
    points = max(0, min(money * rate // 100, available, paying.most or 10**9))
    points -= points % paying.step
    if points < fewest(paying, rate):
        return 0, 0, [0 for _ in lines]
    return points, points * 100 // rate, split(points * 100 // rate, room)


def fewest(paying: Paying, rate: int) -> int:
    """The fewest points of a payment: they are worth something."""
    return max(paying.minimum, -(-rate // 100))


def refusal(paying: Paying, rate: int, most: int, points: int) -> str | None:
    """Why points cannot be set aside; None when they can."""
    if points > most:
        return "payment_too_much"
    if points < fewest(paying, rate):
        return "payment_too_small"
    return "payment_no_step" if points % paying.step else None


def payments(ordered: Facts) -> dict[str, dict[str, Any]]:
    """The payment that holds for each order: the first that was not given up."""
    gone = {fact["payment"] for fact in ordered if fact["type"] == "give-up"}
    found: dict[str, dict[str, Any]] = {}
    for fact in ordered:
        if fact["type"] == "set-aside" and fact["payment"] not in gone:
            found.setdefault(fact["order"], fact)
    return found


def taken(payment: dict[str, Any], paid: int) -> int:
    """The points that an order takes of a payment: the part that it says was paid, half a point up."""
    return min(payment["points"], (2 * payment["points"] * paid + payment["money"]) // (2 * payment["money"]))
