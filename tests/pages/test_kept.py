"""What a page shows already is neither made nor sent again, and whatever has happened is."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from reflex_base.utils.format import json_dumps

from app import database, door
from badges.goal_tables import GoalTotal
from badges.tables import Player
from facts.language import language
from members.actions.record import record
from members.cards import HomeCard
from members.views.home import home
from members.views.kept import Kept
from pages.home import HomeState
from pages.shelf import BadgesState
from tests.builders import an_order
from tests.pages.conftest import House, call

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ROWS = [("standing", 400, None), ("stock", 3, NOON)]


def ask(kept: Kept[list[Any]], reader: str, rows: list[Any] = ROWS, at: datetime = NOON) -> list[Any]:
    return kept.card(reader, list(rows), at, lambda: [reader])  # a new list is another card


def test_the_same_answer_in_the_same_minute_is_the_same_card() -> None:
    kept: Kept[list[Any]] = Kept(10)
    first = ask(kept, "mira")
    assert ask(kept, "mira", at=NOON + timedelta(seconds=59)) is first
    assert ask(kept, "ben") == ["ben"]
    assert ask(kept, "mira") is first


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        ([("standing", 401, None), ROWS[1]], NOON),
        ([*ROWS, ("stock", 3, NOON)], NOON),
        (ROWS[:1], NOON),
        (ROWS, NOON + timedelta(minutes=1)),
        (ROWS, NOON - timedelta(seconds=1)),
    ],
)
def test_another_row_or_another_minute_makes_another_card(rows: list[Any], at: datetime) -> None:
    kept: Kept[list[Any]] = Kept(10)
    first = ask(kept, "mira")
    assert ask(kept, "mira", rows, at) is not first


def test_only_so_many_readers_are_known() -> None:
    kept: Kept[list[Any]] = Kept(2)
    first, second = ask(kept, "a"), ask(kept, "b")
    assert ask(kept, "c") == ["c"]
    assert ask(kept, "b") is second
    assert ask(kept, "a") is not first


def sent(state: Any) -> dict[str, Any]:
    """What the browser is told of the page now, as it is written to the socket."""
    root = state._get_root_state()
    told = json.loads(json_dumps(root.get_delta()))
    root._clean()
    return {name.partition("_rx_state_")[0]: value for name, value in told[state.get_full_name()].items()}


@pytest.mark.anyio
async def test_a_page_is_sent_what_it_does_not_show_yet(house: House) -> None:
    state = house.visit(HomeState)
    await call(state, "load")
    assert sent(state)["card"]["balance"] == "400"
    await call(state, "load")
    assert sent(state) == {"status": "here"}  # it answers, and says nothing twice
    with database.transaction(door.engine()) as session:
        now = datetime.now(UTC)
        record(session, [an_order("more", "10.00", at=now - timedelta(days=20))], now)
    await call(state, "load")
    told = sent(state)
    assert told["moved"] is True
    assert told["card"]["balance"] == "410"
    assert "shop" not in told


@pytest.mark.anyio
async def test_what_the_server_alone_looks_at_stays_here(house: House) -> None:
    for kind in (HomeState, BadgesState):
        state = house.visit(kind)
        await call(state, "load")
        told = sent(state)
        assert told["shop"]["name"] == "Corner Shop"
        assert told["card"].keys().isdisjoint({"shop", "held"})


@pytest.mark.anyio
async def test_the_game_is_made_anew_when_it_moved_and_not_when_the_points_did(house: House) -> None:
    now = datetime.now(UTC)

    def at_home(at: datetime) -> HomeCard:
        with database.reading(door.engine()) as session:
            return home(session, house.mira, at, language("en"))

    before = at_home(now)
    with database.transaction(door.engine()) as session:
        session.add(GoalTotal(goal="all:1", total=7))
        record(session, [an_order("more", "10.00", at=now - timedelta(days=20))], now)
    after = at_home(now)
    assert (before.balance, after.balance) == ("400", "410")
    assert after.badge is before.badge
    with database.transaction(door.engine()) as session:
        session.add(Player(member_id=house.mira, calm="streaks"))
    calmer = at_home(now)
    assert calmer.badge is not before.badge
    assert at_home(now + timedelta(minutes=1)).badge is not calmer.badge
