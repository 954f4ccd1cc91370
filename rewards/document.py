"""The halves of the programme document that say what things are worth: points, tiers and rewards.

YAML outside, these frozen models inside. Unknown keys are refused. A text that people read is one string
or `{language: text}`. Decimals are strings or integers, never floats, so that nothing is rounded unseen.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, field_validator, model_validator

from facts.parts import Factor, Money, Part, Slug, Words
from rewards.earning.rule import Caps, caps_of


class Value(Part):
    """What points are worth when spent: `points` are worth `money`."""

    points: Annotated[int, Field(ge=1, le=1_000_000)]
    money: Money


class Expiry(Part):
    """When points are lost: never, or a number of months after they were earned, to the end of that day."""

    kind: Literal["never", "rolling"] = "never"
    months: Annotated[int, Field(ge=1, le=120)] = 12


class NegativeBalance(Part):
    """What happens when points that were spent are taken back.

    `refuse`: the return, or the deduction, is refused. `zero`: the shortfall is forgiven. `debt`: it is
    carried to at most `limit` points and repaid by the next earnings; what exceeds the limit is forgiven.
    """

    policy: Literal["refuse", "zero", "debt"] = "debt"
    limit: Annotated[int, Field(ge=0)] = 1_000_000_000


class PointsPolicy(Part):
    """The rules that hold for every point."""

    value: Value
    pending_days: Annotated[int, Field(ge=0, le=365)] = 0
    expiry: Expiry = Expiry()
    negative_balance: NegativeBalance = NegativeBalance()
    adjustment_limit: Annotated[int, Field(ge=0)] = 10_000
    bulk_limit: Annotated[int, Field(ge=0)] = 1_000
    cap_per_day: Annotated[int, Field(ge=1)] | None = None
    cap_per_week: Annotated[int, Field(ge=1)] | None = None
    cap_per_month: Annotated[int, Field(ge=1)] | None = None

    @cached_property
    def caps(self) -> Caps:
        """The caps there are, by their length."""
        return caps_of(self.cap_per_day, self.cap_per_week, self.cap_per_month)


class Safety(Part):
    """What stands between a stolen sign-in and the points.

    Above `fresh_above` points, a reward asks for a fresh code on a device that is new, for `cooling_hours` after its
    first visit, and on every device for as long after an address was added.
    """

    fresh_above: Annotated[int, Field(ge=0, le=10**9)] = 5_000
    cooling_hours: Annotated[int, Field(ge=0, le=24 * 30)] = 24


class Joining(Part):
    """What newcomers find. Purchases that waited for an address count when they are at most `look_back_days` old."""

    look_back_days: Annotated[int, Field(ge=0, le=3650)] = 365


class Basis(StrEnum):
    """What climbs the tiers. Spending points never lowers either."""

    SPEND = "spend"
    POINTS_EARNED = "points_earned"


class Window(Part):
    """The time over which the basis is summed.

    `calendar_year`: from 1 January; what a year earned is kept to its end, and through the year after it
    with `keep: next_year`. `rolling`: the last `months` months to the day.
    """

    kind: Literal["calendar_year", "rolling"] = "calendar_year"
    keep: Literal["this_year", "next_year"] = "this_year"
    months: Annotated[int, Field(ge=1, le=60)] = 12


class Downgrade(Part):
    """What follows when a tier is no longer earned, `grace_days` after the day it ended."""

    policy: Literal["none", "one_step", "to_earned"] = "to_earned"
    grace_days: Annotated[int, Field(ge=0, le=366)] = 0


class Level(Part):
    """A tier: from `threshold` points (or units of money, for spend) on, with its multiplier."""

    slug: Slug
    name: Words
    threshold: Annotated[int, Field(ge=0)]
    multiplier: Factor = 1000
    benefits: list[Words] = []


class Tiers(Part):
    """The ladder, lowest first; the first level is everybody's."""

    basis: Basis = Basis.POINTS_EARNED
    window: Window = Window()
    downgrade: Downgrade = Downgrade()
    levels: Annotated[list[Level], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _climbs(self) -> Tiers:
        thresholds = [level.threshold for level in self.levels]
        if thresholds[0] != 0:
            raise ValueError("the first level is everybody's: its threshold is 0")
        if any(b <= a for a, b in pairwise(thresholds)):
            raise ValueError("each level's threshold must be higher than the one before it")
        if len({level.slug for level in self.levels}) < len(self.levels):
            raise ValueError("two levels have the same slug")
        return self

    def index(self, slug: str) -> int:
        """The place of a level on the ladder; a level that is no more counts as the first."""
        return next((i for i, level in enumerate(self.levels) if level.slug == slug), 0)


class Reward(Part):
    """Something to have for points.

    `value` is a percentage for `percent`, money for `fixed`. `prices` are prices of their own by tier.
    With `fulfilment: by_staff` the points are held until staff hands it over; after `held_days` they return by
    themselves. An issued reward that is not used within `valid_days` expires; unused, it can be given back for
    `refundable_days`.
    """

    slug: Slug
    kind: Literal["percent", "fixed", "free_delivery", "product"]
    name: Words
    description: Words | None = None
    price: Annotated[int, Field(ge=1, le=10**9)]
    prices: dict[Slug, Annotated[int, Field(ge=1, le=10**9)]] = {}
    value: Money = "0"
    sku: str = ""
    stock: Annotated[int, Field(ge=0)] | None = None
    per_member: Annotated[int, Field(ge=1)] | None = None
    tiers: list[Slug] = []
    visible_from: AwareDatetime | None = None
    claimable_from: AwareDatetime | None = None
    until: AwareDatetime | None = None
    held_days: Annotated[int, Field(ge=1, le=3650)] = 30
    valid_days: Annotated[int, Field(ge=1, le=3650)] = 90
    refundable_days: Annotated[int, Field(ge=0, le=3650)] = 14
    fulfilment: Literal["instant", "by_staff"] = "instant"
    picture: str = ""
    icon: str = "gift"
    retired: bool = False

    @field_validator("prices")
    @classmethod
    def _positive(cls, prices: dict[str, int]) -> dict[str, int]:
        return dict(sorted(prices.items()))

    @model_validator(mode="after")
    def _fits(self) -> Reward:
        value = Decimal(self.value)
        if self.kind == "percent" and not 0 < value <= 100:
            raise ValueError("a percent reward has a value above 0 and at most 100")
        if self.kind == "fixed" and value <= 0:
            raise ValueError('a fixed reward has a value of money, such as "5.00"')
        return self

    def price_for(self, tier: str) -> int:
        """What it costs a member of `tier`, in points."""
        return self.prices.get(tier, self.price)

    def visible(self, now: datetime) -> bool:
        """Whether the catalogue shows it."""
        after = self.visible_from is None or self.visible_from <= now
        return after and (self.until is None or now < self.until) and not self.retired
