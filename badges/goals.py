"""Goals in the programme document: what all members reach together, and what everybody who took part gets for it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import NAMESPACE_URL, uuid5

from pydantic import AwareDatetime, Field, model_validator

from badges.boards import Board
from badges.document import Prize, Threshold
from badges.scores import BoardRules
from facts.criteria import Count, Criterion, Distinct, Ever, Sum
from facts.language import N_
from facts.parts import Misfit, Part, Slug, Words
from facts.said import Said


class Goal(Part):
    """Something that members reach together: what `criterion` comes to for each of them, added up, makes `target`.

    The criterion's `at_least` is the own part from which on somebody takes part. `opens` and `closes` limit when facts
    count. Reached once, it stays so, and everybody who took part until then gets the `prize`.
    """

    slug: Slug
    name: Words
    description: Words | None = None
    criterion: Criterion
    target: Threshold
    opens: AwareDatetime | None = None
    closes: AwareDatetime | None = None
    tiers: list[Slug] = []
    prize: Prize = Prize()
    icon: str = "heart"
    paused: bool = False
    retired: bool = False

    @model_validator(mode="after")
    def _fits(self) -> Goal:
        if not isinstance(self.criterion, Count | Sum | Distinct):
            raise Misfit(
                Said("what all reach is added up: use kind count, sum or distinct"), "criterion", "kind"
            )
        if not isinstance(self.criterion.window, Ever):
            raise Misfit(
                Said("opens and closes say over which time: leave out window"), "criterion", "window"
            )
        if self.opens and self.closes and self.closes <= self.opens:
            raise Misfit(Said("it closes before it opens"), "closes")
        self.prize.check_plain(N_("a goal brings points or a badge; leave out {name}"))
        return self

    def open_at(self, at: datetime) -> bool:
        """Whether facts of that moment count."""
        return (self.opens is None or self.opens <= at) and (self.closes is None or at < self.closes)

    def rules(self, digits: int) -> BoardRules:
        """How a member's own part is counted: as a score in a period without an end."""
        counted = Board(
            slug=self.slug, name=self.name, criterion=self.criterion, period="ever", opens=self.opens,
            closes=self.closes, tiers=self.tiers, paused=self.paused, retired=self.retired,
        )  # fmt: skip
        return BoardRules.of(counted, digits)


Goals = Annotated[list[Goal], Field(max_length=50)]
PREFIX = "goal:"
"""What a goal's score is called in a member's memory begins so."""
TOPIC = uuid5(NAMESPACE_URL, "regulars:goals")
"""By what name open pages, and whoever gathers, hear that sums or targets have changed."""


def key_of(slug: str, shape: str) -> str:
    """What the counts of a goal are kept by: another question begins another count."""
    return f"{slug} {shape}"
