"""The catalogue as one member meets it: what they can have now, soon and later, and why not yet. Pure.

What is found here before somebody taps is checked again, with the same function, under the lock when they do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from rewards.allowance import PerPeriod
from rewards.document import Reward

NEAR_PERCENT = 50  # a reward is "soon" once this part of its price is there, or on its way


class Shelf(StrEnum):
    """Where a reward stands in the catalogue of one member."""

    NOW = "now"
    SOON = "soon"
    LATER = "later"
    GONE = "gone"


class Why(StrEnum):
    """Why a reward cannot be had now; the weightiest reason comes first."""

    HIDDEN = "hidden"
    SOLD_OUT = "sold_out"
    LIMIT_REACHED = "limit_reached"
    OTHER_TIER = "other_tier"
    NO_OCCASION = "no_occasion"
    CHOSEN = "chosen"
    LIMIT_FOR_NOW = "limit_for_now"
    NOT_YET = "not_yet"
    POINTS_SHORT = "points_short"


@dataclass(frozen=True, slots=True)
class Holder:
    """A member as the catalogue needs them: `taken` counts their redemptions by reward, cancelled ones apart.

    `lately` counts those of rewards with a `per_period` in the period of now (`rewards.allowance`). `open_until` says
    until when rewards of an occasion can be had, where it is on, and `chosen` which of them are closed by a choice.
    """

    tier: str
    available: int
    pending: int = 0
    taken: Mapping[str, int] = field(default_factory=dict[str, int])
    lately: Mapping[str, int] = field(default_factory=dict[str, int])
    open_until: Mapping[str, datetime] = field(default_factory=dict[str, datetime])
    chosen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Offer:
    """A reward for one member: its price for them, where it stands, why not now, and how many points are short.

    `until` is when the occasion is over that it is had on.
    """

    reward: Reward
    price: int
    shelf: Shelf
    why: Why | None
    short: int
    left: int | None
    until: datetime | None = None


def offers(rewards: Iterable[Reward], holder: Holder, left: Mapping[str, int], now: datetime) -> list[Offer]:
    """All visible rewards, in the shop's order. `left` is the stock by slug; what is not in it never runs out."""
    return [offer(reward, holder, left.get(reward.slug), now) for reward in rewards if reward.visible(now)]


def offer(reward: Reward, holder: Holder, left: int | None, now: datetime) -> Offer:
    """One reward for one member."""
    price = reward.price_for(holder.tier)
    short = max(0, price - holder.available)
    why = refused(reward, holder, left, now)
    until = holder.open_until.get(reward.slug)
    return Offer(reward, price, _shelf(why, price, holder), why, short, left, until)


def refused(reward: Reward, holder: Holder, left: int | None, now: datetime) -> Why | None:
    """Why this member cannot have this reward now; None when they can."""
    reasons = (
        (Why.HIDDEN, not reward.visible(now)),
        (Why.SOLD_OUT, left is not None and left <= 0),
        (
            Why.LIMIT_REACHED,
            reward.per_member is not None and holder.taken.get(reward.slug, 0) >= reward.per_member,
        ),
        (Why.OTHER_TIER, bool(reward.tiers) and holder.tier not in reward.tiers),
        (Why.NO_OCCASION, reward.occasion is not None and reward.slug not in holder.open_until),
        (Why.CHOSEN, reward.slug in holder.chosen),
        (
            Why.LIMIT_FOR_NOW,
            reward.per_period is not None and _had_enough(reward.per_period, reward.slug, holder),
        ),
        (Why.NOT_YET, reward.claimable_from is not None and now < reward.claimable_from),
        (Why.POINTS_SHORT, holder.available < reward.price_for(holder.tier)),
    )
    return next((why for why, holds in reasons if holds), None)


def _had_enough(limit: PerPeriod, slug: str, holder: Holder) -> bool:
    return holder.lately.get(slug, 0) >= limit.allowed(holder.tier)


def _shelf(why: Why | None, price: int, holder: Holder) -> Shelf:
    if why is None:
        return Shelf.NOW
    if why in (Why.HIDDEN, Why.SOLD_OUT, Why.LIMIT_REACHED):
        return Shelf.GONE
    near = (holder.available + holder.pending) * 100 >= price * NEAR_PERCENT
    return Shelf.SOON if why is Why.POINTS_SHORT and near else Shelf.LATER


class Stage(StrEnum):
    """Where a reward stands for staff."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    LIVE = "live"
    ENDED = "ended"
    RETIRED = "retired"


def stage(reward: Reward, now: datetime) -> Stage:
    """The stage of a reward that is in the programme (a draft is not)."""
    if reward.retired:
        return Stage.RETIRED
    if reward.until is not None and reward.until <= now:
        return Stage.ENDED
    if reward.visible_from is not None and reward.visible_from > now:
        return Stage.SCHEDULED
    return Stage.LIVE
