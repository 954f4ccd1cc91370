"""Rewards, plainly: what each costs and allows, what somebody has of it, and what is left on the shelf."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.model.arithmetic import local_day, midnight


@dataclass(frozen=True)
class Offer:
    """One reward of the catalogue; `cheaper` is its price with the highest level.

    With `held` days staff hand it over. It is good for `valid` days, and can be given back for `refundable` days. Of it
    somebody has at most `most` in a `per` (`more` besides with the highest level), and `ever` in all.
    """

    slug: str
    kind: str
    price: int
    cheaper: int | None = None
    held: int | None = None
    valid: int = 90
    refundable: int = 14
    per: str | None = None
    most: int = 1
    more: int = 0
    ever: int | None = None
    stock: int | None = None
    words: str = ""

    def costs(self, level: int) -> int:
        return self.cheaper if self.cheaper and level == 2 else self.price

    @property
    def final(self) -> bool:
        """Whether it is given at once and for good."""
        return self.kind == "donation"

    def text(self) -> str:
        """The reward as YAML."""
        told: dict[str, Any] = {
            "slug": self.slug,
            "kind": self.kind,
            "name": self.slug.title(),
            "price": self.price,
        }
        told |= {"valid_days": self.valid, "refundable_days": self.refundable} if not self.final else {}
        told |= {"prices": f"{{gold: {self.cheaper}}}"} if self.cheaper else {}
        told |= {"fulfilment": "by_staff", "held_days": self.held} if self.held else {}
        told |= {"per_member": self.ever} if self.ever else {}
        told |= {"stock": self.stock} if self.stock else {}
        tiers = f", tiers: {{gold: {self.most + self.more}}}" if self.more else ""
        told |= {"per_period": f"{{per: {self.per}, most: {self.most}{tiers}}}"} if self.per else {}
        return f"  - {{{', '.join(f'{name}: {value}' for name, value in told.items())}{self.words}}}"


CATALOGUE = (
    Offer("tea", "product", 30, refundable=60),
    Offer("mug", "product", 50, held=30),
    Offer("off", "fixed", 12, cheaper=9, valid=3, refundable=30, per="day", words=', value: "5.00"'),
    Offer("help", "donation", 5, per="month", words=", thanks: Thank you"),
    Offer("ride", "free_delivery", 6, refundable=0, per="year", most=2),
    Offer("class", "experience", 8, ever=2, stock=3, words=", terms: On Fridays at six"),
    Offer("poster", "gift", 10, held=3, stock=2),
)  # fmt: skip
WAITING, GOOD, USED, BACK, OVER = "reserved", "issued", "used", "cancelled", "expired"


@dataclass
class Had:
    """One that somebody has: since when, and until when it is fetched, or used."""

    who: str
    offer: Offer
    at: datetime
    state: str = field(init=False)
    until: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.state = USED if self.offer.final else GOOD if self.offer.held is None else WAITING
        days = self.offer.valid if self.offer.held is None else self.offer.held
        self.until = self.at + timedelta(days=days)

    def fetched(self, now: datetime) -> bool:
        """Whether it can be handed over."""
        return self.state == WAITING and now < self.until

    def usable(self, now: datetime) -> bool:
        return self.state == GOOD and now < self.until

    def returned(self, now: datetime) -> bool:
        """Whether it can be given back: while it waits, and then for its days, unused."""
        in_time = now < self.at + timedelta(days=self.offer.refundable)
        return self.fetched(now) or (self.usable(now) and in_time)

    def issue(self, now: datetime) -> None:
        """It has a code from now on."""
        self.state, self.until = GOOD, now + timedelta(days=self.offer.valid)


@dataclass
class Shelf:
    """What everybody had, by its name, and what is `left` of what can run out."""

    had: dict[str, Had] = field(default_factory=dict)
    left: Counter[str] = field(
        default_factory=lambda: Counter({one.slug: one.stock for one in CATALOGUE if one.stock})
    )

    def refusal(
        self, who: Collection[str], offer: Offer, level: int, available: int, now: datetime
    ) -> str | None:
        """Why somebody, whose accounts are one, cannot have it now; None when they can."""
        mine = [one.at for one in self.had.values()
                if one.who in who and one.offer.slug == offer.slug and one.state != BACK]  # fmt: skip
        most = offer.most + (offer.more if level == 2 else 0)
        if offer.stock and not self.left[offer.slug]:
            return "reward_sold_out"
        if offer.ever and len(mine) >= offer.ever:
            return "reward_limit_reached"
        if offer.per and sum(at >= began(offer.per, now) for at in mine) >= most:
            return "reward_limit_for_now"
        return "reward_points_short" if available < offer.costs(level) else None

    def take(self, name: str, one: Had) -> None:
        self.had[name] = one
        self.put(one, -1)

    def close(self, one: Had, state: str) -> None:
        """Called off, or not used in time: it stands on the shelf again."""
        one.state = state
        self.put(one, 1)

    def put(self, one: Had, more: int) -> None:
        if one.offer.stock:
            self.left[one.offer.slug] += more

    def pass_until(self, now: datetime) -> dict[str, Had]:
        """What is over by now; returns what nobody fetched, by its name."""
        over = {name: one for name, one in self.had.items() if one.until <= now}
        lapsed = {name: one for name, one in over.items() if one.state == WAITING}
        for one in over.values():
            if one.state in (WAITING, GOOD):
                self.close(one, BACK if one.state == WAITING else OVER)
        return lapsed


def began(per: str, now: datetime) -> datetime:
    """When the day, the week from Monday, the month or the year of a moment began."""
    day = local_day(now)
    first = {"day": day, "week": day - timedelta(days=day.weekday()), "month": day.replace(day=1)}
    return midnight(first.get(per, date(day.year, 1, 1)))
