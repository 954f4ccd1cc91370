"""A fixed number of points for something that is no purchase: a review, a survey, a profile, a visit."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, field_validator

from facts.events import DATA, INTERNAL, OCCASIONS
from facts.language import N_
from facts.products import Facet, type_facet
from facts.said import Said
from rewards.earning.case import Case, Grant
from rewards.earning.rule import Rule
from rewards.wording import Wording

DEEDS = {
    "member.signed_up": N_("joining"),
    "profile.completed": N_("completing your profile"),
    "review.posted": N_("a review"),
    "survey.answered": N_("answering a survey"),
    "social.shared": N_("sharing"),
    "visit": N_("a visit"),
    "member.birthday": N_("your birthday"),
    "member.anniversary": N_("each year with us"),
}


class FixedPoints(Rule):
    """`points` for each fact of the type `on`; a cap keeps it from being farmed."""

    stage: ClassVar[int] = 3
    kind: Literal["fixed_points"] = "fixed_points"
    on: str
    points: Annotated[int, Field(ge=1, le=100_000)]

    @field_validator("on")
    @classmethod
    def _known(cls, on: str) -> str:
        plain = (name for name in DATA if name not in INTERNAL and not name.startswith("order."))
        types = sorted([*plain, *OCCASIONS])
        if on not in types and not on.startswith("x."):
            raise ValueError(
                Said(
                    "there is no such fact to pay for; use one of {known}, or x.<own name>",
                    known=", ".join(types),
                )
            )
        return on

    @property
    def about(self) -> str:
        """Facts of its type."""
        return self.on

    def facets(self) -> list[Facet] | None:
        """Facts of its type."""
        return [type_facet(self.on)]

    def wants(self, case: Case) -> bool:
        """Facts of its type, from members of its tiers."""
        return case.type == self.on and self.holds(case)

    def apply(self, case: Case) -> Grant | None:
        """The fixed points."""
        return Grant(self, self.points, {"points": self.points})

    @staticmethod
    def recompute(why: dict[str, Any]) -> int:
        """The fixed points."""
        return why["points"]

    def sentence(self, say: Wording) -> str:
        """How many points, and for what."""
        what = say.text(DEEDS[self.on]) if self.on in DEEDS else say.deed(self.on)
        return say.text("{points} for {deed}.", points=say.points(self.points), deed=what)

    @staticmethod
    def because(why: dict[str, Any], say: Wording) -> str:
        """The fixed points."""
        return say.text("{points} each time.", points=say.points(why["points"]))

    def limits(self, say: Wording) -> list[str]:
        """That a birthday has to be told in time, beside what holds for every kind."""
        early = [say.text("Tell us the day at least 30 days before.")] if self.on == "member.birthday" else []
        return [*early, *super().limits(say)]
