"""What the levels of a ladder ask for: a sum of one thing, or all or any of several, each over the same time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FACTS = ("review.posted", "x.visit")  # what the measure `facts` counts
THRESHOLDS = {
    "points_earned": (100, 300), "spend": (100, 300), "orders": (3, 9), "facts": (2, 6),
}  # fmt: skip


@dataclass(frozen=True)
class Needs:
    """`how` is all or any; `least` is how much of each measure. Nothing asked is everybody's."""

    how: str
    least: Mapping[str, int]

    def met(self, sums: Mapping[str, int]) -> bool:
        """Whether so much of each is enough; spend is told in units of money, and summed in minor units."""
        enough = [sums[name] >= least * (100 if name == "spend" else 1) for name, least in self.least.items()]
        return any(enough) if self.how == "any" else all(enough)

    def text(self) -> str:
        """The same as YAML."""
        asked = ", ".join(f"{name}: {least}" for name, least in self.least.items())
        return f"needs: {{{self.how}: {{{asked}}}}}"


EVERYBODY = Needs("all", {})


def plain(basis: str) -> tuple[Needs, ...]:
    """The levels of a ladder of one measure."""
    return tuple(Needs("all", {basis: least}) for least in THRESHOLDS[basis])
