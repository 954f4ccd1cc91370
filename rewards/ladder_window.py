"""The time over which a ladder counts: years of the calendar, a member's own years, rolling months, a lifetime. Pure.

A year has a number: of the calendar its own, of a member how many they had completed when it began. Days are ordinals.
"""

from __future__ import annotations

from collections.abc import Sequence

from facts.dates import months_after, year_end, year_of
from rewards.ladder import Row
from rewards.tier_document import Window

YEARLY = ("calendar_year", "anniversary")


def year_on(window: Window, joined: int, day: int) -> int:
    """The number of the year that a day lies in. `joined` is the day on which a member's own years begin."""
    if window.kind == "calendar_year":
        return year_of(day)
    years = year_of(day) - year_of(joined)
    return years if day >= months_after(joined, 12 * years) else years - 1


def last_of(window: Window, joined: int, year: int) -> int:
    """The last day of a year. Who joined on 29 February begins on the 28th where there is no 29th."""
    if window.kind == "calendar_year":
        return year_end(year)
    return months_after(joined, 12 * (year + 1)) - 1


def in_year(rows: Sequence[Row], window: Window, joined: int, year: int) -> list[Row]:
    """The rows of a year."""
    before, last = last_of(window, joined, year - 1), last_of(window, joined, year)
    return [row for row in rows if before < row[0] <= last]


def counting(rows: Sequence[Row], window: Window, joined: int, day: int) -> Sequence[Row]:
    """The rows that count on a day: of its year, of the months until then, or all there are."""
    if window.kind == "lifetime":
        return rows
    if window.kind == "rolling":
        return [row for row in rows if row[0] <= day < months_after(row[0], window.months)]
    return in_year(rows, window, joined, year_on(window, joined, day))


def period(window: Window, joined: int, day: int) -> int:
    """The last day of one period that begins on a day: what is lent, and not earned, lasts so long.

    A lifetime has no periods; a level that is lost under it anyway, since the programme has changed, goes by years.
    """
    if window.kind == "rolling":
        return months_after(day, window.months) - 1
    if window.kind == "lifetime":
        return year_end(year_of(day))
    return last_of(window, joined, year_on(window, joined, day))
