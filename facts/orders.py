"""Orders as the engine weighs them: integer minor units, with what was returned already taken away.

A refund carries the difference. The *effective* order is the order minus all its refunds, however they
arrived, so that an order with a line returned is the very same thing as an order without that line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from facts.money import apportion, minor, minor_digits

QUANTITY_DIGITS = 6  # quantities are kept in millionths: the wire form allows six decimals

Product = tuple[str, tuple[str, ...], str, tuple[str, ...]]  # sku, category path, brand, tags


@dataclass(slots=True)
class OrderLine:
    """One line: what it is (`product`), how much came (`quantity`, millionths), what was charged (minor units)."""

    line_id: str
    product: Product
    quantity: int
    amount: int
    tax: int = 0
    discount: int = 0
    points_paid: int = 0


@dataclass(slots=True)
class Order:
    """An order in minor units of `currency`. Line figures include their share of the order's own figures."""

    order_id: str
    currency: str
    lines: list[OrderLine]
    shipping: int = 0
    channel: str = ""
    codes: tuple[str, ...] = field(default=())

    @property
    def amount(self) -> int:
        """What was charged for the lines, minor units, shipping apart."""
        return sum(line.amount for line in self.lines)

    @property
    def points_paid(self) -> int:
        """The part that was paid with points, minor units."""
        return sum(line.points_paid for line in self.lines)


def order_of(data: dict[str, Any]) -> Order:
    """The order in the wire data of `order.placed` or `order.paid`."""
    digits = minor_digits(data["currency"])
    lines: list[OrderLine] = []
    for raw in data["lines"]:
        get = raw.get
        lines.append(
            OrderLine(
                raw["line_id"],
                (raw["sku"], tuple(get("category", ())), get("brand", ""), tuple(get("tags", ()))),
                minor(raw["quantity"], QUANTITY_DIGITS),
                minor(raw["amount"], digits),
                minor(raw["tax"], digits) if "tax" in raw else 0,
                minor(raw["discount"], digits) if "discount" in raw else 0,
                minor(raw["points_paid"], digits) if "points_paid" in raw else 0,
            )
        )
    for name in ("tax", "discount", "points_paid"):
        if name in data:
            _spread(lines, name, minor(data[name], digits))
    shipping = minor(data["shipping"], digits) if "shipping" in data else 0
    return Order(
        data["order_id"],
        data["currency"],
        lines,
        shipping,
        data.get("channel", ""),
        tuple(data.get("codes", ())),
    )


def _spread(lines: Sequence[OrderLine], name: str, total: int) -> None:
    """Give the lines their shares of an order-level figure, as far as they do not carry it themselves."""
    rest = total - sum(getattr(line, name) for line in lines)
    if rest > 0:
        for line, share in zip(lines, apportion(rest, [line.amount for line in lines]), strict=True):
            setattr(line, name, getattr(line, name) + share)


def effective(data: dict[str, Any], refunds: Iterable[dict[str, Any]]) -> Order | None:
    """The order in `data` minus `refunds` (wire data of `order.refunded`), or None when nothing is left.

    A line that came back whole is gone. Of a line that came back in part, tax, discount and the part paid
    with points shrink with the amount. Nothing is refunded below zero: what exceeds the order is ignored.
    """
    order = order_of(data)
    back = [refund_of(refund, order.currency) for refund in refunds]
    if not back:
        return order if order.lines or order.shipping else None
    returned: dict[str, tuple[int, int]] = {}
    for refund in back:
        for line_id, (quantity, amount) in refund.lines.items():
            before = returned.get(line_id, (0, 0))
            returned[line_id] = (before[0] + quantity, before[1] + amount)
    lines = [kept for line in order.lines if (kept := _less(line, *returned.get(line.line_id, (0, 0))))]
    off = min(sum(refund.amount for refund in back), sum(line.amount for line in lines))
    if off:
        shares = apportion(off, [line.amount for line in lines])
        lines = [kept for line, share in zip(lines, shares, strict=True) if (kept := _less(line, 0, share))]
    shipping = max(0, order.shipping - sum(refund.shipping for refund in back))
    if not lines and not shipping:
        return None
    return replace(order, lines=lines, shipping=shipping)


def _less(line: OrderLine, quantity: int, amount: int) -> OrderLine | None:
    """`line` without what came back of it, or None when it came back whole."""
    if not quantity and not amount:
        return line
    left, count = max(0, line.amount - amount), max(0, line.quantity - quantity)
    if not left and (not count or amount):
        return None
    if not line.amount:
        return replace(line, quantity=count)
    return OrderLine(
        line.line_id,
        line.product,
        count,
        left,
        line.tax * left // line.amount,
        line.discount * left // line.amount,
        line.points_paid * left // line.amount,
    )


@dataclass(slots=True)
class Refund:
    """A refund: (quantity, amount) by line, and an amount beyond the lines; minor units."""

    lines: dict[str, tuple[int, int]]
    amount: int
    shipping: int


def refund_of(data: dict[str, Any], currency: str) -> Refund:
    """The refund in the wire data of `order.refunded`, in the order's currency."""
    digits = minor_digits(currency)
    lines: dict[str, tuple[int, int]] = {}
    for raw in data.get("lines", ()):
        quantity, amount = lines.get(raw["line_id"], (0, 0))
        lines[raw["line_id"]] = (
            quantity + minor(raw["quantity"], QUANTITY_DIGITS),
            amount + minor(raw["amount"], digits),
        )
    return Refund(lines, minor(data.get("amount", "0"), digits), minor(data.get("shipping", "0"), digits))
