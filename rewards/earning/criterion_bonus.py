"""Points for what a member does over time: every fifth order, each new hundred spent, three brands in a month."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, TypeAdapter, model_validator

from facts.criteria import Count, Distinct, Event, FromJoining, Largest, OnDate, Sum, goal
from facts.criteria.saying import sentence
from facts.events import INTERNAL
from facts.parts import Misfit
from facts.products import Facet
from facts.said import Said
from rewards.earning.case import Case, Grant
from rewards.earning.rule import Rule
from rewards.wording import Wording

Measured = Annotated[Count | Sum | Distinct | Largest | Event | OnDate, Field(discriminator="kind")]
_TYPE, _WINDOW = ("criterion", "where", "type"), ("criterion", "window", "kind")
_MEASURED: TypeAdapter[Measured] = TypeAdapter(Measured)


class CriterionBonus(Rule):
    """`points` each time the criterion is met; then it counts anew, from nothing, with the next fact.

    Days are those of the programme. What asks for a streak or a tier belongs to a badge or a challenge.
    """

    stage: ClassVar[int] = 3
    kind: Literal["criterion_bonus"] = "criterion_bonus"
    points: Annotated[int, Field(ge=1, le=100_000)]
    criterion: Measured

    @model_validator(mode="after")
    def _can_be_counted(self) -> CriterionBonus:
        if self.criterion.where.type in INTERNAL:
            raise Misfit(Said("what is done here earns nothing by itself: name a fact of the shop"), *_TYPE)
        window = getattr(self.criterion, "window", None)
        if isinstance(window, FromJoining):
            raise Misfit(
                Said("days from joining on belong to a challenge: use kind: ever or calendar"), *_WINDOW
            )
        return self

    @property
    def about(self) -> str:
        """Facts of its criterion's type."""
        return self.criterion.where.type

    @cached_property
    def shape(self) -> str:
        """Tells whether what was counted before was counted for the same question."""
        told = json.dumps(_MEASURED.dump_python(self.criterion, mode="json"), sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:6]

    def facets(self) -> list[Facet] | None:
        """Those of the facts that the criterion means."""
        return self.criterion.where.facets()

    def wants(self, case: Case) -> bool:
        """Facts of its type, from members of its tiers."""
        return case.type == self.about and self.holds(case)

    def apply(self, case: Case) -> Grant | None:
        """Take the step, and pay when it is the last one."""
        seen = case.seen
        if seen is None:
            return None
        place, enough = seen.place, goal(self.criterion.target, self.criterion.decimals, seen.place)
        shape, before = case.counts.get(self.slug, ("", None))
        state = self.criterion.step(before if shape == self.shape else None, seen, enough)
        met = state is not None and self.criterion.value(state, seen.day, place) >= enough
        case.counts[self.slug] = [self.shape, None if met else state]
        return Grant(self, self.points, {"points": self.points}) if met else None

    @staticmethod
    def recompute(why: dict[str, Any]) -> int:
        """The points that are paid each time."""
        return why["points"]

    def sentence(self, say: Wording) -> str:
        """How many points, and what is asked each time."""
        asked = sentence(self.criterion, say.language, say.currency)
        return say.text("{points} each time for this: {asked}.", points=say.points(self.points), asked=asked)

    @staticmethod
    def because(why: dict[str, Any], say: Wording) -> str:
        """The points that are paid each time."""
        return say.text("{points} each time.", points=say.points(why["points"]))
