"""The tiers of a member, plainly: what counts by day, and which level that is until when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.model.arithmetic import add_months, midnight
from tests.model.terms import Terms

ANY_NEW_YEAR = date(2000, 1, 1)
Level = tuple[int, date | None]  # and its last day


@dataclass
class Ladder:
    """`days` are what counted by day and measure, spend in minor units. A member's own years begin on the day `joined`.

    `pins` are levels that staff gave, `lent` is one that was brought along, and `lent_too` those that were brought
    along to accounts that became part of this one: each with its last day.
    """

    terms: Terms
    days: dict[date, Counter[str]] = field(default_factory=dict)
    tier: int = 0
    until: date | None = None
    joined: date | None = None
    pins: list[Level] = field(default_factory=list)
    lent: list[Level] = field(default_factory=list)
    lent_too: list[Level] = field(default_factory=list)

    @property
    def pin(self) -> Level:
        """The highest that staff gave, of equal ones the one that lasts longest."""
        return max(self.pins, key=lambda one: (one[0], one[1] or date.max), default=(0, None))

    @property
    def held(self) -> int:
        """The level that is earned, or the one that staff gave when it is higher."""
        return max(self.tier, self.pin[0])

    @property
    def held_until(self) -> date | None:
        return self.pin[1] if self.pin[0] > self.tier else self.until

    def pass_until(self, now: datetime) -> None:
        """What staff gave ends, and tiers whose time is over fall."""
        self.pins = [one for one in self.pins if not one[1] or midnight(one[1] + timedelta(days=1)) > now]
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
        else:
            self.until = self.period(day)

    def period(self, day: date) -> date:
        """The last day of one period of the window."""
        if self.terms.window == "rolling":
            return add_months(day, self.terms.window_months) - timedelta(days=1)
        return self.next_year(day) - timedelta(days=1)

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

    def spans(self, day: date) -> list[list[date]]:
        """The days that count on a day; of a year that is kept, each year by itself."""
        if self.terms.window == "lifetime":
            return [list(self.days)]
        if self.terms.window == "rolling":
            months = self.terms.window_months
            return [[d for d in self.days if d <= day < add_months(d, months)]]
        year = self.year(day)
        years = [year, year - 1] if self.terms.keep == "next_year" else [year]
        return [[d for d in self.days if self.year(d) == one] for one in years]

    def deserved(self, day: date) -> int:
        """The highest level that is earned or was brought along, on a day."""
        return max(self.earned(day), *(level for level, _ in self.brought(day)), 0)

    def brought(self, day: date) -> list[Level]:
        return [one for one in (*self.lent, *self.lent_too) if one[1] is None or day <= one[1]]

    def earned(self, day: date) -> int:
        return max(self.reached(span) for span in self.spans(day))

    def reached(self, span: list[date]) -> int:
        """The highest level for what counted on these days."""
        rungs = self.terms.rungs
        asked = {name for needs in rungs for name in needs.least}
        sums = {name: sum(self.days[d][name] for d in span) for name in asked}
        return max(level for level, needs in enumerate(rungs) if needs.met(sums))

    def kept_until(self, day: date, level: int) -> date | None:
        """The last day in a row on which a level is earned."""
        if not level or (self.terms.window == "lifetime" and self.earned(day) >= level):
            return None
        if self.terms.window == "lifetime":
            ends = [until for one, until in self.brought(day) if one >= level]
            return None if None in ends else max(until for until in ends if until)
        while True:
            after = day + timedelta(days=1) if self.terms.window == "rolling" else self.next_year(day)
            ends = [until + timedelta(days=1) for _, until in self.brought(day) if until]
            after = min(after, *ends, date.max)
            if self.deserved(after) < level:
                return after - timedelta(days=1)
            day = after

    def climb(self, day: date, counted: Mapping[str, int]) -> range:
        """What counted on a day, by measure; returns the levels that are reached."""
        self.days.setdefault(day, Counter()).update(counted)
        before = self.tier
        self.rise(day)
        return range(before + 1, self.tier + 1)

    def rise(self, day: date) -> None:
        deserved = self.deserved(day)
        if deserved >= self.tier:
            self.tier, self.until = deserved, self.kept_until(day, deserved)

    def lend(self, day: date, level: int, until: date | None) -> None:
        """A level that was brought along counts as earned to its last day, or for one period of the window."""
        if until is None and self.terms.window != "lifetime":
            until = self.period(day)
        self.lent = [(level, until)]
        self.rise(day)
