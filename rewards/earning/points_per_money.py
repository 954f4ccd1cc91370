"""Points for money spent, from an explicit basis, rounded once per order."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, field_validator

from facts.language import N_
from facts.money import Rounding, minor, minor_digits, ratio
from facts.parts import Money
from facts.said import Said
from rewards.earning.by_money import ByMoney, amounts, rounded
from rewards.earning.case import UNIT, Case, Grant
from rewards.wording import Wording

ROUNDED = {
    Rounding.DOWN: N_("Rounded down to whole points."),
    Rounding.UP: N_("Rounded up to whole points."),
    Rounding.HALF_UP: N_("Rounded to the nearest whole point, halves up."),
    Rounding.HALF_EVEN: N_("Rounded to the nearest whole point, halves to even."),
}


class PointsPerMoney(ByMoney):
    """`points` for each `per` of money, times the line's multipliers and the tier's.

    The amounts are added up exactly and rounded once, so the order gets what its lines get together
    (`shares` says which line got what).
    """

    stage: ClassVar[int] = 2
    kind: Literal["points_per_money"] = "points_per_money"
    points: Annotated[int, Field(ge=1, le=100_000)]
    per: Money = "1"

    @field_validator("per")
    @classmethod
    def _something(cls, per: str) -> str:
        if not per.strip("0."):
            raise ValueError(Said('points are for an amount above zero, such as per: "1.00"'))
        return per

    def apply(self, case: Case) -> Grant | None:
        """Points for the lines that still earn."""
        order = case.order
        assert order is not None
        why: dict[str, Any] = {
            "groups": self.groups(case),
            "points": self.points,
            "per": minor(self.per, minor_digits(order.currency)),
            "round": str(self.rounding),
        }
        points = self.recompute(why)
        return Grant(self, points, why) if points else None

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
        return [*self.counts(say), rounded(self.rounding, ROUNDED, say), *super().limits(say)]

    @staticmethod
    def because(why: dict[str, Any], say: Wording) -> str:
        """Each amount with its multiplier, the rate, and the rounding."""
        rate = say.text(
            "{points} for each {money}", points=say.points(why["points"]), money=say.money(why["per"])
        )
        return say.text("{amounts}, at {rate}. {rounding}", amounts=amounts(why["groups"], say), rate=rate,
                        rounding=rounded(Rounding(why["round"]), ROUNDED, say))  # fmt: skip
