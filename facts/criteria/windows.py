"""The time over which a criterion measures, on the member's own calendar. Days are ordinals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from facts.criteria.filters import CLOSED
from facts.criteria.seen import Place
from facts.parts import Misfit
from facts.said import Said

Unit = Literal["day", "week", "month", "quarter", "year"]


@lru_cache(maxsize=50_000)
def period_of(day: int, unit: Unit) -> int:
    """The number of the day, week (from Monday), month, quarter or year in which a day lies; one more for the next."""
    if unit == "day":
        return day
    if unit == "week":
        return (day - 1) // 7
    when = date.fromordinal(day)
    if unit == "month":
        return when.year * 12 + when.month - 1
    if unit == "quarter":
        return when.year * 4 + (when.month - 1) // 3
    return when.year


def period_days(period: int, unit: Unit) -> tuple[int, int]:
    """The first day of a period and the first day after it."""
    if unit == "day":
        return period, period + 1
    if unit == "week":
        return period * 7 + 1, period * 7 + 8
    return _first(period, unit), _first(period + 1, unit)


def _first(period: int, unit: Unit) -> int:
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    year, month = divmod(period * months, 12)
    return date(year, month + 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Ever:
    """From the beginning on."""

    __pydantic_config__ = CLOSED

    kind: Literal["ever"] = "ever"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The day, week, month, quarter or year that it is."""

    __pydantic_config__ = CLOSED

    kind: Literal["calendar"]
    unit: Unit


@dataclass(frozen=True, slots=True)
class Rolling:
    """The last `days` days, today among them."""

    __pydantic_config__ = CLOSED

    kind: Literal["rolling"]
    days: int

    def __post_init__(self) -> None:
        """A window has a length."""
        if not 1 <= self.days <= 400:
            raise Misfit(Said("a rolling window lasts from 1 to 400 days"), "days")


@dataclass(frozen=True, slots=True)
class Fixed:
    """A campaign: from the day `since` to the day `until`, both included."""

    __pydantic_config__ = CLOSED

    kind: Literal["fixed"]
    since: date
    until: date

    def __post_init__(self) -> None:
        """Time runs forward."""
        if self.until < self.since:
            raise Misfit(
                Said("it ends before it begins: choose a day from {since} on", since=self.since), "until"
            )


@dataclass(frozen=True, slots=True)
class FromJoining:
    """The first `days` days of a member, the day of joining among them."""

    __pydantic_config__ = CLOSED

    kind: Literal["from_joining"]
    days: int

    def __post_init__(self) -> None:
        """A window has a length."""
        if not 1 <= self.days <= 3650:
            raise Misfit(Said("a window from joining on lasts from 1 to 3650 days"), "days")


Window = Ever | Calendar | Rolling | Fixed | FromJoining


EVER = Ever()


def within(window: Window, day: int, place: Place) -> bool:
    """Whether something on that day can count at all."""
    if isinstance(window, Fixed):
        return window.since.toordinal() <= day <= window.until.toordinal()
    if isinstance(window, FromJoining):
        return place.joined <= day < place.joined + window.days
    return True


def bucket(window: Window, day: int) -> int:
    """The bucket in which a day's amount is kept: days of a rolling window, periods of a calendar, else one."""
    if isinstance(window, Rolling):
        return day
    if isinstance(window, Calendar):
        return period_of(day, window.unit)
    return 0


def oldest(window: Window, day: int) -> int:
    """The oldest bucket that still counts on a day."""
    return day - window.days + 1 if isinstance(window, Rolling) else bucket(window, day)
