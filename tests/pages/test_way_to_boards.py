"""The way to the boards stands at home and beside the challenges, as long as there are some and they are wanted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app import database, door
from members.actions.play import calm
from members.programme import apply, load
from pages.challenges import ChallengesState
from pages.home import HomeState
from tests.pages.conftest import SHOP, House, call

pytestmark = pytest.mark.anyio

ONE = """
boards:
  - {slug: orders, name: Regulars, criterion: {kind: count, at_least: 1}}
"""
NONE_NOW = """
boards:
  - {slug: old, name: Old, retired: true, criterion: {kind: count, at_least: 1}}
  - {slug: later, name: Later, opens: 2100-01-01T00:00:00Z, criterion: {kind: count, at_least: 1}}
"""


async def ways(house: House) -> set[bool]:
    """Whether home and challenges show the way."""
    home, challenges = house.visit(HomeState), house.visit(ChallengesState, "/challenges")
    await call(home, "load")
    await call(challenges, "load")
    return {home.card.boards, challenges.card.boards}


def begins(programme: str) -> None:
    moment = datetime.now(UTC) - timedelta(seconds=1)
    with database.transaction(door.engine()) as session:
        apply(session, load(SHOP + programme), base=1, actor="test", now=moment)


async def test_without_boards_there_is_no_way(house: House) -> None:
    assert await ways(house) == {False}


async def test_boards_that_are_over_or_to_come_are_none(house: House) -> None:
    begins(NONE_NOW)
    assert await ways(house) == {False}


@pytest.mark.parametrize("part", ["ranks", "game"])
async def test_who_is_calm_is_not_shown_the_way(house: House, part: str) -> None:
    begins(ONE)
    assert await ways(house) == {True}
    with database.transaction(door.engine()) as session:
        calm(session, house.mira, [part], datetime.now(UTC))
    assert await ways(house) == {False}
