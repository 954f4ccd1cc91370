"""How often a member may have a reward: within a day, a week, a month or a year of the programme's calendar. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from facts.criteria import period_days, period_of
from facts.dates import day_of, midnight
from facts.parts import Part, Slug

if TYPE_CHECKING:
    from rewards.document import Reward

Per = Literal["day", "week", "month", "year"]
Most = Annotated[int, Field(ge=1, le=10**6)]


class PerPeriod(Part):
    """At most `most` in a `per` of the calendar; members of the `tiers` that are named have another number.

    What was called off does not count; what was won does not either.
    """

    per: Per
    most: Most
    tiers: dict[Slug, Most] = {}

    def allowed(self, tier: str) -> int:
        """How many a member of this tier may have in a period."""
        return self.tiers.get(tier, self.most)


def began(per: Per, now: datetime, zone: ZoneInfo) -> datetime:
    """When the period of `now` began."""
    first, _ = period_days(period_of(day_of(now, zone), per), per)
    return midnight(first, zone)


def again(per: Per, now: datetime, zone: ZoneInfo) -> datetime:
    """When the next period begins, in which it can be had again."""
    _, after = period_days(period_of(day_of(now, zone), per), per)
    return midnight(after, zone)


def lately(
    rewards: Iterable[Reward], had: Iterable[tuple[str, datetime]], now: datetime, zone: ZoneInfo
) -> dict[str, int]:
    """How many a member had of each limited reward in the period of `now`; `had` are slugs and moments."""
    since = {one.slug: began(one.per_period.per, now, zone) for one in rewards if one.per_period}
    if not since:
        return {}
    count: dict[str, int] = {}
    for slug, at in had:
        if slug in since and at >= since[slug]:
            count[slug] = count.get(slug, 0) + 1
    return count
