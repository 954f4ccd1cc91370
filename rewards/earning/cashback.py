"""Cashback: a percentage of the money, in minor units, rounded once per order."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator

from facts.money import Rounding, ratio
from facts.parts import Money
from facts.said import Said
from rewards.earning.by_money import ROUNDED, ByMoney, amounts
from rewards.earning.case import UNIT, Case, Grant
from rewards.wording import Wording

EXACT = 1000  # a percentage is counted in thousandths
WHOLE = 100 * EXACT


def _percent(text: str) -> str:
    thousandths = Decimal(text) * EXACT
    if thousandths != thousandths.to_integral_value() or not 0 < thousandths <= WHOLE:
        raise ValueError(Said('must be above 0 and at most 100, with at most three decimals, such as "2.5"'))
    return text


class Cashback(ByMoney):
    """`percent` of what an order comes to, times the line's multipliers and the tier's, into a wallet of cashback."""

    stage: ClassVar[int] = 2
    kind: Literal["cashback"] = "cashback"
    percent: Annotated[Money, AfterValidator(_percent)]

    def apply(self, case: Case) -> Grant | None:
        """Minor units for the lines that still earn."""
        why: dict[str, Any] = {
            "groups": self.groups(case),
            "percent": int(Decimal(self.percent) * EXACT),
            "round": str(self.rounding),
        }
        amount = self.recompute(why)
        return Grant(self, amount, why) if amount else None

    @staticmethod
    def recompute(why: dict[str, Any]) -> int:
        """Σ amount × factor × percent, rounded once; factors are in millionths, the percentage in thousandths."""
        weighed = sum(amount * factor for amount, factor in why["groups"])
        return ratio(weighed * why["percent"], WHOLE * UNIT * UNIT, Rounding(why["round"]))

    def sentence(self, say: Wording) -> str:
        """What part of the money comes back, and on what."""
        share, products = _share(int(Decimal(self.percent) * EXACT), say), say.products(self.where)
        if products:
            return say.text("{share} back on {products}.", share=share, products=products)
        return say.text("{share} back on what you spend.", share=share)

    def limits(self, say: Wording) -> list[str]:
        """What of an order counts, and how it is rounded, beside what holds for every kind."""
        return [*self.counts(say), say.text(ROUNDED[self.rounding]), *super().limits(say)]

    @staticmethod
    def because(why: dict[str, Any], say: Wording) -> str:
        """Each amount with its multiplier, the percentage, and the rounding."""
        rounding = say.text(ROUNDED[Rounding(why["round"])])
        return say.text("{share} of {amounts}. {rounding}", share=_share(why["percent"], say),
                        amounts=amounts(why["groups"], say), rounding=rounding)  # fmt: skip


def _share(thousandths: int, say: Wording) -> str:
    return say.language.percent(Decimal(thousandths) / WHOLE, exact=True)
