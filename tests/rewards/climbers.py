"""A climber on paper: the ladder day by day, by brute force; it knows nothing of the engine.

What counts on a day is asked of every day; how long a level lasts is found by going on one day after the other.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

Deed = tuple[date, str, int]
"""A day, a measure, and how much of it (money in cents)."""
LONG = 2600  # days after which a level lasts for ever
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rules:
    """`levels` are what each level asks for, the first nothing; `any` of it where a level's number is in `either`."""

    levels: tuple[dict[str, int], ...]
    either: frozenset[int]
    window: str
    keep: bool
    months: int
    policy: str
    grace: int


@dataclass
class Climber:
    """Somebody on the ladder. `until` is the last day of what they have."""

    rules: Rules
    joined: date
    deeds: list[Deed] = field(default_factory=list[Deed])
    level: int = 0
    until: date | None = None

    def counts(self, deed: date, day: date) -> bool:
        """Whether a deed counts on a day by itself (what a year keeps for the next one apart)."""
        if self.rules.window == "lifetime":
            return True
        if self.rules.window == "rolling":
            return deed <= day < months_after(deed, self.rules.months)
        return self.year(deed) == self.year(day)

    def year(self, day: date) -> int:
        """The number of the year that a day lies in."""
        if self.rules.window == "calendar_year":
            return day.year
        number = 0
        while birthday(self.joined, number + 1) <= day:
            number += 1
        return number

    def reached(self, totals: dict[str, int]) -> int:
        """The highest level that totals are enough for."""
        best = 0
        for number, asked in enumerate(self.rules.levels):
            enough = [totals.get(name, 0) >= amount for name, amount in asked.items()]
            if (any(enough) if number in self.rules.either else all(enough)) and asked:
                best = number
        return best

    def earned(self, day: date) -> int:
        """The level that is earned on a day."""
        now = self.reached(self.totals(deed for deed in self.deeds if self.counts(deed[0], day)))
        if not self.rules.keep or self.rules.window not in ("calendar_year", "anniversary"):
            return now
        before = (deed for deed in self.deeds if self.year(deed[0]) == self.year(day) - 1)
        return max(now, self.reached(self.totals(before)))

    @staticmethod
    def totals(deeds: Iterable[Deed]) -> dict[str, int]:
        """Added up by measure."""
        found: dict[str, int] = {}
        for _, name, amount in deeds:
            found[name] = found.get(name, 0) + amount
        return found

    def lasts(self, day: date, level: int) -> date | None:
        """The last day on which a level that is earned on `day` is, with nothing more; None for ever."""
        for _ in range(LONG):
            if self.earned(day + DAY) < level:
                return day
            day += DAY
        return None

    def period(self, day: date) -> date:
        """The last day on which something of `day` would count."""
        last = day
        while self.counts(day, last + DAY):
            last += DAY
        return last

    def do(self, deed: Deed) -> None:
        """Something counts, on the day up to which time has passed."""
        self.deeds.append(deed)
        earned = self.earned(deed[0])
        if earned >= self.level:
            self.level = earned
            self.until = self.lasts(deed[0], earned) if earned else None

    def dawn(self, day: date) -> None:
        """A day begins: what has ended, grace included, is lost by the rules."""
        if self.until is None or self.rules.policy == "none":
            return
        if day != self.until + timedelta(days=1 + self.rules.grace):
            return
        earned = self.earned(day)
        if earned < self.level:
            self.level = self.level - 1 if self.rules.policy == "one_step" else earned
        if not self.level:
            self.until = None
        else:
            self.until = self.lasts(day, self.level) if earned >= self.level else self.period(day)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of the month."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def birthday(joined: date, number: int) -> date:
    """The day on which a member's year begins."""
    if (joined.month, joined.day) == (2, 29) and not isleap(joined.year + number):
        return date(joined.year + number, 2, 28)
    return joined.replace(year=joined.year + number)
