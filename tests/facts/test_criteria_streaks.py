"""Streaks on the member's own calendar: DST, leap days, changes of zone, freezes and absences."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.criteria import Chain, Place, Seen
from tests.facts.walking import HOME, NEW_YORK, a_basket, asked, at, comes_to, walked

DAILY, WEEKLY, MONTHLY = (asked("streak", every=every, at_least=2) for every in ("day", "week", "month"))
FROZEN = asked("streak", every="day", at_least=2, freezes=2)


def days_of_march(*days: int) -> list[Any]:
    return [a_basket(at(f"2026-03-{day:02}T12:00")) for day in days]


def place(zone: str = "America/New_York", *away: tuple[str, str]) -> Place:
    absent = tuple((date.fromisoformat(a).toordinal(), date.fromisoformat(b).toordinal()) for a, b in away)
    return Place(ZoneInfo(zone), HOME.joined, 2, absent)


@pytest.mark.feature(71)
@pytest.mark.parametrize("changes", ["2026-03-08", "2026-11-01"])
@pytest.mark.parametrize("clock", ["00:00", "00:30", "03:30", "23:59"])
def test_a_day_of_23_or_25_hours_is_one_day(changes: str, clock: str) -> None:
    day = date.fromisoformat(changes)
    around = [a_basket(at(f"{day + timedelta(days=n)}T{clock}")) for n in (-2, -1, 0, 1, 2)]
    assert comes_to(DAILY, around, str(day + timedelta(days=2))) == 5
    assert comes_to(WEEKLY, around, str(day + timedelta(days=2))) == 2


@pytest.mark.feature(71)
def test_periods_end_at_midnight() -> None:
    sunday, monday = a_basket(at("2026-03-08T23:59")), a_basket(at("2026-03-09T00:00"))
    assert comes_to(WEEKLY, [sunday, monday], "2026-03-09") == 2
    assert comes_to(MONTHLY, [sunday, monday], "2026-03-09") == 1
    leap = [a_basket(at(f"2028-02-{day}T12:00")) for day in (28, 29)] + [a_basket(at("2028-03-01T00:00"))]
    assert comes_to(DAILY, leap, "2028-03-01") == 3
    assert comes_to(MONTHLY, leap, "2028-03-01") == 2


def test_a_period_that_is_not_over_breaks_nothing() -> None:
    assert comes_to(DAILY, days_of_march(2, 3), "2026-03-04") == 2
    assert comes_to(DAILY, days_of_march(2, 3), "2026-03-05") == 0


def test_a_period_counts_when_it_is_full() -> None:
    twice = asked("streak", every="day", at_least=2, times=2)
    one = [a_basket(at(f"2026-03-0{day}T1{hour}:00")) for day in (2, 3) for hour in (0, 1)]
    assert comes_to(twice, one, "2026-03-03") == 2
    assert comes_to(twice, one[:-1], "2026-03-03") == 1


def independent(days: set[date], every: Literal["day", "week", "month"]) -> int:
    """The longest run, with the calendar of the standard library alone."""

    def number(day: date) -> int:
        if every == "month":
            return day.year * 12 + day.month
        return day.toordinal() if every == "day" else (day - timedelta(days=day.weekday())).toordinal() // 7

    periods = sorted({number(day) for day in days})
    best = run = 0
    for i, period in enumerate(periods):
        run = run + 1 if i and period == periods[i - 1] + 1 else 1
        best = max(best, run)
    return best


hours = st.lists(st.integers(0, 24 * 500), max_size=40, unique=True).map(sorted)
zones = st.sampled_from(
    ["America/New_York", "Pacific/Auckland", "Asia/Kolkata", "Pacific/Apia", "Europe/Berlin", "UTC"]
)


@pytest.mark.feature(71)
@settings(max_examples=150, deadline=None)
@given(hours, zones, st.sampled_from(["day", "week", "month"]), st.sampled_from([1, 9, 26]))
def test_the_longest_streak_is_that_of_the_local_calendar(
    drawn: list[int], zone: str, every: Literal["day", "week", "month"], dense: int
) -> None:
    moments = [datetime(2027, 9, 1, tzinfo=UTC) + timedelta(hours=hour * dense / 26) for hour in drawn]
    state = walked(asked("streak", every=every, at_least=2), map(a_basket, moments), place(zone))
    local = {moment.astimezone(ZoneInfo(zone)).date() for moment in moments}
    assert Chain.of(state).best == independent(local, every)


@pytest.mark.feature(71)
@settings(max_examples=150, deadline=None)
@given(zones, zones, st.integers(2, 12), st.integers(1, 11), st.integers(0, 23))
def test_who_travels_keeps_a_streak_that_either_clock_gives(
    old: str, new: str, length: int, moved: int, hour: int
) -> None:
    """One order a day by the clock of the place where one is, at any hour, whichever way the journey goes."""
    state: Any = None
    first = date(2026, 5, 1)
    before: datetime | None = None
    for n in range(length):
        here = place(old if n < moved else new)
        moment = datetime.combine(first + timedelta(days=n), datetime.min.time(), here.zone).replace(
            hour=hour
        )
        when = moment.astimezone(UTC)
        if before is not None and when <= before:
            continue
        before = when
        state = DAILY.step(state, Seen.of(a_basket(when), here), 99)
    chain = Chain.of(state)
    assert chain.length == chain.best, "never broken"
    assert chain.length >= length - 1, "at most the day that the journey skips is not one of its own"
    assert chain.length <= length


@pytest.mark.feature(72)
def test_a_freeze_keeps_and_never_lengthens() -> None:
    assert comes_to(FROZEN, days_of_march(2, 3, 5), "2026-03-05") == 3
    assert comes_to(DAILY, days_of_march(2, 3, 5), "2026-03-05") == 1
    assert comes_to(FROZEN, days_of_march(2, 3), "2026-03-05") == 2


@pytest.mark.feature(72)
def test_two_a_month_and_no_more() -> None:
    assert comes_to(FROZEN, days_of_march(2, 4, 6), "2026-03-06") == 3
    assert comes_to(FROZEN, days_of_march(2, 4, 6, 8), "2026-03-08") == 1
    across = [a_basket(at(f"2026-{day}T12:00")) for day in ("03-27", "03-29", "03-31", "04-02", "04-04")]
    assert comes_to(FROZEN, across, "2026-04-04") == 5, "a new month, two new ones"


@pytest.mark.feature(72)
def test_a_broken_streak_does_not_bring_its_freezes_back() -> None:
    used_up = days_of_march(2, 4, 6, 8, 9, 11)
    assert comes_to(FROZEN, used_up, "2026-03-11") == 1
    assert FROZEN.freezes_left(walked(FROZEN, used_up), date(2026, 3, 12).toordinal()) == 0


@settings(max_examples=200, deadline=None)
@given(st.sets(st.integers(0, 120), min_size=1), st.integers(0, 2))
def test_no_month_uses_more_than_it_has(days: set[int], freezes: int) -> None:
    criterion = asked("streak", every="day", at_least=2, freezes=freezes)
    events = [a_basket(at("2026-02-01T12:00") + timedelta(days=day)) for day in sorted(days)]
    state: Any = None
    frozen: set[int] = set()
    for event in events:
        state = criterion.step(state, Seen.of(event, HOME), 99)
        frozen |= set(Chain.of(state).frozen)
        assert Chain.of(state).length <= len(days)
    months = [(date.fromordinal(day).year, date.fromordinal(day).month) for day in frozen]
    assert all(months.count(month) <= freezes for month in months)
    assert not frozen & {event.at.astimezone(NEW_YORK).toordinal() for event in events}


@pytest.mark.feature(72)
@pytest.mark.parametrize(
    ("criterion", "to", "how"),
    [
        (DAILY, 5, [("broken", "no_freezes")]),
        (FROZEN, 5, [("frozen", ""), ("frozen", "")]),
        (FROZEN, 6, [("frozen", ""), ("frozen", ""), ("broken", "none_left")]),
        (FROZEN, 90, [("broken", "too_long")]),
    ],
)
def test_why_a_freeze_could_not_help(criterion: Any, to: int, how: list[tuple[str, str]]) -> None:
    chain = Chain.of(walked(criterion, days_of_march(2)))
    now = date(2026, 3, 2).toordinal() + to - 2
    assert [(one.how, one.reason) for one in criterion.missed(chain, now, HOME)] == how


@pytest.mark.feature(72)
def test_who_is_away_misses_nothing_and_uses_no_freeze() -> None:
    away = place("America/New_York", ("2026-03-04", "2026-03-20"))
    events = days_of_march(3, 21)
    assert comes_to(FROZEN, events, "2026-03-21", away) == 2
    assert Chain.of(walked(FROZEN, events, away)).frozen == []
    assert comes_to(FROZEN, events, "2026-03-21") == 1


@pytest.mark.feature(72)
@pytest.mark.parametrize(
    ("criterion", "since", "until", "on", "value"),
    [
        (WEEKLY, "2026-03-09", "2026-03-12", "2026-03-16", 2),
        (WEEKLY, "2026-03-10", "2026-03-12", "2026-03-16", 1),
        (WEEKLY, "2026-03-12", "2026-03-20", "2026-03-16", 2),
        (WEEKLY, "2026-03-15", "2026-03-20", "2026-03-16", 1),
        (MONTHLY, "2026-04-01", "2026-04-15", "2026-05-02", 2),
        (MONTHLY, "2026-04-01", "2026-04-14", "2026-05-02", 1),
        (MONTHLY, "2026-03-20", "2026-05-01", "2026-05-02", 2),
        (DAILY, "2026-03-03", "2026-03-03", "2026-03-04", 2),
    ],
)
def test_a_period_waits_when_half_of_it_is_away(
    criterion: Any, since: str, until: str, on: str, value: int
) -> None:
    """The first basket is of 2 March, a Monday; the period that follows it is missed."""
    events = [a_basket(at(f"{day}T12:00")) for day in ("2026-03-02", on)]
    assert comes_to(criterion, events, on, place("America/New_York", (since, until))) == value


def test_absences_that_together_are_half_of_a_week_excuse_it() -> None:
    days = [("2026-03-09", "2026-03-10"), ("2026-03-13", "2026-03-14")]
    events = [a_basket(at(f"{day}T12:00")) for day in ("2026-03-02", "2026-03-16")]
    assert comes_to(WEEKLY, events, "2026-03-16", place("America/New_York", *days)) == 2
    assert comes_to(WEEKLY, events, "2026-03-16", place("America/New_York", days[0], days[0])) == 1


def test_a_streak_without_a_line_is_the_streak_without_it() -> None:
    """What was refunded is not in the history any more: the streak is that of the rest."""
    assert comes_to(DAILY, days_of_march(2, 3, 4), "2026-03-04") == 3
    assert comes_to(DAILY, days_of_march(2, 4), "2026-03-04") == 1
