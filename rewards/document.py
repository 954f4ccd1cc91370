"""The halves of the programme document that say what things are worth: points, tiers and rewards.

YAML outside, these frozen models inside. Unknown keys are refused. A text that people read is one string
or `{language: text}`. Decimals are strings or integers, never floats, so that nothing is rounded unseen.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, Literal, cast

from pydantic import AwareDatetime, Field, field_validator, model_validator

from facts.parts import Misfit, Money, Part, Slug, Words
from facts.said import Said
from rewards.allowance import PerPeriod
from rewards.earning.rule import Caps, caps_of
from rewards.expiry import Expiry
from rewards.kinds import BY_NAME, Kind, KindName
from rewards.kinds.fitting import Link, holds_together
from rewards.occasion import Occasion
from rewards.tier_document import Basis, Downgrade, Level, Tiers, Window
from rewards.waiting import Pending

__all__ = ["Basis", "Downgrade", "Level", "Tiers", "Window"]


class Value(Part):
    """What points are worth when spent: `points` are worth `money`."""

    points: Annotated[int, Field(ge=1, le=1_000_000)]
    money: Money


class NegativeBalance(Part):
    """What happens when points that were spent are taken back.

    `refuse`: the return, or the deduction, is refused. `zero`: the shortfall is forgiven. `debt`: it is
    carried to at most `limit` points and repaid by the next earnings; what exceeds the limit is forgiven.
    """

    policy: Literal["refuse", "zero", "debt"] = "debt"
    limit: Annotated[int, Field(ge=0)] = 1_000_000_000


class PointsPolicy(Part):
    """The rules that hold for every point.

    Points that come back when their lot has ended meanwhile last `restored_grace_days` more; 0: they are lost.
    """

    value: Value
    pending_days: Annotated[int, Field(ge=0, le=365)] = 0
    pending: Pending | None = None
    expiry: Expiry = Expiry()
    restored_grace_days: Annotated[int, Field(ge=0, le=366)] = 0
    negative_balance: NegativeBalance = NegativeBalance()
    adjustment_limit: Annotated[int, Field(ge=0)] = 10_000
    bulk_limit: Annotated[int, Field(ge=0)] = 1_000
    cap_per_day: Annotated[int, Field(ge=1)] | None = None
    cap_per_week: Annotated[int, Field(ge=1)] | None = None
    cap_per_month: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _comes_in_time(self) -> PointsPolicy:
        if self.pending and self.pending.at_most_days < self.pending_days:
            raise Misfit(
                Said(
                    "pending_days is longer: wait {pending_days} days at least",
                    pending_days=self.pending_days,
                ),
                "pending",
                "at_most_days",
            )
        return self

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


class Reward(Part):
    """Something to have for points. What its kind means is said in `rewards.kinds`.

    `value` is a percentage for `percent`, money for others. `prices` are prices of their own by tier. A member may have
    it `per_member` times in all, and as often as `per_period` says in a day, a week, a month or a year. With
    `fulfilment: by_staff` the points are held until staff hands it over; after `held_days` they return by themselves.
    An issued reward that is not used within `valid_days` expires; unused, it can be given back for `refundable_days`.
    With an `occasion` it is had on a day of the member's own, once each time, and may cost nothing.
    With `codes: pool` its codes are uploaded ones; staff are told when `alert_percent` of them are left.
    """

    slug: Slug
    kind: KindName
    name: Words
    description: Words | None = None
    terms: Words | None = None
    thanks: Words | None = None
    access: Words | None = None
    link: Link = ""
    price: Annotated[int, Field(ge=0, le=10**9)]
    prices: dict[Slug, Annotated[int, Field(ge=1, le=10**9)]] = {}
    value: Money = "0"
    points: Annotated[int, Field(ge=1, le=100_000)] | None = None
    sku: str = ""
    stock: Annotated[int, Field(ge=0)] | None = None
    per_member: Annotated[int, Field(ge=1)] | None = None
    per_period: PerPeriod | None = None
    occasion: Occasion | None = None
    tiers: list[Slug] = []
    visible_from: AwareDatetime | None = None
    claimable_from: AwareDatetime | None = None
    until: AwareDatetime | None = None
    access_until: AwareDatetime | None = None
    held_days: Annotated[int, Field(ge=1, le=3650)] = 30
    valid_days: Annotated[int, Field(ge=1, le=3650)] = 90
    refundable_days: Annotated[int, Field(ge=0, le=3650)] = 14
    fulfilment: Literal["instant", "by_staff"] = "instant"
    codes: Literal["own", "pool"] = "own"
    alert_percent: Annotated[int, Field(ge=0, le=100)] = 10
    picture: str = ""
    icon: str = "gift"
    retired: bool = False

    @model_validator(mode="before")
    @classmethod
    def _for_points(cls, given: Any) -> Any:
        if isinstance(given, dict) and "wallet" in given:
            said = Said(
                "a reward is paid with points: cashback pays at the checkout, and experience is never spent; "
                "leave this out"
            )
            raise Misfit(said, "wallet")
        return cast("Any", given)

    @field_validator("prices")
    @classmethod
    def _positive(cls, prices: dict[str, int]) -> dict[str, int]:
        return dict(sorted(prices.items()))

    @model_validator(mode="after")
    def _fits(self) -> Reward:
        holds_together(self)
        return self

    @property
    def what(self) -> Kind:
        """Its kind."""
        return BY_NAME[self.kind]

    @property
    def pooled(self) -> bool:
        """Whether its codes are uploaded ones; there are as many of it as there are codes."""
        return self.codes == "pool" or self.what.pooled

    @property
    def can_run_out(self) -> bool:
        """Whether there may be none left."""
        return self.stock is not None or self.pooled

    @property
    def can_be_won(self) -> bool:
        """Whether a badge, a challenge or a friend may bring it: there is always one for whoever wins it."""
        return self.what.won and not self.can_run_out

    @property
    def at_counter(self) -> bool:
        """Whether it is of use to somebody who stands in the shop."""
        return self.what.at_counter and not self.pooled

    def price_for(self, tier: str) -> int:
        """What it costs a member of `tier`, in points."""
        return self.prices.get(tier, self.price)

    def visible(self, now: datetime) -> bool:
        """Whether the catalogue shows it."""
        after = self.visible_from is None or self.visible_from <= now
        ends = [end for end in (self.until, self.access_until) if end]
        return after and all(now < end for end in ends) and not self.retired
