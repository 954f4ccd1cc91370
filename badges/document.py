"""The half of the programme document that says what things mean: badges and challenges.

Both ask a criterion (`facts.criteria`) how far a member is, and give something at each of their thresholds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BeforeValidator, Discriminator, Field, Tag, model_validator

from badges.artwork import Artwork
from facts.criteria import Criterion
from facts.language import N_
from facts.parts import Factor, Misfit, Money, Part, Slug, Words
from facts.said import Said

LEVELS_MAX = 50
_FORMULA = re.compile(
    r"(?P<a>\d{1,6})\s*\*\s*level(?:\s*\+\s*(?P<b>\d{1,6}))?\Z|(?P<c>\d{1,6})\s*\*\*\s*level\Z"
)


class Formula(Part):
    """Thresholds by formula, `5*level`, `10*level + 5` or `2**level`, for so many levels."""

    formula: str
    levels: Annotated[int, Field(ge=1, le=LEVELS_MAX)]

    @model_validator(mode="after")
    def _is_known(self) -> Formula:
        if not _FORMULA.match(self.formula.strip()):
            raise Misfit(Said("write 5*level, 10*level + 5 or 2**level"), "formula")
        return self

    def thresholds(self) -> list[str]:
        """The threshold of each level, as decimal strings."""
        found = _FORMULA.match(self.formula.strip())
        assert found is not None
        if found["c"]:
            return [str(int(found["c"]) ** level) for level in range(1, self.levels + 1)]
        return [str(int(found["a"]) * level + int(found["b"] or 0)) for level in range(1, self.levels + 1)]


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) else value


Threshold = Annotated[Money, BeforeValidator(_text)]
Thresholds = Annotated[list[Threshold], Field(min_length=1, max_length=LEVELS_MAX)]


def _written_as(levels: Any) -> str:
    """A formula has its keys; whatever else is given should have been a list."""
    return "a formula" if isinstance(levels, dict | Formula) else "a list"


Levels = Annotated[
    Annotated[Thresholds, Tag("a list")] | Annotated[Formula, Tag("a formula")], Discriminator(_written_as)
]


class Boost(Part):
    """A multiplier of all earning, for so many days."""

    factor: Factor
    days: Annotated[int, Field(ge=1, le=366)]


class Prize(Part):
    """What is given at a threshold. Points climb no tier; `promotional` ones burn first.

    `reward` is one of the catalogue, for no points.
    """

    points: Annotated[int, Field(ge=0, le=10**7)] = 0
    promotional: bool = True
    expires_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    badge: Slug | None = None
    reward: Slug | None = None
    boost: Boost | None = None

    def check_plain(self, said: str) -> None:
        """Refuse what only an achievement can bring, with a text that names it."""
        for other in ("boost", "reward"):
            if getattr(self, other):
                raise Misfit(Said(said, name=other), "prize", other)


class _Game(Part):
    """What badges and challenges have in common.

    `opens` and `closes` limit when facts count. `tiers` limits it to members of these tiers. With `counts:
    from_beginning` what happened before it was published counts as well, as if it had always been there.
    `on_refund` says whether something that was earned with an order goes back with it.
    """

    slug: Slug
    name: Words
    description: Words | None = None
    criterion: Criterion
    opens: AwareDatetime | None = None
    closes: AwareDatetime | None = None
    tiers: list[Slug] = []
    counts: Literal["from_now", "from_beginning"] = "from_now"
    on_refund: Literal["revoke", "keep"] = "revoke"
    paused: bool = False
    retired: bool = False

    @model_validator(mode="after")
    def _time_runs_forward(self) -> _Game:
        if self.opens and self.closes and self.closes <= self.opens:
            raise Misfit(Said("it closes before it opens"), "closes")
        return self

    def open_at(self, at: datetime) -> bool:
        """Whether facts of that moment count."""
        return (self.opens is None or self.opens <= at) and (self.closes is None or at < self.closes)


class Badge(_Game):
    """A badge, in one level or several.

    `levels` are thresholds for the criterion's value: a list, or a formula. Without them there is one level, at the
    criterion's own target. `prizes` belong to the levels in order; the last one serves all that follow. `edition`
    limits how many members can have it, and numbers them. An award is lost after `expires_days` and can be earned
    again. A `secret` one shows nothing before it is earned.
    """

    levels: Levels | None = None
    prizes: Annotated[list[Prize], Field(max_length=LEVELS_MAX)] = []
    artwork: Artwork = Artwork()
    secret: bool = False
    edition: Annotated[int, Field(ge=1, le=10**9)] | None = None
    expires_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    order: Annotated[int, Field(ge=0, le=10_000)] = 100

    @model_validator(mode="after")
    def _climbs(self) -> Badge:
        formula = ("levels", "formula") if isinstance(self.levels, Formula) else None
        _rising(
            self.thresholds(),
            N_("each level must ask for more than the one before it: more than {value}"),
            lambda i: formula or (("levels", i) if self.levels else ("criterion",)),
        )
        return self

    def thresholds(self) -> list[str]:
        """The value at which each level is reached, as decimal strings."""
        if isinstance(self.levels, Formula):
            return self.levels.thresholds()
        return self.levels or [self.criterion.target]

    def prize(self, level: int) -> Prize | None:
        """What a level (from 1) gives."""
        return self.prizes[min(level, len(self.prizes)) - 1] if self.prizes else None


class Milestone(Part):
    """A step of a challenge: the criterion's value, and what it gives, once."""

    at: Threshold
    prize: Prize = Prize()


class Challenge(_Game):
    """A challenge: milestones on one criterion, over again or once.

    `join: opt_in` waits for the member to take it on; then only what follows counts, for `days` days when given.
    `repeats` starts it anew each day, week or month, or, `on_joining`, whenever it is taken on again. When `budget`
    points are given away it stops.
    """

    milestones: Annotated[list[Milestone], Field(min_length=1, max_length=LEVELS_MAX)]
    join: Literal["automatic", "opt_in"] = "automatic"
    days: Annotated[int, Field(ge=1, le=366)] | None = None
    repeats: Literal["never", "day", "week", "month", "on_joining"] = "never"
    budget: Annotated[int, Field(ge=1, le=10**12)] | None = None
    icon: str = "flag"

    @model_validator(mode="after")
    def _fits(self) -> Challenge:
        more = N_("each milestone must ask for more than the one before it: more than {value}")
        _rising(self.thresholds(), more, lambda i: ("milestones", i, "at"))
        if self.join == "automatic" and (self.days or self.repeats == "on_joining"):
            raise Misfit(
                Said("days and repeats: on_joining begin when a member joins: use join: opt_in"), "join"
            )
        if self.days and self.repeats in ("day", "week", "month"):
            raise Misfit(
                Said("days or a calendar, not both: leave out days, or use repeats: on_joining"), "days"
            )
        return self

    @property
    def period(self) -> Literal["day", "week", "month"] | None:
        """The calendar by which it begins anew; None when it goes by no calendar."""
        return None if self.repeats in ("never", "on_joining") else self.repeats

    def thresholds(self) -> list[str]:
        """The value at which each milestone is reached, as decimal strings."""
        return [one.at for one in self.milestones]

    def prize(self, level: int) -> Prize | None:
        """What a milestone (from 1) gives."""
        return self.milestones[level - 1].prize


def _rising(thresholds: list[str], more: str, where: Callable[[int], tuple[str | int, ...]]) -> None:
    for i, (a, b) in enumerate(pairwise(thresholds), 1):
        if Decimal(b) <= Decimal(a):
            raise Misfit(Said(more, value=a), *where(i))
    if Decimal(thresholds[0]) <= 0:
        raise Misfit(Said("the first one must ask for something: more than 0"), *where(0))
