"""The goal of all members at home: the one that runs and is furthest, quiet for who wants it quiet, in one question."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app import database, door
from app.jobs.goals import follow_goals
from members.actions.play import calm
from members.programme import apply, load
from pages.home import HomeState
from tests.builders import an_order
from tests.pages.conftest import SHOP, House, asked, call, post

pytestmark = [pytest.mark.anyio, pytest.mark.feature(78)]

GOALS = """
goals:
  - {slug: few, name: Few, criterion: {kind: count, at_least: 1}, target: "50"}
  - {slug: many, name: {en: Many baskets, ar: سلال كثيرة}, criterion: {kind: count, at_least: 1}, target: "4",
     icon: sprout}
  - {slug: resting, name: Resting, criterion: {kind: count, at_least: 1}, target: "2", paused: true}
  - {slug: over, name: Over, criterion: {kind: count, at_least: 1}, target: "2", closes: "2020-01-01T00:00:00Z"}
  - {slug: later, name: Later, criterion: {kind: count, at_least: 1}, target: "2", opens: "2999-01-01T00:00:00Z"}
"""


def begin() -> None:
    """The goals are published."""
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        apply(session, load(SHOP + GOALS), base=1, actor="test", now=now - timedelta(seconds=2))


def shops(*numbers: int) -> None:
    """So many orders by several people, gathered."""
    for n in numbers:
        post(an_order(f"g-{n}", "1.00", at=datetime.now(UTC), subject=f"customer:{n}"))
    follow_goals(door.engine(), datetime.now(UTC))


async def shown(house: House, address: str = "/") -> Any:
    state = house.visit(HomeState, address)
    await call(state, "load")
    return state.card.goal


async def test_what_all_reach_together_stands_at_home(house: House) -> None:
    assert (await shown(house)).name == "", "there is no goal yet"
    begin()
    goal = await shown(house)
    assert (goal.name, goal.words, goal.percent) == ("Few", "All together: 0 of 50 orders", 0)
    shops(1, 2, 3)
    with asked() as seen:
        goal = await shown(house)
    assert len(seen) == 1, seen
    assert (goal.name, goal.words, goal.percent) == ("Many baskets", "All together: 3 of 4 orders", 75)
    assert (goal.icon, goal.chip) == ("sprout", "")
    shops(4)
    assert (await shown(house)).name == "Few", "what was reached makes room for the next"


async def test_in_arabic(house: House) -> None:
    begin()
    shops(1)
    goal = await shown(house, "/ar/")
    assert (goal.name, goal.percent) == ("سلال كثيرة", 25)
    assert goal.words.startswith("كلنا معًا: ١ من ٤")


async def test_who_wants_no_game_sees_none(house: House) -> None:
    begin()
    with database.transaction(door.engine()) as session:
        calm(session, house.mira, frozenset({"game"}), datetime.now(UTC))
    assert (await shown(house)).name == ""
