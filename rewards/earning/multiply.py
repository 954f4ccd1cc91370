"""More points on some lines: a department's double days, a brand's tenth on top."""

from __future__ import annotations

from typing import ClassVar, Literal

from facts.language import N_
from facts.parts import Factor
from facts.products import Facet
from rewards.earning.case import UNIT, Case
from rewards.earning.rule import Rule, Where
from rewards.wording import Wording

MEETS = {
    "best": N_("Where another such rule is for the same products, the higher one counts."),
    "times": N_("Where another such rule is for the same products, one multiplies the other."),
    "plus": N_("Where another such rule is for the same products, it adds to it: 1.5 and 1.5 make 2."),
    "instead": N_("Where a rule before it is for the same products, this one counts in its place."),
}
POINTS = (
    N_("{factor} times the points on everything."),
    N_("{factor} times the points on {products}."),
)
BESIDE = (
    N_("You get {factor} times as much on everything."),
    N_("You get {factor} times as much on {products}."),
)
"""The same where there are wallets beside points: it holds for all of them."""


class Multiply(Rule):
    """Lines that `where` means earn `factor` times the points.

    Several multipliers on one line meet by `stack`, in the order of the rules: `best` keeps the higher
    one, `times` multiplies them, `plus` adds what exceeds 1 (two of 1.5 make 2), `instead` forgets those before it.
    """

    stage: ClassVar[int] = 1
    kind: Literal["multiply"] = "multiply"
    where: Where = Where()
    factor: Factor
    stack: Literal["best", "times", "plus", "instead"] = "best"

    def facets(self) -> list[Facet] | None:
        """Those of the lines that are multiplied."""
        return self.where.facets()

    def apply(self, case: Case) -> None:
        """Raise the factor of the lines."""
        for i, line in enumerate(case.lines):
            if self.where.matches(line.product):
                case.factors[i] = self._stacked(case.factors[i])

    def _stacked(self, factor: int) -> int:
        if self.stack == "times":
            return factor * self.factor // UNIT
        if self.stack == "plus":
            return factor + self.factor - UNIT
        if self.stack == "instead":
            return self.factor
        return max(factor, self.factor) if factor != UNIT else self.factor

    def beside(self, say: Wording) -> str:
        """How it meets other multipliers on the same line."""
        return say.text(MEETS[self.stack])

    def sentence(self, say: Wording) -> str:
        """How many times the points, or of whatever there is beside them, and on what."""
        everything, some = BESIDE if say.purses else POINTS
        factor, products = say.language.factor(self.factor * UNIT), say.products(self.where)
        if not products:
            return say.text(everything, factor=factor)
        return say.text(some, factor=factor, products=products)
