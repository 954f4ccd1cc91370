"""How far a member is on a track by the calendar alone; what a streak says of itself; who may take a challenge on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter

from badges.awards import Walked
from badges.document import Badge, Challenge
from badges.joining import Why, why_no_joining, why_no_leaving
from badges.tracks import Track, track_of
from badges.ways import Way, run_of, way_of
from facts.criteria import Chain, Place, period_of
from facts.dates import day_of

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)  # a Wednesday
ZONE = ZoneInfo("America/New_York")
PLACE = Place(ZONE, 1)
DAY = day_of(NOW, ZONE)
COUNT = {"kind": "count", "at_least": 1}


def a_badge(**more: Any) -> Track:
    told = {"slug": "b", "name": {"en": "B"}, "criterion": COUNT, "levels": ["2", "5"]} | more
    return track_of(TypeAdapter(Badge).validate_python(told), 2, 1)


def a_challenge(**more: Any) -> Track:
    told = {"slug": "c", "name": {"en": "C"}, "criterion": COUNT, "milestones": [{"at": 2}, {"at": 5}]} | more
    return track_of(TypeAdapter(Challenge).validate_python(told), 2, 1)


def walked(track: Track, count: int = 0, **more: Any) -> Walked:
    return Walked(track.shape, state=[[0, count]] if count else None, **more)


def way(track: Track, memory: Walked | None = None, at: datetime = NOW) -> Way:
    return way_of(track, memory, at, PLACE)


def test_from_nothing_to_the_last_level() -> None:
    track = a_badge()
    first = way(track)
    assert (first.reached, first.value, first.goal, first.percent, first.done) == (0, 0, 2, 0, False)
    between = way(track, walked(track, 4, reached=1))
    assert (between.reached, between.value, between.goal, between.percent) == (1, 4, 5, 80)
    last = way(track, walked(track, 6, reached=2))
    assert (last.goal, last.percent, last.done) == (None, 100, True)


def test_another_question_begins_anew() -> None:
    track = a_badge()
    memory = walked(track, 4, reached=1)
    memory.shape = "other"
    assert (way(track, memory).value, way(track, memory).reached) == (0, 1)


def test_an_expired_round_is_over_on_its_day_and_not_before() -> None:
    track = a_badge(expires_days=10)
    memory = walked(track, 4, reached=1, until=DAY + 1)
    assert way(track, memory).reached == 1
    over = way(track, memory, NOW + timedelta(days=1))
    assert (over.instance, over.reached, over.value) == (1, 0, 0)


@pytest.mark.parametrize(("repeats", "left", "last"), [("day", 1, 0), ("week", 5, 4), ("month", 13, 12)])
def test_a_repeating_challenge_ends_with_its_period(repeats: Any, left: int, last: int) -> None:
    track = a_challenge(repeats=repeats)
    memory = walked(track, 3, instance=period_of(DAY, repeats), reached=1)
    now = way(track, memory)
    assert (now.reached, now.days_left) == (1, left)
    assert way(track, memory, NOW + timedelta(days=last)).reached == 1
    assert way(track, memory, NOW + timedelta(days=last)).days_left == 1
    anew = way(track, memory, NOW + timedelta(days=last + 1))
    assert (anew.reached, anew.value) == (0, 0)


def test_own_days_run_from_joining() -> None:
    track = a_challenge(join="opt_in", days=30)
    assert not way(track).taking_part
    memory = walked(track, since=DAY)
    assert (way(track, memory).taking_part, way(track, memory).days_left) == (True, 30)
    last = way(track, memory, NOW + timedelta(days=29))
    assert (last.taking_part, last.days_left) == (True, 1)
    over = way(track, memory, NOW + timedelta(days=30))
    assert (over.taking_part, over.over) == (False, True)


def test_who_has_left_takes_no_part_while_the_days_run_on() -> None:
    track = a_challenge(join="opt_in", days=30)
    memory = walked(track, 1, since=DAY - 10, blocked=True)
    left = way(track, memory)
    assert (left.taking_part, left.over, left.value, left.days_left) == (False, False, 1, 20)
    assert why_no_joining(left, "member", False, NOW) is None
    assert why_no_leaving(left) is Why.NOT_JOINED
    over = way(track, memory, NOW + timedelta(days=20))
    assert (over.taking_part, over.over) == (False, True)
    assert why_no_joining(over, "member", False, NOW) is Why.OVER


def test_nobody_can_leave_what_has_become_automatic() -> None:
    assert way(a_challenge(), walked(a_challenge(), since=DAY - 10, blocked=True)).taking_part


def test_what_closes_first_is_what_is_left() -> None:
    track = a_challenge(join="opt_in", days=30, closes=datetime(2026, 11, 21, 5, tzinfo=UTC))
    assert way(track, walked(track, since=DAY)).days_left == 3
    assert way(track).days_left == 3


def test_a_window_that_is_over_is_over() -> None:
    place = Place(ZONE, DAY - 10)
    window = {"kind": "from_joining", "days": 11}
    track = a_challenge(criterion=COUNT | {"window": window})
    assert (way_of(track, None, NOW, place).taking_part, way_of(track, None, NOW, place).days_left) == (
        True,
        1,
    )
    over = way_of(track, None, NOW + timedelta(days=1), place)
    assert (over.taking_part, over.over) == (False, True)
    fixed = {"kind": "fixed", "since": "2026-11-01", "until": "2026-11-18"}
    track = a_badge(criterion=COUNT | {"window": fixed})
    assert (way(track).over, way(track).days_left) == (False, 1)
    assert way(track, at=NOW + timedelta(days=1)).over


def weeks(last: int, length: int, best: int = 0, frozen: tuple[int, ...] = ()) -> list[Any]:
    """The state of a weekly streak whose last full week was `last` weeks ago."""
    week = period_of(DAY, "week") - last
    moment = int((NOW - timedelta(weeks=last)).timestamp())
    return Chain(
        week, length, best or length, moment, [period_of(DAY, "week") - one for one in frozen]
    ).state()


@pytest.mark.parametrize(
    ("freezes", "state", "length", "best", "left", "frozen", "reason"),
    [
        (1, weeks(0, 3, 7), 3, 7, 1, 0, None),
        (1, weeks(1, 3), 3, 3, 1, 0, None),
        (1, weeks(2, 3), 3, 3, 0, 1, None),
        (1, weeks(3, 3), 0, 3, 0, 1, "none_left"),
        (2, weeks(3, 3), 3, 3, 0, 2, None),
        (0, weeks(2, 9), 0, 9, 0, 0, "no_freezes"),
        (2, weeks(70, 9), 0, 9, 2, 0, "too_long"),
    ],
)
def test_a_streak_says_why_a_freeze_could_not_help(
    freezes: int, state: Any, length: int, best: int, left: int, frozen: int, reason: str | None
) -> None:
    criterion = {"kind": "streak", "every": "week", "at_least": 4, "freezes": freezes}
    track = a_badge(criterion=criterion, levels=None)
    run = run_of(way(track, Walked(track.shape, state=state)), NOW, PLACE)
    assert run is not None
    assert (run.length, run.best, run.freezes_left, len(run.frozen)) == (length, best, left, frozen)
    assert (run.broken.reason if run.broken else None) == reason


def test_what_is_no_streak_has_no_run() -> None:
    assert run_of(way(a_badge()), NOW, PLACE) is None


SINCE: dict[str, Any] = {"since": DAY}
DONE: dict[str, Any] = {"since": DAY, "reached": 2}


@pytest.mark.parametrize(
    ("more", "memory", "tier", "gone", "why"),
    [
        ({}, {}, "member", False, Why.AUTOMATIC),
        ({"budget": 5}, {}, "member", True, Why.GIVEN_AWAY),
        ({"budget": 5}, DONE, "member", True, Why.AUTOMATIC),
        ({"budget": 5, "paused": True}, {}, "member", True, Why.PAUSED),
        ({"join": "opt_in"}, {}, "member", False, None),
        ({"join": "opt_in"}, SINCE, "member", False, Why.JOINED),
        ({"join": "opt_in"}, DONE, "member", False, Why.DONE),
        ({"join": "opt_in", "repeats": "on_joining"}, DONE, "member", False, None),
        ({"join": "opt_in", "repeats": "on_joining"}, SINCE, "member", False, Why.JOINED),
        ({"join": "opt_in", "days": 5}, {"since": DAY - 5}, "member", False, Why.OVER),
        ({"join": "opt_in", "days": 5}, {"since": DAY - 4}, "member", False, Why.JOINED),
        ({"join": "opt_in", "days": 5, "repeats": "on_joining"}, {"since": DAY - 5}, "member", False, None),
        ({"join": "opt_in", "tiers": ["gold"]}, {}, "member", False, Why.OTHER_TIER),
        ({"join": "opt_in", "tiers": ["gold"]}, {}, "gold", False, None),
        ({"join": "opt_in", "budget": 5}, {}, "member", True, Why.GIVEN_AWAY),
        ({"join": "opt_in", "budget": 5}, SINCE, "member", True, Why.GIVEN_AWAY),
        ({"join": "opt_in", "budget": 5}, DONE, "member", True, Why.DONE),
        ({"join": "opt_in", "budget": 5, "repeats": "on_joining"}, DONE, "member", True, Why.GIVEN_AWAY),
        ({"join": "opt_in", "paused": True}, {}, "member", False, Why.PAUSED),
        ({"join": "opt_in", "retired": True}, {}, "member", False, Why.HIDDEN),
        ({"join": "opt_in", "closes": NOW}, {}, "member", False, Why.CLOSED),
        ({"join": "opt_in", "closes": NOW + timedelta(seconds=1)}, {}, "member", False, None),
        ({"join": "opt_in", "opens": NOW + timedelta(seconds=1)}, {}, "member", False, Why.NOT_YET),
        ({"join": "opt_in", "opens": NOW}, {}, "member", False, None),
    ],
)
def test_who_may_take_a_challenge_on(
    more: dict[str, Any], memory: dict[str, Any], tier: str, gone: bool, why: Why | None
) -> None:
    track = a_challenge(**more)
    assert why_no_joining(way(track, walked(track, **memory)), tier, gone, NOW) == why


@pytest.mark.parametrize(
    ("more", "memory", "why"),
    [
        ({}, {}, Why.AUTOMATIC),
        ({"join": "opt_in"}, {}, Why.NOT_JOINED),
        ({"join": "opt_in"}, SINCE, None),
        ({"join": "opt_in"}, DONE, Why.DONE),
    ],
)
def test_who_may_leave(more: dict[str, Any], memory: dict[str, Any], why: Why | None) -> None:
    track = a_challenge(**more)
    assert why_no_leaving(way(track, walked(track, **memory))) == why


def test_a_badge_is_nothing_to_join_or_leave() -> None:
    assert why_no_joining(way(a_badge()), "member", False, NOW) is Why.HIDDEN
    assert why_no_leaving(way(a_badge())) is Why.HIDDEN
