"""Lines that earn nothing: gift cards, tobacco, what the law or the shop leaves out."""

from __future__ import annotations

from typing import ClassVar, Literal

from facts.language import N_
from facts.products import Facet
from rewards.earning.case import Case
from rewards.earning.rule import Rule, Where
from rewards.wording import Wording


class Exclude(Rule):
    """Lines that `where` means earn nothing, whatever the other rules say."""

    stage: ClassVar[int] = 0
    kind: Literal["exclude"] = "exclude"
    where: Where

    def facets(self) -> list[Facet] | None:
        """Those of the lines that are left out."""
        return self.where.facets()

    def apply(self, case: Case) -> None:
        """Leave the lines out."""
        case.keep([not self.where.matches(line.product) for line in case.lines])

    def sentence(self, say: Wording) -> str:
        """What earns nothing: no points, nor anything else where there is more."""
        said = N_("You get nothing for {products}.") if say.purses else N_("No points on {products}.")
        return say.text(said, products=say.products(self.where))
