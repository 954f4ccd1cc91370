"""Days and months of a time zone, over the edges: short months, leap years, clocks that jump."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from facts.dates import day_of, midnight, month_start, months_after, year_end, year_of

NEW_YORK, CAIRO, KOLKATA = ZoneInfo("America/New_York"), ZoneInfo("Africa/Cairo"), ZoneInfo("Asia/Kolkata")


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "local"),
    [("2026-03-01T04:59:59", NEW_YORK, "2026-02-28"), ("2026-03-01T05:00:00", NEW_YORK, "2026-03-01"),
     ("2026-07-01T03:59:59", NEW_YORK, "2026-06-30"), ("2026-07-01T04:00:00", NEW_YORK, "2026-07-01"),
     ("2025-12-31T18:30:00", KOLKATA, "2026-01-01")],
)  # fmt: skip
def test_a_moment_has_its_local_day(moment: str, zone: ZoneInfo, local: str) -> None:
    assert day_of(utc(moment), zone) == day(local)


@pytest.mark.parametrize(
    ("local", "zone", "moment"),
    [("2026-03-08", NEW_YORK, "2026-03-08T05:00:00"), ("2026-03-09", NEW_YORK, "2026-03-09T04:00:00"),
     ("2026-11-02", NEW_YORK, "2026-11-02T05:00:00"), ("2026-04-24", CAIRO, "2026-04-23T22:00:00"),
     ("2026-01-01", KOLKATA, "2025-12-31T18:30:00")],
)  # fmt: skip
def test_a_day_begins_at_its_local_midnight(local: str, zone: ZoneInfo, moment: str) -> None:
    began = midnight(day(local), zone)
    assert began == utc(moment)
    assert began.tzinfo is UTC
    assert day_of(began, zone) == day(local)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2026-01-15", 0, "2026-01-15"),
     ("2026-12-05", 1, "2027-01-05"), ("2026-11-30", 3, "2027-02-28"), ("2026-08-31", 13, "2027-09-30"),
     ("2024-02-29", 12, "2025-02-28"), ("2026-01-01", 11, "2026-12-01"), ("2026-06-30", 60, "2031-06-30")],
)  # fmt: skip
def test_months_later_is_the_same_day_or_the_months_last(start: str, months: int, end: str) -> None:
    assert months_after(day(start), months) == day(end)


@pytest.mark.parametrize("text", ["2026-01-01", "2026-12-31", "2024-02-29", "1999-07-15"])
def test_years_and_months_have_their_edges(text: str) -> None:
    one = date.fromisoformat(text)
    assert year_of(day(text)) == one.year
    assert year_end(one.year) == day(f"{one.year}-12-31")
    assert month_start(day(text)) == day(f"{text[:8]}01")
