"""Bringing friends: the terms of an offer, what a friend's steps are, and what they are worth. Pure.

What is wanted follows from the friend's purchases alone, whatever the order in which they came to be known: it is
worked out anew each time, and the difference to what was said before is posted (`members.referral_steps`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AwareDatetime, Field, model_validator

from facts.dates import day_of, midnight, month_start, months_after, year_end, year_of
from facts.history import Event
from facts.parts import Money, Part, Slug, Words
from facts.said import Said
from rewards.lots import EARNED, LotState, rank_of
from rewards.suspicions import Signals
from rewards.terms import Terms, expiry_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from rewards.fold import Fold

KIND = "referral"
MILESTONE_MAX = 1000  # friends
STEPS_MAX = 10  # purchases of one friend that are told: "bought twice" is asked for, a hundredth time is not


class Share(Part):
    """What one of the two gets: points, a `reward` of the catalogue (its slug), or both.

    Points climb no tier; `promotional` ones burn first.
    """

    points: Annotated[int, Field(ge=0, le=10**6)] = 0
    reward: Slug | None = None
    promotional: bool = False
    expires_days: Annotated[int, Field(ge=1, le=3650)] | None = None

    @model_validator(mode="after")
    def _gives(self) -> Share:
        if not self.points and not self.reward:
            raise ValueError(Said("give points, or a reward of the catalogue"))
        return self


class Limit(Part):
    """For how many friends one member is paid, of those who come in one calendar day, week, month or year."""

    friends: Annotated[int, Field(ge=1, le=10_000)]
    per: Literal["day", "week", "month", "year"]


class Milestone(Part):
    """What a member gets beside, once, when so many of their friends count."""

    friends: Annotated[int, Field(ge=1, le=MILESTONE_MAX)]
    points: Annotated[int, Field(ge=1, le=10**6)]
    promotional: bool = False
    expires_days: Annotated[int, Field(ge=1, le=3650)] | None = None


class Offer(Part):
    """One offer: what both get, and when. A link keeps the terms that it was shared with.

    Paid when the friend joined, or for their first order of at least `order_min` (what was paid with points apart); it
    counts after `hold_days`, the shop's time for returns. `per_member` limits for how many friends one member is paid,
    at all or in a period. A link leads somewhere for `link_days` after it was made.
    """

    slug: Slug
    name: Words
    sharer: Share | None = None
    friend: Share | None = None
    paid: Literal["first_order", "joining"] = "first_order"
    order_min: Money = "0"
    hold_days: Annotated[int, Field(ge=0, le=365)] = 14
    per_member: Annotated[int, Field(ge=1, le=10_000)] | Limit | None = None
    link_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    opens: AwareDatetime | None = None
    closes: AwareDatetime | None = None
    retired: bool = False

    @model_validator(mode="after")
    def _gives(self) -> Offer:
        if self.sharer is None and self.friend is None:
            raise ValueError(Said("an offer gives something to the sharer, to the friend, or to both"))
        if self.opens and self.closes and self.opens >= self.closes:
            raise ValueError(Said("it ends before it begins: choose a later moment for closes"))
        return self

    def open_at(self, at: datetime) -> bool:
        """Whether links of it lead anywhere at a moment."""
        after = self.opens is None or self.opens <= at
        return after and (self.closes is None or at < self.closes) and not self.retired

    def over_at(self, made: datetime) -> datetime | None:
        """When a link that was made at a moment leads nowhere any more; None: never."""
        ends = [self.closes, made + timedelta(days=self.link_days) if self.link_days else None]
        return min((end for end in ends if end), default=None)

    def share(self, side: str) -> Share | None:
        """What one side gets."""
        return self.sharer if side == "sharer" else self.friend

    @property
    def brings_reward(self) -> bool:
        """Whether it gives anything but points."""
        return any(share and share.reward for share in (self.sharer, self.friend))


class Referrals(Part):
    """How friends are brought. A click is remembered for `window_days`; who came without one may name a code for
    `late_days` after they joined, and what they bought in the `late_days` before counts as well.

    `touch` says whose link counts when there were several: the `last`, or the `first`. `signals` say which friends are
    looked at by staff before anything is paid. `milestones` are for whoever brings many, on whichever offer.
    """

    window_days: Annotated[int, Field(ge=1, le=180)] = 30
    late_days: Annotated[int, Field(ge=0, le=180)] = 14
    touch: Literal["last", "first"] = "last"
    signals: Signals = Signals()
    offers: Annotated[list[Offer], Field(max_length=50)] = []
    milestones: Annotated[list[Milestone], Field(max_length=20)] = []

    @model_validator(mode="after")
    def _climbs(self) -> Referrals:
        numbers = [one.friends for one in self.milestones]
        if numbers != sorted(set(numbers)):
            raise ValueError(Said("name the milestones from the smallest to the largest, each once"))
        return self

    def offer(self, at: datetime) -> Offer | None:
        """What a link that is shared at a moment offers: the first that is open."""
        return next((offer for offer in self.offers if offer.open_at(at)), None)


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order of a friend, net of what went back: `amount` minor units, without what was paid with points."""

    at: datetime
    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class Step:
    """Something that should stand: `kind` joined, bought or rewarded; `side` whose account it is on; `about` the order.

    `about` belongs to what it is: the second purchase that has become the first is another step.
    """

    kind: str
    side: str
    at: datetime
    about: str = ""
    order: int = 0
    active_from: datetime | None = None


def purchases(events: Iterable[Event]) -> list[Purchase]:
    """The purchases among a friend's events, in the order in which they were made."""
    return [
        Purchase(
            event.at, f"{event.key[1]}|{event.order.order_id}", event.order.amount - event.order.points_paid
        )
        for event in events
        if event.order is not None
    ]


def steps(
    offer: Offer, late_days: int, order_min: int, since: datetime, made: Iterable[Purchase], terms: Terms
) -> tuple[list[Step], str]:
    """What should stand for a friend who came at `since`, and why nothing is paid ("" when it may be).

    `order_min` in minor units. Who bought before they can have been brought is no newcomer: `not_new`.
    """
    first = since - timedelta(days=late_days)
    bought = sorted(made, key=lambda one: (one.at, one.name))
    wanted = [Step("joined", "sharer", since)]
    if any(one.at < first for one in bought):
        return wanted, "not_new"
    counted = [one for one in bought if one.amount > 0 and one.amount >= order_min][:STEPS_MAX]
    wanted += [
        Step("bought", "sharer", max(one.at, since), one.name, number)
        for number, one in enumerate(counted, 1)
    ]
    if offer.paid == "joining":
        return wanted + _paid(offer, since, "", terms), ""
    if counted:
        return wanted + _paid(offer, max(counted[0].at, since), counted[0].name, terms), ""
    return wanted, "order_small" if any(one.amount > 0 for one in bought) else ""


def _paid(offer: Offer, at: datetime, about: str, terms: Terms) -> list[Step]:
    active = midnight(day_of(at, terms.zone) + offer.hold_days, terms.zone) if offer.hold_days else at
    sides = [side for side, share in (("sharer", offer.sharer), ("friend", offer.friend)) if share]
    return [Step("rewarded", side, at, about, 0, active) for side in sides]


@dataclass(frozen=True, slots=True)
class Reached:
    """A milestone that should be paid: at which friend's purchase, and from when on it is good."""

    milestone: Milestone
    at: datetime
    active_from: datetime


def milestones(
    friends: Iterable[tuple[datetime, datetime]], terms_at: Callable[[datetime], Referrals]
) -> list[Reached]:
    """What friends bring together: each counts at one moment, and is sure from another; in the order of the first.

    `terms_at` gives what was in force at a moment. As long as one of the friends may still fall away, it is pending.
    """
    found: list[Reached] = []
    sure: datetime | None = None
    for number, (at, active) in enumerate(sorted(friends), 1):
        sure = max(sure, active) if sure else active
        named = next((one for one in terms_at(at).milestones if one.friends == number), None)
        if named:
            found.append(Reached(named, at, sure))
    return found


def period_of(limit: Limit, at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The calendar period of a moment, in UTC: its first moment, and the one after its last."""
    day = day_of(at, zone)
    if limit.per == "day":
        first, after = day, day + 1
    elif limit.per == "week":
        first = day - (day - 1) % 7  # day 1 was a Monday: weeks of ISO 8601
        after = first + 7
    elif limit.per == "month":
        first = month_start(day)
        after = months_after(first, 1)
    else:
        after = year_end(year_of(day)) + 1
        first = year_end(year_of(day) - 1) + 1
    return midnight(first, zone), midnight(after, zone)


def bring(fold: Fold, event: Event, terms: Terms) -> None:
    """Post what a referral, or a milestone, brings to this account: pending until the time for returns is over."""
    at, source, fact_id = event.key
    said: dict[str, Any] = event.data
    if not said["points"]:
        return
    active = datetime.fromisoformat(said["active_from"]) if said.get("active_from") else at
    expires = expiry_of(day_of(active, terms.zone), said.get("expires_days"), terms)
    cause, points = f"referral|{source}|{fact_id}", said["points"]
    lot = LotState(cause, EARNED, points, points, bool(said.get("promotional")), at, active, expires,
                   rank_of(at, source, fact_id, KIND))  # fmt: skip
    fold.open(lot, at)
    why = {
        "k": KIND,
        "points": points,
        **{key: said[key] for key in ("side", "offer", "friends") if key in said},
    }
    rule = said.get("offer", "milestone")
    fold.post(cause, "earned", points, at, why, rule, terms.number, active, expires)
