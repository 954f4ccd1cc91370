"""When a rule holds: its season, its hours, and which facts it is for. The criteria's filter does the asking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, Field, model_validator

from facts.criteria import Filter, Seen
from facts.criteria.filters import ORDER, Path, Weekday
from facts.criteria.filters import Field as Asked
from facts.criteria.moments import is_on, real_days
from facts.parts import Misfit, Money, Part
from facts.said import Said

if TYPE_CHECKING:
    from rewards.earning.case import Case

PERCENT = 100
Hours = Annotated[tuple[int, int], Field(description="from, until")]
Share = tuple[Annotated[int, Field(ge=0, le=PERCENT)], Annotated[int, Field(ge=0, le=PERCENT)]]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


Day = Annotated[str, BeforeValidator(_plain)]


class When(Part):
    """What must be so for a rule to hold: each field that is given must fit. The clock is the programme's.

    A season lasts from the day `since` to the day `until`, both included; `dates` are days such as `12-25` (each year)
    or `2026-12-25`. `skus`, `categories`, `brands` and `tags` ask for an order with such a line, whatever else is in
    it; `amount_min` is what these lines come to. `purchases` are numbers of the member's own orders, `purchase_every`
    each so-manieth. `points_paid` is the part of an order that was paid with points: from and to so many percent.
    """

    since: date | None = None
    until: date | None = None
    dates: list[Day] = []
    weekdays: list[Weekday] = []
    hours: Hours | None = None
    skus: list[str] = []
    categories: list[Path] = []
    brands: list[str] = []
    tags: list[str] = []
    amount_min: Money = "0"
    channels: list[str] = []
    partners: list[str] = []
    fields: list[Asked] = []
    purchases: list[Annotated[int, Field(ge=1, le=10_000)]] = []
    purchase_every: Annotated[int, Field(ge=2, le=10_000)] | None = None
    points_paid: Share | None = None

    @model_validator(mode="after")
    def _can_be(self) -> When:
        if not self.model_fields_set:
            raise Misfit(Said("say when: give at least one condition, or leave “when” out"))
        if self.since and self.until and self.until < self.since:
            raise Misfit(
                Said("it ends before it begins: choose a day from {since} on", since=self.since), "until"
            )
        real_days(tuple(self.dates), "dates")
        if self.points_paid and self.points_paid[0] > self.points_paid[1]:
            raise Misfit(Said("a part is [from, to] percent, such as [0, 50]"), "points_paid")
        return self

    def asking(self, kind: str) -> Asking:
        """The conditions for facts of a type, made ready; refuses those that no such fact can fulfil."""
        if kind != ORDER:
            for name in ("purchases", "purchase_every", "points_paid"):
                if getattr(self, name):
                    raise Misfit(
                        Said("“{kind}” is no purchase: leave {name} out", kind=kind, name=name), "when", name
                    )
        try:
            where = Filter(
                kind, tuple(self.skus), tuple(self.categories), tuple(self.brands), tuple(self.tags),
                tuple(self.channels), tuple(self.partners), self.amount_min, tuple(self.weekdays), self.hours,
                tuple(self.fields),
            )  # fmt: skip
        except Misfit as misfit:
            at = () if misfit.at == ("type",) else misfit.at
            raise Misfit(misfit.said, "when", *at) from None
        return Asking(self, where)

    @property
    def timed(self) -> bool:
        """Whether the clock has a say."""
        return bool(self.since or self.until or self.dates or self.weekdays or self.hours)


@dataclass(frozen=True, slots=True)
class Asking:
    """The conditions of one rule, made ready for the facts it looks at."""

    when: When
    where: Filter

    def fits(self, case: Case) -> bool:
        """Whether a fact is one of those that are meant."""
        seen = case.seen
        if seen is None or not self.in_season(seen) or self.where.lines(seen) is None:
            return False
        return all(self._about_order(case))

    def in_season(self, seen: Seen) -> bool:
        """Whether the day is one on which the rule can hold."""
        since, until, dates = self.when.since, self.when.until, self.when.dates
        return (
            (since is None or since.toordinal() <= seen.day)
            and (until is None or seen.day <= until.toordinal())
            and (not dates or is_on(tuple(dates), seen.day))
        )

    def on_now(self, seen: Seen) -> bool:
        """Whether the clock lets the rule hold at this moment, whatever the fact is."""
        return self.in_season(seen) and self.where.fits_time(seen)

    def _about_order(self, case: Case) -> Iterator[bool]:
        number, every, share = case.purchase, self.when.purchase_every, self.when.points_paid
        if self.when.purchases:
            yield number in self.when.purchases
        if every:
            yield number > 0 and number % every == 0
        if share and case.order:
            paid, whole = case.order.points_paid * PERCENT, case.order.amount
            yield share[0] * whole <= paid <= share[1] * whole

    @property
    def plain(self) -> bool:
        """Whether nothing is asked of the fact itself."""
        asked = self.where
        named = (asked.about_lines, asked.channels, asked.partners, asked.fields, asked.weekdays, asked.hours)
        return not any(named) and not Decimal(asked.amount_min)
