"""Points on top for certain products, by the piece or by the order."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from facts.orders import QUANTITY_DIGITS
from facts.products import Facet
from rewards.earning.case import Case, Grant
from rewards.earning.rule import Rule, Where
from rewards.wording import Wording


class ExtraPoints(Rule):
    """`points` for each whole piece (or once per order) of what `where` means, when it was paid for."""

    stage: ClassVar[int] = 3
    kind: Literal["extra_points"] = "extra_points"
    points: Annotated[int, Field(ge=1, le=100_000)]
    where: Where
    each: Literal["piece", "order"] = "piece"

    def facets(self) -> list[Facet] | None:
        """Those of the lines that are paid for."""
        return self.where.facets()

    def apply(self, case: Case) -> Grant | None:
        """Count the pieces."""
        found = [line for line in case.lines if line.amount > 0 and self.where.matches(line.product)]
        pieces = sum(line.quantity for line in found) // 10**QUANTITY_DIGITS
        count = pieces if self.each == "piece" else min(1, len(found))
        why = {"count": count, "points": self.points}
        return Grant(self, self.recompute(why), why) if count else None

    @staticmethod
    def recompute(why: dict[str, Any]) -> int:
        """Count × points."""
        return why["count"] * why["points"]

    def sentence(self, say: Wording) -> str:
        """How much more, and for what."""
        points, products = say.points(self.points), say.products(self.where)
        if self.each == "piece":
            return say.text("{points} more for each piece of {products}.", points=points, products=products)
        return say.text("{points} more for an order with {products}.", points=points, products=products)

    @staticmethod
    def because(why: dict[str, Any], say: Wording) -> str:
        """Count × points."""
        return say.text("{count} × {points}", count=why["count"], points=say.points(why["points"]))
