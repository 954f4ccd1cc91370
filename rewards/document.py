"""The halves of the programme document that say what things are worth: points, tiers and rewards.

YAML outside, these frozen models inside. Unknown keys are refused. A text that people read is one string
or `{language: text}`. Decimals are strings or integers, never floats, so that nothing is rounded unseen.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    field_validator,
    model_validator,
)


class Part(BaseModel):
    """A part of the document: closed and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _text(value: Any) -> Any:
    return {"en": value} if isinstance(value, str) else value


Words = Annotated[dict[str, str], BeforeValidator(_text), Field(min_length=1)]
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,59}$")]


def _thousandths(value: Any) -> int:
    """A factor such as 1.25, in thousandths; refuses floats that are not exact to three decimals."""
    try:
        scaled = Decimal(str(value)) * 1000
    except InvalidOperation:
        raise ValueError('must be a number such as "1.25"') from None
    if scaled != scaled.to_integral_value() or not 0 <= scaled <= 1_000_000:
        raise ValueError('must lie between 0 and 1000, with at most three decimals, such as "1.25"')
    return int(scaled)


Factor = Annotated[
    int, BeforeValidator(_thousandths), PlainSerializer(lambda value: str(Decimal(value) / 1000))
]
"""A multiplier, in thousandths: 1.25 is 1250."""


def _money(value: Any) -> str:
    if isinstance(value, float):
        raise ValueError('money is written in quotes, such as "12.50"')
    text = str(value)
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValueError('must be an amount such as "12.50"') from None
    if not amount.is_finite() or amount < 0:
        raise ValueError('must be zero or more, such as "12.50"')
    return text


Money = Annotated[str, BeforeValidator(_money)]


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
    cap_per_day: Annotated[int, Field(ge=1)] | None = None


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
    With `fulfilment: by_staff` the points are held until staff hands it over. An issued reward that is not
    used within `valid_days` expires; unused, it can be given back for `refundable_days`.
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
