"""Cancelled lines that name no order: which sales they take back.

A shop's export often says only that a customer brought back so many of an article. Each such line is
matched, in the order of time, to the same customer's sales of the same article:

1. the latest earlier sale that is still whole, with the very quantity and price;
2. else the latest earlier sales with something left, one after the other, until the quantity is covered;
3. what is still not covered: the next later sales of it with something left, the soonest first;
4. what no sale covers at all stays with the cancellation's own number, and waits.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from facts.events import Fact
from facts.money import apportion, decimal_text

MILLION = 1_000_000


@dataclass(slots=True)
class SoldLine:
    """A line of a sale, or of a cancellation: whose, what, when, quantity in millionths, amount in minor units."""

    key: tuple[str, str]
    at: datetime
    order_id: str
    line_id: str
    quantity: int
    amount: int
    left: int

    def same_price(self, other: SoldLine) -> bool:
        """Whether one piece cost the same."""
        return self.amount * other.quantity == other.amount * self.quantity


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a cancelled line, and the line of a sale that it takes back; None when there is none."""

    cancelled: SoldLine
    sale: SoldLine | None
    quantity: int
    amount: int


def match(cancelled: Iterable[SoldLine], sales: Iterable[SoldLine]) -> Iterator[Part]:
    """The parts of all cancelled lines. Both come in the order of time; the `left` of sales is used up."""
    sold: dict[tuple[str, str], list[SoldLine]] = defaultdict(list)
    for sale in sales:
        sold[sale.key].append(sale)
    for line in cancelled:
        own = sold.get(line.key, []) if line.key[0] else []
        taken = _take(line, own)
        amounts = apportion(line.amount, [quantity for _, quantity in taken])
        for (sale, quantity), amount in zip(taken, amounts, strict=True):
            yield Part(line, sale, quantity, amount)


def _take(line: SoldLine, sales: list[SoldLine]) -> list[tuple[SoldLine | None, int]]:
    now = bisect_right(sales, line.at, key=lambda sale: sale.at)
    earlier, later = sales[:now][::-1], sales[now:]
    for sale in earlier:
        if sale.left == sale.quantity == line.quantity and sale.same_price(line):
            sale.left = 0
            return [(sale, line.quantity)]
    taken: list[tuple[SoldLine | None, int]] = []
    rest = line.quantity
    for sale in (*earlier, *later):
        part = min(rest, sale.left)
        if part:
            sale.left -= part
            rest -= part
            taken.append((sale, part))
    return [*taken, (None, rest)] if rest or not taken else taken


def refunds(parts: Iterable[Part], source: str, subject_kind: str, digits: int) -> list[Fact]:
    """One refund fact for each cancellation and order that it takes from, in the order of time."""
    grouped: dict[tuple[str, str], list[Part]] = defaultdict(list)
    for part in parts:
        target = part.sale.order_id if part.sale else part.cancelled.order_id
        grouped[part.cancelled.order_id, target].append(part)
    found = [_refund(own, target, source, subject_kind, digits) for (_, target), own in grouped.items()]
    return sorted(found, key=lambda fact: fact.occurred_at)


def _refund(parts: list[Part], target: str, source: str, subject_kind: str, digits: int) -> Fact:
    first = parts[0].cancelled
    sums: dict[str, list[int]] = {}
    for part in parts:
        line_id = part.sale.line_id if part.sale else part.cancelled.line_id
        entry = sums.setdefault(line_id, [0, 0])
        entry[0] += part.quantity
        entry[1] += part.amount
    lines = [
        {"line_id": line_id, "quantity": _quantity(quantity), "amount": decimal_text(amount, digits)}
        for line_id, (quantity, amount) in sums.items()
    ]
    refund_id = f"{first.order_id}:{target}"
    subject = f"{subject_kind}:{first.key[0]}" if first.key[0] else ""
    data = {"order_id": target, "refund_id": refund_id, "lines": lines}
    return Fact(source, refund_id, "order.refunded", first.at, subject, data)


def _quantity(millionths: int) -> str:
    return decimal_text(millionths, 6).rstrip("0").rstrip(".")
