"""Being away, as members tell it day by day: no day is forgotten, and no trick makes more of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session

from badges.away import AWAY_DAYS_MAX, STRETCHES_MAX, days_in
from facts.language import language
from facts.refusals import Refusal
from members.actions import record
from members.actions.away import be_away, be_back
from members.views.playing import play_for
from tests.builders import NOW, PROGRAMME, an_order, in_force, standing_of

pytestmark = pytest.mark.feature(72)
STEADY = """
badges:
  - {slug: steady, name: Steady, criterion: {kind: streak, every: week, at_least: 9}}
"""
START = NOW.replace(month=3, day=2)


def away_of(session: Session, now: datetime) -> tuple[tuple[int, int], ...]:
    member_id = standing_of(session).member_id
    return play_for(session, member_id, now, language("en")).game.away


def be(session: Session, since: int, until: int, at: int) -> None:
    """Away between two days after the start, told at noon of another."""
    first, last = ((START + timedelta(days=day)).date().isoformat() for day in (since, until))
    be_away(session, standing_of(session).member_id, first, last, START + timedelta(days=at))


@pytest.fixture(autouse=True)
def member(session: Session) -> None:
    in_force(session, PROGRAMME + STEADY)
    record(session, [an_order("first", "10.00", at=START)], START)


def test_sixty_days_told_one_by_one_are_sixty_days(session: Session) -> None:
    for day in range(AWAY_DAYS_MAX):
        be(session, day, day, at=day)
    with pytest.raises(Refusal, match="60 days in a year"):
        be(session, AWAY_DAYS_MAX, AWAY_DAYS_MAX, at=AWAY_DAYS_MAX)
    away = away_of(session, START + timedelta(days=AWAY_DAYS_MAX))
    start = START.date().toordinal()
    assert away == ((start, start + AWAY_DAYS_MAX - 1),)


def test_single_days_cannot_excuse_a_year_of_weeks(session: Session) -> None:
    for week in range(STRETCHES_MAX):
        be(session, 7 * week, 7 * week, at=7 * week)
    with pytest.raises(Refusal, match="6 times in a year"):
        be(session, 7 * STRETCHES_MAX, 7 * STRETCHES_MAX, at=7 * STRETCHES_MAX)
    be(session, 36, 37, at=36)  # the day after the last one: the same time away
    away = away_of(session, START + timedelta(days=50))
    assert len(away) == STRETCHES_MAX
    assert days_in(START.year, away) == STRETCHES_MAX + 2


def test_an_honest_absence_outlives_any_change_of_mind(session: Session) -> None:
    be(session, 0, 13, at=0)
    day = (START + timedelta(days=40)).date().isoformat()
    for _ in range(25):
        be(session, 40, 40, at=20)
        be_back(session, standing_of(session).member_id, day, day, START + timedelta(days=20))
    start = START.date().toordinal()
    assert away_of(session, START + timedelta(days=30)) == ((start, start + 13),)


def test_a_new_year_has_its_own_times_and_still_knows_the_old_one(session: Session) -> None:
    for week in range(STRETCHES_MAX):
        be(session, 7 * week, 7 * week, at=0)
    new_year = date(START.year + 1, 1, 1).toordinal() - START.date().toordinal()
    be(session, new_year + 3, new_year + 9, at=new_year + 3)
    assert len(away_of(session, START + timedelta(days=new_year + 20))) == STRETCHES_MAX + 1
    be(session, new_year + 400, new_year + 401, at=new_year + 399)
    assert len(away_of(session, START + timedelta(days=new_year + 402))) == 2
