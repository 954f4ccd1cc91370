"""The streaks page: what is running and why it ended, days away, one's own clock; and who may not."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from reflex.istate.data import RouterData
from sqlmodel import col, select

from app import database, door
from badges.away import AWAY_DAYS_MAX
from members.actions.record import record
from members.game_cards import StreaksCard
from members.tables import FactRow
from pages.challenges import ChallengesState
from pages.shelf import BadgesState
from pages.streaks import StreaksState
from tests.builders import a_refund, an_order
from tests.pages.conftest import House, call
from tests.pages.game import begin

pytestmark = pytest.mark.anyio
SHOP_ZONE = ZoneInfo("America/New_York")
STREAKS = """
badges:
  - {slug: steady, name: {en: Steady, ru: Постоянство}, criterion: {kind: streak, every: day, at_least: 9, freezes: 2},
     counts: from_beginning}
  - {slug: hidden, name: Hidden, secret: true, criterion: {kind: streak, every: day, at_least: 30}}
  - {slug: first, name: First, criterion: {kind: count, at_least: 1}}
challenges:
  - {slug: daily, name: Daily, join: opt_in, criterion: {kind: streak, every: week, at_least: 3},
     milestones: [{at: 3}]}
"""


async def opened(house: House, address: str = "/streaks", who: str = "mira") -> Any:
    state = house.visit(StreaksState, address, who)
    await call(state, "load")
    return state


def day(n: int) -> str:
    """A day of the shop's clock, so many from today, as the browser sends it."""
    return (datetime.now(SHOP_ZONE).date() + timedelta(days=n)).isoformat()


def ago(n: int) -> date:
    """The same day of the past."""
    return datetime.now(SHOP_ZONE).date() - timedelta(days=n)


def mid_month() -> datetime:
    """Noon on the twentieth of the next month: the days before lie in the same one."""
    then = datetime.now(SHOP_ZONE).replace(day=1) + timedelta(days=40)
    return then.replace(day=20, hour=12)


def shopped(*days_ago: int) -> None:
    """Orders at noon of the shop's clock, so many days ago."""
    today = datetime.now(SHOP_ZONE).replace(hour=12, minute=0, second=0, microsecond=0)
    with database.transaction(door.engine()) as session:
        facts = [
            an_order(f"day-{n}", "5.00", at=(today - timedelta(days=n)).astimezone(UTC)) for n in days_ago
        ]
        assert {one.status for one in record(session, facts, datetime.now(UTC))} == {"recorded"}


def told() -> list[tuple[str, dict[str, Any]]]:
    """The facts of being away and of moving, in order."""
    with database.reading(door.engine()) as session:
        query = select(FactRow).where(col(FactRow.source) == "regulars").order_by(col(FactRow.occurred_at))
        return [(row.type, json.loads(row.data)) for row in session.exec(query)]


@pytest.mark.feature(72)
async def test_a_freeze_keeps_a_streak_and_does_not_lengthen_it(house: House) -> None:
    shopped(6, 5, 2)  # and three days ago, as the house has it: two days were missed
    begin(house, STREAKS)
    lines = (await opened(house)).card.streaks[0].lines
    assert lines[0] == "4 days in a row"
    assert lines[1].startswith("A freeze kept it (")
    month = ago(0).month
    left = 2 - sum(ago(n).month == month for n in (4, 1))
    assert lines[2] == {0: "No freezes left for now", 1: "1 freeze left", 2: "2 freezes left"}[left]


@pytest.mark.feature(72)
async def test_it_says_why_a_freeze_could_not_help(house: House) -> None:
    """Also after the next order, since who comes to the page has often shopped before."""
    with time_machine.travel(mid_month()):
        shopped(5, 4, 3)
        begin(house, STREAKS.replace("at_least: 9, freezes: 2", "at_least: 9, freezes: 1"))
        best, ended, why, left = (await opened(house)).card.streaks[0].lines
        assert best == "Your best: 3 days"
        assert ended.startswith("The streak ended: nothing in ")
        assert why == "All freezes of that month were used already."
        assert left == "No freezes left for now"
        shopped(0)
        lines = (await opened(house)).card.streaks[0].lines
        before = ended.replace("The streak ended", "The one before ended")
        assert lines == ("1 day in a row", best, before, why, left)


@pytest.mark.feature(72)
async def test_one_without_freezes_says_that_it_has_none(house: House) -> None:
    begin(house, STREAKS.replace(", freezes: 2", ""))
    lines = (await opened(house)).card.streaks[0].lines
    assert lines[0] == "Your best: 1 day"
    assert lines[1].startswith("The streak ended: nothing in ")
    assert lines[2] == "This streak has no freezes."


@pytest.mark.feature(72)
async def test_a_streak_that_a_return_breaks_is_as_if_the_order_had_not_been(house: House) -> None:
    shopped(5, 4, 2, 1)
    begin(house, STREAKS.replace(", freezes: 2", ""))
    assert (await opened(house)).card.streaks[0].lines[0] == "5 days in a row"
    with database.transaction(door.engine()) as session:
        back = a_refund("day-2", ("1", "5.00"), at=datetime.now(UTC))
        assert record(session, [back], datetime.now(UTC))[0].status == "recorded"
    length, best, ended, came_back, why = (await opened(house)).card.streaks[0].lines
    assert (length, best) == ("1 day in a row", "Your best: 3 days")
    assert ended.startswith("The one before ended: nothing in ")
    assert (came_back, why) == ("An order of that day came back.", "This streak has no freezes.")


@pytest.mark.feature(72)
async def test_days_away_break_no_streak_and_add_nothing_to_it(house: House) -> None:
    begin(house, STREAKS)
    state = await opened(house)
    assert (state.card.absences, state.card.left, state.card.today) == ((), "60 days left this year", day(0))
    await call(state, "be_away", {"since": day(0), "until": day(3)})
    assert (state.said, state.problem) == ("Have a good time. Your streaks wait for you.", "")
    absence = state.card.absences[0]
    assert (absence.since, absence.until, absence.now) == (day(0), day(3), "You are away now")
    first, last = date.fromisoformat(day(0)).toordinal(), date.fromisoformat(day(3)).toordinal()
    await call(state, "be_away", {"since": day(0), "until": day(3)})
    assert told() == [("streak.paused", {"since": first, "until": last})], "twice is once"
    await call(state, "be_back", day(0), day(3))
    assert state.said == "Welcome back. From today on your streaks run again."
    assert state.card.absences == ()
    assert [kind for kind, _ in told()] == ["streak.paused", "streak.resumed"]
    await call(state, "be_back", day(0), day(3))
    assert len(told()) == 2


@pytest.mark.feature(72)
@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (3, 2, "The last day comes before the first."),
        (-1, 2, "You can be away from today on, not in the past."),
        (300, 400, "That is more than a year ahead."),
        (45, 45 + AWAY_DAYS_MAX, "You can be away for 60 days in a year."),
    ],
)
async def test_what_is_no_absence_is_refused(house: House, since: int, until: int, said: str) -> None:
    begin(house, STREAKS)
    state = await opened(house)
    await call(state, "be_away", {"since": day(since), "until": day(until)})
    assert (state.problem, state.said, state.card.absences) == (said, said, ())
    assert told() == []


@pytest.mark.parametrize("form", [
    {}, {"since": "", "until": ""}, {"since": "soon", "until": "later"}, {"since": {"a": 1}, "until": [2]},
    {"since": "2026-02-30", "until": "2026-03-01"},
])  # fmt: skip
async def test_days_that_are_none_are_refused(house: House, form: dict[str, Any]) -> None:
    begin(house, STREAKS)
    state = await opened(house)
    await call(state, "be_away", form)
    assert state.problem == "Please choose the first and the last day."
    assert told() == []


async def test_the_boxes_for_the_days_are_there_when_they_are_asked_for(house: House) -> None:
    begin(house, STREAKS)
    state = await opened(house)
    assert not state.leaving
    await call(state, "ask_days")
    assert state.leaving
    await call(state, "be_away", {"since": "soon", "until": "later"})
    assert state.leaving
    assert state.problem
    await call(state, "be_away", {"since": day(0), "until": day(1)})
    assert (state.leaving, state.problem) == (False, "")


@pytest.mark.feature(71)
async def test_ones_own_clock(house: House) -> None:
    begin(house, STREAKS)
    state = await opened(house)
    assert state.card.zone.startswith("By the clock of New York, where it is ")
    assert not state.card.own_zone
    await call(state, "move", "Pacific/Auckland")
    assert state.card.zone.startswith("By the clock of Auckland, where it is ")
    assert state.card.own_zone
    assert state.card.today == datetime.now(ZoneInfo("Pacific/Auckland")).date().isoformat()
    await call(state, "move", "Pacific/Auckland")
    await call(state, "move", "")
    assert not state.card.own_zone
    assert told() == [
        ("member.moved", {"zone": "Pacific/Auckland"}),
        ("member.moved", {"zone": "America/New_York"}),
    ]


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "../../etc/passwd", "localtime", "x" * 5000, "Europe/moscow"]
)
async def test_a_clock_that_is_none_is_refused(house: House, zone: str) -> None:
    begin(house, STREAKS)
    state = await opened(house)
    await call(state, "move", zone)
    assert state.said == "There is no such time zone."
    assert told() == []


async def test_what_is_shown_and_what_is_not(house: House) -> None:
    begin(house, STREAKS)
    state = await opened(house, "/ru/streaks")
    assert [one.name for one in state.card.streaks] == ["Постоянство"]
    challenges = house.visit(ChallengesState, "/challenges")
    await call(challenges, "join", "daily")
    await call(state, "load")
    assert [one.name for one in state.card.streaks] == ["Постоянство", "Daily"]
    assert state.card.streaks[0].picture.startswith("/pictures/badge/")


async def test_without_streaks_and_without_the_game_nothing_is_told_but_the_way_back(house: House) -> None:
    begin(house, STREAKS)
    badges = house.visit(BadgesState, "/badges")
    await call(badges, "switch", "streaks")
    state = await opened(house)
    assert (state.card.hushed, state.card.quiet, state.card.streaks) == (True, False, ())
    await call(badges, "switch", "game")
    await call(state, "load")
    assert (state.card.hushed, state.card.quiet, state.card.streaks) == (False, True, ())
    await call(state, "wake")
    assert state.card.hushed
    await call(state, "wake_streaks")
    assert [one.name for one in state.card.streaks] == ["Steady"]


@pytest.mark.parametrize("who", ["", "staff"])
async def test_nobody_but_a_member_is_away(house: House, who: str) -> None:
    begin(house, STREAKS)
    state = await opened(house, who=who)
    assert (state.status, state.card) == ("stranger", StreaksCard())
    for handler, values in (
        ("be_away", [{"since": day(1), "until": day(2)}]), ("be_back", [day(1), day(2)]), ("move", ["Asia/Tokyo"]),
        ("wake", []), ("wake_streaks", []),
    ):  # fmt: skip
        state.said = ""
        await call(state, handler, *values)
        assert state.said
    assert told() == []


async def test_a_forged_cookie_goes_nowhere(house: House) -> None:
    begin(house, STREAKS)
    state = await opened(house)
    data = {"headers": {"cookie": "regulars_session=forged"}, "pathname": "/streaks"}
    state.parent_state.router = RouterData.from_router_data(data)
    await call(state, "move", "Asia/Tokyo")
    assert state.said == "Please come in first: you are not signed in."
    assert told() == []
