"""The tiers of a member, plainly: what counts by day, and which level that is until when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.model.arithmetic import add_months, midnight
from tests.model.terms import Terms

ANY_NEW_YEAR = date(2000, 1, 1)


@dataclass
class Ladder:
    """`days` are what counted by day and measure, spend in minor units. A member's own years begin on the day `joined`.

    `pin` is a level that staff gave, and its last day.
    """

    terms: Terms
    days: dict[date, Counter[str]] = field(default_factory=dict)
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
        return max(self.reached(span) for span in self.spans(day))

    def reached(self, span: list[date]) -> int:
        """The highest level for what counted on these days."""
        rungs = self.terms.rungs
        asked = {name for needs in rungs for name in needs.least}
        sums = {name: sum(self.days[d][name] for d in span) for name in asked}
        return max(level for level, needs in enumerate(rungs) if needs.met(sums))

    def kept_until(self, day: date, level: int) -> date | None:
        """The last day in a row on which a level is earned."""
        if not level or self.terms.window == "lifetime":
            return None
        while True:
            after = day + timedelta(days=1) if self.terms.window == "rolling" else self.next_year(day)
            if self.deserved(after) < level:
                return after - timedelta(days=1)
            day = after

    def climb(self, day: date, counted: Mapping[str, int]) -> range:
        """What counted on a day, by measure; returns the levels that are reached."""
        self.days.setdefault(day, Counter()).update(counted)
        deserved, before = self.deserved(day), self.tier
        if deserved >= self.tier:
            self.tier, self.until = deserved, self.kept_until(day, deserved)
        return range(before + 1, self.tier + 1)
