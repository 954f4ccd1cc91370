"""The tiers of a member, plainly: what counts by day, and which level that is until when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.model.arithmetic import add_months, midnight
from tests.model.terms import THRESHOLDS, Terms

COLUMNS = ("spend", "points_earned", "orders")
ANY_NEW_YEAR = date(2000, 1, 1)


@dataclass
class Ladder:
    """`days` are spend, points and orders by day, `joined` is the day on which a member's own years begin.

    `pin` is a level that staff gave, and its last day.
    """

    terms: Terms
    days: dict[date, list[int]] = field(default_factory=dict)
    tier: int = 0
    until: date | None = None
    joined: date | None = None
    pin: tuple[int, date | None] = (0, None)

    @property
    def held(self) -> int:
        """The level that is earned, or the one that staff gave when it is higher."""
        return max(self.tier, self.pin[0])

    @property
    def held_until(self) -> date | None:
        return self.pin[1] if self.pin[0] > self.tier else self.until

    def pass_until(self, now: datetime) -> None:
        """What staff gave ends, and tiers whose time is over fall."""
        if self.pin[1] and midnight(self.pin[1] + timedelta(days=1)) <= now:
            self.pin = (0, None)
        while self.until and self.terms.downgrade != "none":
            day = self.until + timedelta(days=1 + self.terms.grace)
            if midnight(day) > now:
                return
            self.fall(day)

    def fall(self, day: date) -> None:
        deserved = self.deserved(day)
        if deserved >= self.tier:
            self.until = self.kept_until(day, self.tier)
            return
        self.tier = self.tier - 1 if self.terms.downgrade == "one_step" else deserved
        if deserved >= self.tier:
            self.until = self.kept_until(day, self.tier)
        elif self.terms.window == "rolling":
            self.until = add_months(day, self.terms.window_months) - timedelta(days=1)
        else:
            self.until = self.next_year(day) - timedelta(days=1)

    def year(self, day: date) -> int:
        """The number of the year, of the calendar or a member's own, that a day lies in."""
        number = 0
        while self.first_day(number + 1) <= day:
            number += 1
        return number

    def first_day(self, year: int) -> date:
        own = self.terms.window == "anniversary" and self.joined
        return add_months(own or ANY_NEW_YEAR, 12 * year)

    def next_year(self, day: date) -> date:
        return self.first_day(self.year(day) + 1)

    def counts(self, day: date) -> int:
        """What counts on a day."""
        column = COLUMNS.index(self.terms.basis)
        if self.terms.window == "lifetime":
            return sum(row[column] for row in self.days.values())
        if self.terms.window == "rolling":
            months = self.terms.window_months
            return sum(row[column] for d, row in self.days.items() if d <= day < add_months(d, months))
        year = self.year(day)
        years = [year, year - 1] if self.terms.keep == "next_year" else [year]
        return max(sum(row[column] for d, row in self.days.items() if self.year(d) == one) for one in years)

    def deserved(self, day: date) -> int:
        unit = 100 if self.terms.basis == "spend" else 1
        counts = self.counts(day)
        return max(i for i, least in enumerate(THRESHOLDS[self.terms.basis]) if counts >= least * unit)

    def kept_until(self, day: date, level: int) -> date | None:
        """The last day in a row on which a level is earned."""
        if not level or self.terms.window == "lifetime":
            return None
        while True:
            after = day + timedelta(days=1) if self.terms.window == "rolling" else self.next_year(day)
            if self.deserved(after) < level:
                return after - timedelta(days=1)
            day = after

    def climb(self, day: date, spend: int, points: int, orders: int) -> range:
        """A day's spend, points and orders; returns the levels that are reached."""
        row = self.days.setdefault(day, [0, 0, 0])
        for column, more in enumerate((spend, points, orders)):
            row[column] += more
        deserved, before = self.deserved(day), self.tier
        if deserved >= self.tier:
            self.tier, self.until = deserved, self.kept_until(day, deserved)
        return range(before + 1, self.tier + 1)
