"""Tiers: how far a member has climbed, until when, and what is missing to the next and to stay.

What climbs is kept by day (`Climb.days`), so that a window is a sum over days and spending points can never
lower a tier. Days are ordinals in the programme's zone. All functions are pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from facts.dates import day_of, months_after, year_end, year_of
from rewards.document import Basis, Tiers
from rewards.terms import Terms

KEPT_DAYS = 800  # how long a day is remembered at least; a window of more months is remembered in full


@dataclass(slots=True)
class Climb:
    """Where a member stands on the ladder.

    `days` are [day, spend in minor units, points earned], ascending. `until` is the last day on which the
    tier was (or, with nothing more earned, will be) earned; None while the tier is the first. `lent` is a level that
    was brought along and counts as earned up to and including a day: [slug, day], or nothing.
    """

    tier: str = ""
    since: datetime | None = None
    until: int | None = None
    days: list[list[int]] = field(default_factory=list[list[int]])
    lent: list[Any] = field(default_factory=list[Any])

    def add(self, day: int, spend: int, points: int) -> None:
        """Count what was spent and earned on a day."""
        days = self.days
        if days and days[-1][0] == day:
            days[-1][1] += spend
            days[-1][2] += points
        elif not days or days[-1][0] < day:
            days.append([day, spend, points])
        else:
            at = next(i for i, row in enumerate(days) if row[0] >= day)
            if days[at][0] == day:
                days[at][1] += spend
                days[at][2] += points
            else:
                days.insert(at, [day, spend, points])

    def forget(self, today: int, terms: Terms) -> None:
        """Drop days that no window can reach any more."""
        keep = max(KEPT_DAYS, terms.tiers.window.months * 31 + 31)
        while self.days and self.days[0][0] < today - keep:
            del self.days[0]


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a member is asked for: `amount` (points, or minor units of money) by the end of `by` to have `tier`."""

    tier: str
    amount: int
    by: int | None


def _column(tiers: Tiers) -> int:
    return 1 if tiers.basis is Basis.SPEND else 2


def _scale(terms: Terms) -> int:
    return 10**terms.digits if terms.tiers.basis is Basis.SPEND else 1


def counted(climb: Climb, day: int, terms: Terms) -> int:
    """What counts on `day` towards the next tier: this year's sum, or the rolling window's."""
    window, column = terms.tiers.window, _column(terms.tiers)
    if window.kind == "calendar_year":
        return _in_year(climb, year_of(day), column)
    return sum(row[column] for row in climb.days if row[0] <= day < months_after(row[0], window.months))


def _in_year(climb: Climb, year: int, column: int) -> int:
    first, last = year_end(year - 1), year_end(year)
    return sum(row[column] for row in climb.days if first < row[0] <= last)


def earned(climb: Climb, day: int, terms: Terms) -> int:
    """The index of the highest level that is earned on `day`, or lent for it, whatever tier is held."""
    return (
        max(_earned(climb, day, terms), _lent_level(climb, day, terms))
        if climb.lent
        else _earned(climb, day, terms)
    )


def _earned(climb: Climb, day: int, terms: Terms) -> int:
    window = terms.tiers.window
    best = counted(climb, day, terms)
    if window.kind == "calendar_year" and window.keep == "next_year":
        best = max(best, _in_year(climb, year_of(day) - 1, _column(terms.tiers)))
    scale = _scale(terms)
    return max(i for i, level in enumerate(terms.tiers.levels) if best >= level.threshold * scale)


def last_day(climb: Climb, day: int, index: int, terms: Terms) -> int | None:
    """The last day on which level `index`, earned on `day`, stays earned with nothing more; None for the first."""
    if index == 0:
        return None
    if not climb.lent or _lent_level(climb, day, terms) < index:
        return _last_day(climb, day, index, terms)
    lent: int = climb.lent[1]
    return max(lent, _last_day(climb, day, index, terms)) if _earned(climb, day, terms) >= index else lent


def _last_day(climb: Climb, day: int, index: int, terms: Terms) -> int:
    window, column = terms.tiers.window, _column(terms.tiers)
    threshold = terms.tiers.levels[index].threshold * _scale(terms)
    if window.kind == "calendar_year":
        year, kept = year_of(day), 1 if window.keep == "next_year" else 0
        return year_end(year + kept if _in_year(climb, year, column) >= threshold else year)
    live = [row for row in climb.days if row[0] <= day < months_after(row[0], window.months)]
    left = sum(row[column] for row in live)
    for row in live:
        left -= row[column]
        if left < threshold:
            return months_after(row[0], window.months) - 1
    raise AssertionError("a level that is earned is lost with its last day")


def rise(climb: Climb, at: datetime, terms: Terms) -> str | None:
    """Lift the climb to the level that is earned now; returns the tier left behind, or None without a change."""
    day = day_of(at, terms.zone)
    index, reached = terms.tiers.index(climb.tier), earned(climb, day, terms)
    if reached < index:
        return None
    climb.until = last_day(climb, day, reached, terms)
    if climb.tier == terms.tiers.levels[reached].slug:
        return None
    before, climb.tier, climb.since = climb.tier, terms.tiers.levels[reached].slug, at
    return before


def drop_day(climb: Climb, terms: Terms) -> int | None:
    """The day at whose start the tier is looked at again, grace included; None when nothing can be lost."""
    if climb.until is None or terms.tiers.downgrade.policy == "none":
        return None
    return climb.until + 1 + terms.tiers.downgrade.grace_days


def drop(climb: Climb, day: int, at: datetime, terms: Terms) -> str | None:
    """Settle the tier at the start of `day` (a `drop_day`); returns the tier that was lost, or None if it was kept."""
    index, reached = terms.tiers.index(climb.tier), earned(climb, day, terms)
    if reached >= index:
        climb.until = last_day(climb, day, index, terms)
        return None
    lower = index - 1 if terms.tiers.downgrade.policy == "one_step" else reached
    lost, climb.tier, climb.since = climb.tier, terms.tiers.levels[lower].slug, at
    climb.until = last_day(climb, day, lower, terms) if reached >= lower else _period(day, terms)
    return lost


def lend(climb: Climb, slug: str, until: int | None, at: datetime, terms: Terms) -> str | None:
    """Let a level count as earned up to and including the day `until` (None: for one period of the window).

    Returns the tier left behind, or None when the level changes nothing.
    """
    day = day_of(at, terms.zone)
    climb.lent = [slug, _period(day, terms) if until is None else until]
    return rise(climb, at, terms)


def _lent_level(climb: Climb, day: int, terms: Terms) -> int:
    """The index of the level that is lent for a day; the first when there is none."""
    slug, until = climb.lent
    return terms.tiers.index(slug) if day <= until else 0


def _period(day: int, terms: Terms) -> int:
    """How long a level that was fallen to or brought along, but not earned, is lent: one period of the window."""
    window = terms.tiers.window
    return year_end(year_of(day)) if window.kind == "calendar_year" else months_after(day, window.months) - 1


def to_next(climb: Climb, day: int, terms: Terms) -> Ahead | None:
    """What is missing to the next tier, and the last day to earn it in this window; None at the top."""
    levels, index = terms.tiers.levels, terms.tiers.index(climb.tier)
    if index + 1 >= len(levels):
        return None
    missing = max(0, levels[index + 1].threshold * _scale(terms) - counted(climb, day, terms))
    return Ahead(levels[index + 1].slug, missing, _window_end(climb, day, terms))


def _window_end(climb: Climb, day: int, terms: Terms) -> int | None:
    window = terms.tiers.window
    if window.kind == "calendar_year":
        return year_end(year_of(day))
    live = [row[0] for row in climb.days if row[0] <= day < months_after(row[0], window.months)]
    return months_after(live[0], window.months) - 1 if live else None


def to_stay(climb: Climb, day: int, terms: Terms) -> Ahead | None:
    """What is missing to keep the tier beyond `until`, and the last day for it; None where nothing can be done.

    With a calendar year that keeps nothing for the next one, nothing can be done before that year has begun.
    """
    end = drop_day(climb, terms)
    if end is None or climb.until is None:
        return None
    tiers, window, by = terms.tiers, terms.tiers.window, end - 1
    index = tiers.index(climb.tier)
    if window.kind == "calendar_year":
        year = year_of(end) if window.keep == "this_year" else max(year_of(day), year_of(end) - 1)
        if window.keep == "this_year" and year > year_of(day):
            return None
        have, by = _in_year(climb, year, _column(tiers)), min(by, year_end(year))
    else:
        have = counted(climb, end, terms)
    missing = (
        0 if earned(climb, end, terms) >= index else tiers.levels[index].threshold * _scale(terms) - have
    )
    return Ahead(climb.tier, max(0, missing), by)
