"""Streaks of purchases on the member's own calendar, as drawn orders that come by HTTP and awards that are exported."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.budget import CALM, examples
from tests.engine.test_clocks import travel
from tests.engine.till import Till
from tests.engine.wording import a_programme
from tests.facts.test_criteria_streaks import independent

pytestmark = pytest.mark.feature(71)
Every = Literal["day", "week", "month"]
EVERY: tuple[Every, ...] = ("day", "week", "month")
LONGEST = 16
JOINED = datetime(2025, 6, 1, 12, tzinfo=UTC)
GAMES = "badges:\n" + "".join(
    f"  - {{slug: {every}, name: In a row, levels: {[*range(2, LONGEST + 1)]}, "
    f"criterion: {{kind: streak, every: {every}, at_least: 2}}}}\n"
    for every in EVERY
)
# zones, and the days on which their clocks change
CHANGES = [
    ("America/New_York", "2026-03-08"), ("America/New_York", "2026-11-01"), ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"), ("Africa/Cairo", "2026-04-24"), ("Australia/Lord_Howe", "2026-04-05"),
    ("Pacific/Auckland", "2026-09-27"), ("Asia/Kolkata", "2026-06-01"),
]  # fmt: skip
changes, hours = st.sampled_from(CHANGES), st.integers(0, 23)
days = st.lists(st.none() | hours, min_size=8, max_size=14).filter(any)


def best(till: Till, customer: str) -> dict[Every, int]:
    """The longest streak that a badge was given for, by period; 1 without a badge."""
    who = till.standing(customer)["member"]
    rows = [json.loads(line) for line in till.run("export", "awards").stdout.splitlines() if line[:1] == "{"]
    mine = [row for row in rows if row["member_id"] == who and row["revoked_at"] is None]
    return {every: max([1, *(row["level"] + 1 for row in mine if row["slug"] == every)]) for every in EVERY}


def joins(till: Till, moves: dict[datetime, str]) -> str:
    """Somebody new, who takes these clocks at these moments."""
    if not till.head:
        till.at(JOINED - timedelta(days=1)).open(a_programme(zone="America/Los_Angeles") + GAMES)
    customer = str(next(till.numbers))
    till.at(JOINED - timedelta(days=1)).post(till.event("visit", {}, customer))
    travel(till, customer, {f"{at:%Y-%m-%d %H:%M:%S}": zone for at, zone in moves.items()})
    till.at("2028-01-01 12:00")
    return customer


def bought(till: Till, customer: str, moments: list[datetime], seed: int) -> None:
    """An order at each moment, told in any order."""
    orders: list[dict[str, Any]] = [
        till.order(f"{customer}-{n}", "5.00", customer=customer, at=at) for n, at in enumerate(moments)
    ]
    random.Random(seed).shuffle(orders)
    assert {one["status"] for one in till.send(*orders)} == {"recorded"}


@settings(max_examples=examples(6, full=150), deadline=None, suppress_health_check=CALM)
@given(changes, days, st.sampled_from([1, 7, 30]), st.integers())
def test_the_longest_streak_is_that_of_the_members_calendar(
    till: Till, change: tuple[str, str], clock: list[int | None], apart: int, seed: int
) -> None:
    """At an hour of each day (or week, or month) around the change of a clock, or not at all."""
    zone = ZoneInfo(change[0])
    first = date.fromisoformat(change[1]) - timedelta(days=5 * apart)
    moments = [
        datetime.combine(first + timedelta(days=n * apart), time(hour), zone).astimezone(UTC)
        for n, hour in enumerate(clock)
        if hour is not None
    ]
    customer = joins(till, {JOINED: change[0]})
    bought(till, customer, moments, seed)
    local = {moment.astimezone(zone).date() for moment in moments}
    assert best(till, customer) == {every: independent(local, every) for every in EVERY}


@settings(max_examples=examples(6, full=150), deadline=None, suppress_health_check=CALM)
@given(changes, changes, st.lists(hours, min_size=3, max_size=12), st.integers(1, 11), st.integers())
@example(("America/New_York", "2026-03-08"), ("Pacific/Auckland", "2026-09-27"), [12, 23, 0, 12, 12], 2, 0)
def test_who_travels_while_a_clock_changes_keeps_the_streak(
    till: Till, old: tuple[str, str], new: tuple[str, str], clock: list[int], moved: int, seed: int
) -> None:
    """An order a day by the clock of the place where they are: a day that the journey skips is no missed one."""
    first, moments = date.fromisoformat(old[1]) - timedelta(days=5), list[datetime]()
    moves = {JOINED: old[0]}
    for n, hour in enumerate(clock):
        zone = old[0] if n < moved else new[0]
        moment = datetime.combine(first + timedelta(days=n), time(hour), ZoneInfo(zone)).astimezone(UTC)
        if moments and moment <= moments[-1] + timedelta(seconds=1):
            continue
        if zone not in moves.values():
            moves[moment - timedelta(seconds=1)] = zone
        moments.append(moment)
    customer = joins(till, moves)
    bought(till, customer, moments, seed)
    assert len(clock) - 1 <= best(till, customer)["day"] <= len(moments)
