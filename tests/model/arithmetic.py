"""The plain sums of the oracle: what is left of an order, shares of it, and days of a zone."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")


def left_of(order: dict[str, Any], paid: int, refunds: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines of an order less what came back: by line first, then by amounts over what is left.

    `paid` is what of it was paid with points, in minor units.
    """
    lines = [line | {"line": number} for number, line in enumerate(order["lines"])]
    for line, share in zip(lines, split(paid, [line["amount"] for line in lines]), strict=True):
        line["paid"] = share
    for number, line in enumerate(lines):
        back = [part for refund in refunds for part in refund["lines"] if part[0] == number]
        shrink(line, sum(part[1] for part in back), sum(part[2] for part in back))
    lines = [line for line in lines if line["amount"] > 0]
    beyond = min(sum(refund["amount"] for refund in refunds), sum(line["amount"] for line in lines))
    for line, share in zip(lines, split(beyond, [line["amount"] for line in lines]), strict=True):
        shrink(line, 0, share)
    return [line for line in lines if line["amount"] > 0]


def shrink(line: dict[str, Any], pieces: int, amount: int) -> None:
    """A line of which something came back."""
    left = max(0, line["amount"] - amount)
    if amount:
        line["paid"] = line["paid"] * left // line["amount"]
    line["amount"], line["pieces"] = left, max(0, line["pieces"] - pieces)


def split(total: int, weights: list[int]) -> list[int]:
    """Largest remainders; earlier ones first among equals."""
    whole = sum(weights)
    if not whole:
        return [0 for _ in weights]
    parts = [total * weight // whole for weight in weights]
    rests = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in rests[: total - sum(parts)]:
        parts[i] += 1
    return parts


def key_of(fact: dict[str, Any]) -> tuple[datetime, str, str]:
    """A fact's place in history."""
    return (fact["at"], fact["source"], fact["id"])


def local_day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


@cache
def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


@cache
def add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
