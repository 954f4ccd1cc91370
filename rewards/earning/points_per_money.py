"""Points for money spent, from an explicit basis, rounded once per order."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, field_validator

from facts.language import N_
from facts.money import Rounding, apportion, minor, minor_digits, ratio
from facts.orders import OrderLine
from facts.parts import Money, Part
from facts.products import Facet
from rewards.earning.case import UNIT, Case, Grant
from rewards.earning.rule import Rule, Where
from rewards.wording import Wording

ROUNDED = {
    Rounding.DOWN: N_("Rounded down to whole points."),
    Rounding.UP: N_("Rounded up to whole points."),
    Rounding.HALF_UP: N_("Rounded to the nearest whole point, halves up."),
    Rounding.HALF_EVEN: N_("Rounded to the nearest whole point, halves to even."),
}


class EarningBasis(Part):
    """What of an order counts: tax, shipping, the discount (before it), the part paid with points."""

    tax: bool = True
    shipping: bool = False
    before_discount: bool = False
    points_paid: bool = False


class PointsPerMoney(Rule):
    """`points` for each `per` of money, times the line's multipliers and the tier's.

    The amounts are added up exactly and rounded once, so the order gets what its lines get together
    (`shares` says which line got what).
    """

    stage: ClassVar[int] = 2
    kind: Literal["points_per_money"] = "points_per_money"
    points: Annotated[int, Field(ge=1, le=100_000)]
    per: Money = "1"
    where: Where = Where()
    basis: EarningBasis = EarningBasis()
    rounding: Rounding = Rounding.DOWN
    tier_multiplier: bool = True

    @field_validator("per")
    @classmethod
    def _something(cls, per: str) -> str:
        if not per.strip("0."):
            raise ValueError('points are for an amount above zero, such as per: "1.00"')
        return per

    def facets(self) -> list[Facet] | None:
        """Those of the lines that count; where shipping counts, every order does."""
        return None if self.basis.shipping else self.where.facets()

    def apply(self, case: Case) -> Grant | None:
        """Points for the lines that still earn."""
        order = case.order
        assert order is not None
        tier = case.tier_factor if self.tier_multiplier else UNIT
        groups: dict[int, int] = {}
        for line, factor in zip(case.lines, case.factors, strict=True):
            if self.where.matches(line.product):
                groups[factor * tier] = groups.get(factor * tier, 0) + self.counted(line)
        if self.basis.shipping and order.shipping:
            groups[UNIT * tier] = groups.get(UNIT * tier, 0) + order.shipping
        why: dict[str, Any] = {
            "groups": [[amount, factor] for factor, amount in sorted(groups.items()) if amount],
            "points": self.points,
            "per": minor(self.per, minor_digits(order.currency)),
            "round": str(self.rounding),
        }
        points = self.recompute(why)
        return Grant(self, points, why) if points else None

    def counted(self, line: OrderLine) -> int:
        """The minor units of a line that count by the basis; never below zero."""
        amount = line.amount
        if self.basis.before_discount:
            amount += line.discount
        if not self.basis.tax:
            amount -= line.tax
        if not self.basis.points_paid:
            amount -= line.points_paid
        return max(0, amount)

    def shares(self, case: Case, total: int) -> list[int]:
        """`total` points split over the lines that earned them, shipping (if it counts) last; adds up to it."""
        tier = case.tier_factor if self.tier_multiplier else UNIT
        weights = [
            self.counted(line) * factor * tier if self.where.matches(line.product) else 0
            for line, factor in zip(case.lines, case.factors, strict=True)
        ]
        if self.basis.shipping and case.order:
            weights.append(case.order.shipping * UNIT * tier)
        return apportion(total, weights)

    @staticmethod
    def recompute(why: dict[str, Any]) -> int:
        """Σ amount × factor × points ÷ per, rounded once; factors are in millionths (line × tier)."""
        weighed = sum(amount * factor for amount, factor in why["groups"])
        return ratio(weighed * why["points"], why["per"] * UNIT * UNIT, Rounding(why["round"]))

    def sentence(self, say: Wording) -> str:
        """How many points for how much money, and on what."""
        points, products = say.points(self.points), say.products(self.where)
        if products:
            return say.text("{points} for each {money} spent on {products}.", points=points,
                            money=say.decimal(self.per), products=products)  # fmt: skip
        return say.text("{points} for each {money} you spend.", points=points, money=say.decimal(self.per))

    def limits(self, say: Wording) -> list[str]:
        """What of an order counts, and how it is rounded, beside what holds for every kind."""
        basis = self.basis
        counts = [(basis.tax, N_("tax")), (basis.shipping, N_("delivery")), (basis.before_discount, N_("discounts")),
                  (basis.points_paid, N_("what you pay with points"))]  # fmt: skip
        inside = [say.text(name) for counted, name in counts if counted]
        outside = [say.text(name) for counted, name in counts if not counted]
        said = [say.text("Counted in: {things}.", things=say.listed(inside))] if inside else []
        said += [say.text("Left out: {things}.", things=say.listed(outside))] if outside else []
        if self.tier_multiplier:
            said.append(say.text("Your tier multiplies them."))
        said.append(say.text(ROUNDED[self.rounding]))
        return [*said, *super().limits(say)]

    @staticmethod
    def because(why: dict[str, Any], say: Wording) -> str:
        """Each amount with its multiplier, the rate, and the rounding."""
        one = UNIT * UNIT
        parts = [
            say.money(amount) if factor == one
            else say.text("{amount} × {factor}", amount=say.money(amount), factor=say.language.factor(factor))
            for amount, factor in why["groups"]
        ]  # fmt: skip
        rate = say.text(
            "{points} for each {money}", points=say.points(why["points"]), money=say.money(why["per"])
        )
        return say.text("{amounts}, at {rate}. {rounding}", amounts=" + ".join(parts), rate=rate,
                        rounding=say.text(ROUNDED[Rounding(why["round"])]))  # fmt: skip
