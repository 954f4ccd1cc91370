"""Lines that earn nothing: gift cards, tobacco, what the law or the shop leaves out."""

from __future__ import annotations

from typing import ClassVar, Literal

from rewards.earning.case import Case
from rewards.earning.rule import Rule, Where


class Exclude(Rule):
    """Lines that `where` means earn nothing, whatever the other rules say."""

    stage: ClassVar[int] = 0
    kind: Literal["exclude"] = "exclude"
    where: Where

    def apply(self, case: Case) -> None:
        """Leave the lines out."""
        case.keep([not self.where.matches(line.product) for line in case.lines])
