"""Being away: which days are possible, how many a year, and what is left when one comes back early."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from badges.away import AHEAD_DAYS_MAX, AWAY_DAYS_MAX, NotAway, days_in, why_not_away, without

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
