"""Being away: which days are possible, how many a year, and what is left when one comes back early."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.away import (
    AHEAD_DAYS_MAX,
    AWAY_DAYS_MAX,
    STRETCHES_MAX,
    NotAway,
    days_in,
    joined,
    remembered,
    why_not_away,
    without,
)

TODAY = date(2026, 11, 22).toordinal()


@pytest.mark.parametrize(
    ("since", "until", "away", "why"),
    [
        (0, 0, [], None),
        (0, 13, [], None),
        (5, 4, [], NotAway.BACKWARDS),
        (-1, 4, [], NotAway.PAST),
        (AHEAD_DAYS_MAX, AHEAD_DAYS_MAX, [], None),
        (AHEAD_DAYS_MAX, AHEAD_DAYS_MAX + 1, [], NotAway.FAR),
        (50, 50 + AWAY_DAYS_MAX - 1, [], None),
        (50, 50 + AWAY_DAYS_MAX, [], NotAway.TOO_MUCH),
        (50, 50, [(51, 51 + AWAY_DAYS_MAX - 2)], None),
        (50, 51, [(52, 52 + AWAY_DAYS_MAX - 2)], NotAway.TOO_MUCH),
        (60, 70, [(51, 51 + AWAY_DAYS_MAX - 1)], None),  # the same days once more
        (10, 10 + AWAY_DAYS_MAX, [], None),  # 30 days of this year, 31 of the next
        (10, 10 + AWAY_DAYS_MAX, [(71, 100)], NotAway.TOO_MUCH),
        (60, 60, [(45 + 2 * n, 45 + 2 * n) for n in range(STRETCHES_MAX)], NotAway.TOO_OFTEN),
        (56, 56, [(45 + 2 * n, 45 + 2 * n) for n in range(STRETCHES_MAX)], None),  # follows on the last
        (30, 60, [(45 + 2 * n, 45 + 2 * n) for n in range(STRETCHES_MAX)], None),  # holds them all
    ],
)
def test_when_somebody_can_be_away(
    since: int, until: int, away: list[tuple[int, int]], why: NotAway | None
) -> None:
    known = [(TODAY + first, TODAY + last) for first, last in away]
    assert why_not_away(TODAY + since, TODAY + until, TODAY, known) is why


def test_a_day_counts_once_and_in_its_year() -> None:
    new_year = date(2027, 1, 1).toordinal()
    away = [(new_year - 3, new_year + 4), (new_year - 1, new_year + 1)]
    assert (days_in(2026, away), days_in(2027, away), days_in(2028, away)) == (3, 5, 0)


@pytest.mark.parametrize(
    ("day", "left"), [(-1, []), (0, []), (1, [(0, 0)]), (5, [(0, 4)]), (9, [(0, 8)]), (20, [(0, 9)])]
)
def test_who_comes_back_early_was_away_until_then(day: int, left: list[tuple[int, int]]) -> None:
    other = (TODAY + 30, TODAY + 31)
    found = without([(TODAY, TODAY + 9), other], (TODAY, TODAY + 9), TODAY + day)
    assert found == (*((TODAY + first, TODAY + last) for first, last in left), other)
    assert without(found, (TODAY + 70, TODAY + 71), TODAY) == found


def test_a_year_has_sixty_days() -> None:
    start = date(2026, 1, 1)
    assert AWAY_DAYS_MAX == 60
    assert days_in(2026, [(start.toordinal(), (start + timedelta(days=59)).toordinal())]) == AWAY_DAYS_MAX


@given(st.lists(st.tuples(st.integers(-500, 60), st.integers(0, 30)), max_size=40), st.integers(-40, 40))
def test_stretches_hold_the_very_days_that_were_told(told: list[tuple[int, int]], today: int) -> None:
    """Against sets of days: however they overlap, none is lost or added, or forgotten too early."""
    away = [(TODAY + since, TODAY + since + more) for since, more in told]
    day, stretches = TODAY + today, joined(away)
    assert _days(stretches) == _days(away)
    assert all(one[1] + 1 < next_one[0] for one, next_one in pairwise(stretches))
    old = date(date.fromordinal(day).year - 1, 1, 1).toordinal()
    assert {one for one in _days(away) if one >= old} <= _days(remembered(away, day)) <= _days(away)
    for one in away[:3]:
        off = {gone for gone in range(one[0], one[1] + 1) if gone >= day}
        assert _days(without(stretches, one, day)) == _days(away) - off


def _days(away: Iterable[tuple[int, int]]) -> set[int]:
    return {day for since, until in away for day in range(since, until + 1)}
