"""The ladder's half of the programme document: what climbs, over which time, and what each level asks for and gives."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from facts.events import DATA, INTERNAL, OCCASIONS
from facts.language import N_
from facts.parts import Factor, Misfit, Money, Part, Slug, Words
from facts.said import Said

AMOUNT_MAX = 10**12
MEASURES_MAX = 6


class Basis(StrEnum):
    """What climbs the tiers. Spending points never lowers any of it."""

    SPEND = "spend"
    POINTS_EARNED = "points_earned"
    ORDERS = "orders"
    REFERRALS = "referrals"
    FACTS = "facts"


BASES = tuple(basis.value for basis in Basis)
DEEDS = tuple(
    sorted([*(kind for kind in DATA if kind not in INTERNAL and not kind.startswith("order.")), *OCCASIONS])
)
"""The facts that can climb a tier by themselves, besides the shop's own."""


def _deed(kind: str) -> str:
    if kind not in DEEDS and not kind.startswith("x."):
        raise ValueError(
            Said("no tier is climbed with that; use one of {known}, or x.<own name>", known=", ".join(DEEDS))
        )
    return kind


class Window(Part):
    """The time over which the basis is summed.

    `calendar_year`: from 1 January; `anniversary`: the member's own year, from the day of their first fact. What a year
    earned is kept to its end, and through the year after it with `keep: next_year`. `rolling`: the last `months` months
    to the day. `lifetime`: everything, for ever.
    """

    kind: Literal["calendar_year", "rolling", "anniversary", "lifetime"] = "calendar_year"
    keep: Literal["this_year", "next_year"] = "this_year"
    months: Annotated[int, Field(ge=1, le=60)] = 12


class Downgrade(Part):
    """What follows when a tier is no longer earned, `grace_days` after the day it ended."""

    policy: Literal["none", "one_step", "to_earned"] = "to_earned"
    grace_days: Annotated[int, Field(ge=0, le=366)] = 0


Amounts = Annotated[
    dict[str, Annotated[int, Field(ge=1, le=AMOUNT_MAX)]], Field(min_length=1, max_length=MEASURES_MAX)
]


class Needs(Part):
    """What a level asks for, by measure: `all` of it, or `any`. A measure is a basis, or a type of fact."""

    all: Amounts | None = None
    any: Amounts | None = None

    @field_validator("all", "any")
    @classmethod
    def _known(cls, asked: dict[str, int] | None) -> dict[str, int] | None:
        for name in asked or ():
            if name not in BASES and name not in DEEDS and not name.startswith("x."):
                known = ", ".join((*BASES, *DEEDS))
                raise Misfit(
                    Said(
                        "there is no measure “{name}”; use one of {known}, or x.<own name>",
                        name=name,
                        known=known,
                    ),
                    name,
                )
        return asked

    @model_validator(mode="after")
    def _one(self) -> Needs:
        if (self.all is None) == (self.any is None):
            raise ValueError(Said("say either all: … or any: …, such as all: {spend: 500, orders: 5}"))
        return self

    @property
    def asked(self) -> dict[str, int]:
        """The measures and how much of each."""
        return self.all or self.any or {}


class Entry(Part):
    """What a level gives to whoever reaches it for the first time in their life: points, or a `reward`, or both.

    Its points climb no tier. They wait as long as points of an order do; `expires_days` overrides the programme's.
    """

    points: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    reward: Slug | None = None
    promotional: bool = False
    expires_days: Annotated[int, Field(ge=1, le=3650)] | None = None

    @model_validator(mode="after")
    def _gives(self) -> Entry:
        if not self.points and not self.reward:
            raise ValueError(
                Said("it gives nothing: write points: …, or reward: … with a slug of the catalogue")
            )
        return self


class PerOrder(Part):
    """Points on top for each order of a member of the level, of at least `order_min`; they climb no tier."""

    points: Annotated[int, Field(ge=1, le=1_000_000)]
    order_min: Money = "0"


class Level(Part):
    """A tier: what it asks for, and what it gives.

    It asks for `threshold` of the basis (units of money, for spend), or for what `needs` says; one that is
    `invite_only` is given by staff, and nothing else leads there.
    """

    slug: Slug
    name: Words
    threshold: Annotated[int, Field(ge=0, le=AMOUNT_MAX)] = 0
    needs: Needs | None = None
    invite_only: bool = False
    multiplier: Factor = 1000
    benefits: list[Words] = []
    entry: Entry | None = None
    per_order: PerOrder | None = None

    def asked(self, basis: Basis) -> Mapping[str, int]:
        """How much it asks for, by measure; nothing for the first level, and for one that is by invitation."""
        if self.needs:
            return self.needs.asked
        return {basis.value: self.threshold} if self.threshold else {}

    @property
    def either(self) -> bool:
        """Whether one of its measures is enough."""
        return self.needs is not None and self.needs.any is not None


class Tiers(Part):
    """The ladder, lowest first; the first level is everybody's.

    `basis` is what thresholds count. `facts` are the types that the measure `facts` counts. Orders below `order_min`
    are no orders here.
    """

    basis: Basis = Basis.POINTS_EARNED
    facts: Annotated[list[str], Field(max_length=50)] = []
    order_min: Money = "0"
    window: Window = Window()
    downgrade: Downgrade = Downgrade()
    levels: Annotated[list[Level], Field(min_length=1, max_length=20)]

    @field_validator("facts")
    @classmethod
    def _deeds(cls, facts: list[str]) -> list[str]:
        return [_deed(kind) for kind in dict.fromkeys(facts)]

    @model_validator(mode="after")
    def _climbs(self) -> Tiers:
        first, *others = self.levels
        if first.threshold != 0 or first.needs or first.invite_only:
            raise ValueError(Said("the first level is everybody's: its threshold is 0"))
        for i, level in enumerate(others, 1):
            ways = (level.threshold > 0, level.needs is not None, level.invite_only)
            if (level.needs or level.invite_only) and sum(ways) > 1:
                raise Misfit(Said("say one of threshold, needs and invite_only"), "levels", i)
        open_ = [level for level in others if not level.invite_only]
        if open_ and not open_[0].asked(self.basis):
            raise ValueError(Said(_THRESHOLD))
        for lower, higher in pairwise(open_):
            if not _harder(higher, lower, self.basis):
                raise ValueError(Said(_HIGHER if lower.needs or higher.needs else _THRESHOLD))
        if len({level.slug for level in self.levels}) < len(self.levels):
            raise ValueError(Said("two levels have the same slug"))
        if Basis.FACTS.value in self.measures and not self.facts:
            raise Misfit(Said("say which facts count: facts: [review.posted]"), "facts")
        return self

    @property
    def measures(self) -> tuple[str, ...]:
        """All that the levels ask about, the basis first."""
        asked = (name for level in self.levels for name in level.asked(self.basis))
        return tuple(dict.fromkeys([self.basis.value, *asked]))

    def index(self, slug: str) -> int:
        """The place of a level on the ladder; a level that is no more counts as the first."""
        return next((i for i, level in enumerate(self.levels) if level.slug == slug), 0)


_THRESHOLD = N_("each level's threshold must be higher than the one before it")
_HIGHER = N_(
    "whoever reaches a level must have reached the one before it: ask for at least as much of each measure, and "
    "for more of one, such as all: {spend: 500} before all: {spend: 500, orders: 5}"
)


def _harder(higher: Level, lower: Level, basis: Basis) -> bool:
    """Whether the higher level cannot be reached without the lower one, and the lower one can without it."""
    return _implies(higher, lower, basis) and not _implies(lower, higher, basis)


def _implies(one: Level, other: Level, basis: Basis) -> bool:
    mine, theirs = one.asked(basis), other.asked(basis)
    enough = {name: amount >= theirs[name] for name, amount in mine.items() if name in theirs}
    ways = [{name} for name in mine] if one.either else [set(mine)]
    wanted = any if other.either else all  # of the other's measures
    return all(wanted(name in way and enough.get(name, False) for name in theirs) for way in ways)
