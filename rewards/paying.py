"""Paying with points at the shop's checkout: what can be paid, and what an order takes of it.

Terms are part of the programme document. Money is in minor units of the programme's currency throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from facts.history import Event
from facts.money import Rounding, apportion, minor, ratio
from facts.orders import OrderLine
from facts.parts import Part, Slug
from facts.payments import beyond, used
from facts.said import Said
from rewards.document import Value
from rewards.earning.rule import Where
from rewards.lots import POINTS, burn
from rewards.terms import Terms

if TYPE_CHECKING:
    from rewards.fold import Fold

Percent = Annotated[int, Field(ge=0, le=100)]
ALL = 100


class Ceiling(Part):
    """How much of some lines can be paid with points: `share` percent, for members of `tiers` (none named: for all)."""

    where: Where = Where()
    share: Percent
    tiers: list[Slug] = []


class Paying(Part):
    """The terms of paying with points. `share` is how many percent of an order's goods can be paid; 0: nothing.

    Points go in whole steps of `step`, at least `minimum` and at most `most` for an order. Where several `ceilings`
    mean a line, the lowest holds. `rates` are what points are worth at the checkout for members of a tier. Points
    that are set aside for an order come back after `hold_minutes` when it was not placed.
    """

    share: Percent = 0
    step: Annotated[int, Field(ge=1, le=10**6)] = 1
    minimum: Annotated[int, Field(ge=1, le=10**9)] = 1
    most: Annotated[int, Field(ge=1, le=10**9)] | None = None
    ceilings: Annotated[list[Ceiling], Field(max_length=500)] = []
    rates: dict[Slug, Value] = {}
    hold_minutes: Annotated[int, Field(ge=1, le=7 * 24 * 60)] = 60

    @model_validator(mode="after")
    def _reachable(self) -> Paying:
        if self.most is not None and self.most < max(self.minimum, self.step):
            raise ValueError(Said("nobody could pay: most is below minimum or step"))
        return self

    def ceiling(self, line: OrderLine, tier: str) -> int:
        """The percentage of a line that can be paid with points, the whole order apart."""
        meant = (one for one in self.ceilings if not one.tiers or tier in one.tiers)
        return min((one.share for one in meant if one.where.matches(line.product)), default=ALL)


@dataclass(frozen=True, slots=True)
class Payable:
    """What can be paid with points: the most, its worth in money, and which part of each line that is.

    `most` is the money that can be paid on each line, whatever the balance. `because` says what keeps it from being
    more: `balance`, `share` (of the order), `ceilings`, `most`, or `minimum` and `step` when nothing is left; ""
    for nothing.
    """

    points: int
    money: int
    lines: tuple[int, ...]
    most: tuple[int, ...]
    because: str


def payable(
    terms: Paying, value: Value, digits: int, tier: str, available: int, lines: Sequence[OrderLine]
) -> Payable:
    """The largest payment that the terms allow for the lines, with `available` points to pay from."""
    rate = terms.rates.get(tier, value)
    unit = minor(rate.money, digits)
    whole, most = sum(line.amount for line in lines), [_most(terms, line, tier) for line in lines]
    limits = {"ceilings": sum(most), "share": whole * terms.share // ALL}
    money = min(limits.values())
    by_money = ratio(money * rate.points, unit, Rounding.DOWN) if unit else 0
    bounds = {"balance": max(0, available), "most": by_money if terms.most is None else terms.most}
    points = min(by_money, *bounds.values())
    because = next((name for name, bound in bounds.items() if bound == points and bound < by_money), "")
    if not because:
        because = next((name for name, limit in limits.items() if limit == money and limit < whole), "")
    kept, fewest = points - points % terms.step, least(terms, rate, digits)
    if kept < fewest:
        because = _too_few(points, because, terms, fewest)
        return Payable(0, 0, tuple(0 for _ in lines), tuple(most), because)
    paid = worth(kept, rate, digits)
    return Payable(kept, paid, tuple(apportion(paid, most)), tuple(most), because)


def _most(terms: Paying, line: OrderLine, tier: str) -> int:
    return line.amount * terms.ceiling(line, tier) // ALL


def _too_few(points: int, because: str, terms: Paying, fewest: int) -> str:
    """Why nothing can be paid: what keeps the points down, or that the programme asks for more of them."""
    if not terms.share or not points:
        return because
    return "minimum" if points < fewest else "step"


def least(terms: Paying, rate: Value, digits: int) -> int:
    """The fewest points of a payment: the minimum of the terms, and as many as are worth a minor unit of money."""
    unit = minor(rate.money, digits)
    return max(terms.minimum, ratio(rate.points, unit, Rounding.UP)) if unit else terms.minimum


def worth(points: int, rate: Value, digits: int) -> int:
    """What points are worth, rounded down."""
    return ratio(points * minor(rate.money, digits), rate.points, Rounding.DOWN)


def spend(fold: Fold, event: Event, terms: Terms) -> None:
    """Pay an order with the points that were set aside for it; what it takes beyond them is spent besides."""
    order, payment, (_, source, _) = event.order, event.payment, event.key
    assert order is not None
    assert payment is not None
    wallet = payment.get("wallet") or POINTS
    value = terms.of(wallet).points.value
    unit = minor(value.money, terms.digits)  # 0 for a wallet that the programme has no more
    more = ratio(beyond(order, payment) * value.points, unit, Rounding.HALF_UP) if unit else 0
    points, cause = used(order, payment) + more, f"spend|{source}|order:{order.order_id}"
    if not points:
        return
    held, aside = fold.lots.get(f"hold|{source}|payment:{payment['payment_id']}"), 0
    if held is not None and held.remaining:
        aside = held.remaining
        held.draw(cause, event.at, aside)
    short = burn(fold.lots.values(), points - aside, cause, event.at, wallet)
    why = {"k": "spent", "points": points, "order": order.order_id}
    fold.post(cause, "spent", -points, event.at, why, "", terms.number, wallet=wallet)
    fold.shortfall(short, cause, event.at, terms, wallet)
