"""Days and months of a time zone, on integers: an ordinal is a day as `date.toordinal` counts it."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo


def day_of(moment: datetime, zone: ZoneInfo) -> int:
    """The ordinal of the local day of `moment`."""
    return moment.astimezone(zone).toordinal()


@lru_cache(maxsize=20_000)
def midnight(day: int, zone: ZoneInfo) -> datetime:
    """When the local day begins, in UTC. Where clocks skip midnight, the first moment after it."""
    return datetime.combine(date.fromordinal(day), time(), zone).astimezone(UTC)


@lru_cache(maxsize=50_000)
def months_after(day: int, months: int) -> int:
    """The same day of the month `months` later; the month's last day where it has no such day."""
    start = date.fromordinal(day)
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).toordinal()


@lru_cache(maxsize=50_000)
def year_of(day: int) -> int:
    """The year of a day."""
    return date.fromordinal(day).year


def year_end(year: int) -> int:
    """31 December of a year."""
    return date(year, 12, 31).toordinal()


def month_start(day: int) -> int:
    """The first day of a day's month."""
    return date.fromordinal(day).replace(day=1).toordinal()
