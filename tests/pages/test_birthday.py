"""A birthday that is told on the page “About me”: too late for this year, once in each, and moved too late."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from app import database, door
from app.jobs import due
from members.programme import apply, load
from members.tables import Member
from pages.history import HistoryState
from pages.me import MeState
from tests.pages.conftest import NOW, SHOP, House, call

pytestmark = pytest.mark.anyio
RULE = "  - {kind: fixed_points, slug: birthday, name: Happy birthday, on: member.birthday, points: 50}\ntiers:\n"
FIRST = NOW.year + 2


@pytest.fixture
def born(house: House) -> House:
    """A shop that gives points for a birthday, and Mira, who has joined."""
    with database.transaction(door.engine()) as session:
        apply(session, load(SHOP.replace("tiers:\n", RULE, 1)), base=1, actor="test", now=NOW)
        session.get_one(Member, house.mira).status = "active"
    return house


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=ZoneInfo("America/New_York"))


async def told(house: House, at: datetime, birthday: str) -> str:
    with time_machine.travel(at, tick=False):
        state = house.visit(MeState, "/me")
        await call(state, "load")
        await call(state, "keep", {"name": "Mira", "birthday": birthday})
    return state.problem


async def presents(house: House, year: int) -> list[str]:
    """The days on which there were presents, by the history page after the nightly jobs of a spring."""
    for days in range(0, 80, 2):
        due.record_occasions(door.engine(), noon(year, 4, 1) + timedelta(days=days))
    with time_machine.travel(noon(year, 6, 20), tick=False):
        state = house.visit(HistoryState, "/history")
        await call(state, "load")
    return [one.when for one in state.entries if one.title == "Happy birthday"]


@pytest.mark.feature(16)
async def test_a_birthday_told_or_moved_in_the_last_month_brings_nothing_that_year_and_one_present_a_year_after(
    born: House,
) -> None:
    assert await told(born, noon(FIRST, 4, 3), "1990-05-02") == ""
    assert await presents(born, FIRST) == []
    assert len(await presents(born, FIRST + 1)) == 1
    assert (await told(born, noon(FIRST + 1, 6, 21), "1990-05-02"), len(await presents(born, FIRST + 2))) == (
        "",
        2,
    )
    assert await told(born, noon(FIRST + 3, 4, 16), "1990-05-15") == ""
    assert await told(born, noon(FIRST + 3, 4, 17), "1990-05-02") == (
        "A birthday can be corrected once a year. The shop can help you."
    )
    assert len(await presents(born, FIRST + 3)) == 2
    found = await presents(born, FIRST + 4)
    assert len(found) == 3
    assert found[0].startswith("15 May")
