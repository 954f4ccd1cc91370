"""The boards page: only who asked is listed, places as they happen, aliases, leaving, and quiet for who wants it."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app import database, door
from app.jobs import due
from badges.tables import Player
from members.actions.boards import enter, take_alias
from members.actions.play import calm
from members.actions.record import record
from members.actions.seasons import close
from members.board_cards import BoardsCard
from members.programme import apply, load, versions
from pages.boards import BoardsState
from pages.challenges import ChallengesState
from tests.builders import an_order
from tests.pages.conftest import SHOP, House, call
from tests.wires import running

pytestmark = pytest.mark.anyio

BOARDS = """
boards:
  - {slug: orders, name: {en: The month's regulars, ru: Завсегдатаи месяца, ar: روّاد الشهر},
     criterion: {kind: count, at_least: 1}, prizes: [{places: "1", prize: {points: 50}}]}
  - {slug: week, name: The week, period: week, criterion: {kind: sum, at_least: "5"},
     leagues: {divisions: [Seedling, Sprout, Oak]}}
"""


def now() -> datetime:
    return datetime.now(UTC)


def opens(house: House) -> None:
    """The shop opens its boards."""
    with database.transaction(door.engine()) as session:
        apply(session, load(SHOP + BOARDS), base=1, actor="test", now=now() - timedelta(seconds=1))


def shops(customer: int, *numbers: int) -> UUID:
    """Somebody shops, so many times, now; returns who."""
    facts = [
        an_order(f"o-{customer}-{i}", "10.00", at=now(), subject=f"customer:{customer}") for i in numbers
    ]
    with database.transaction(door.engine()) as session:
        found = record(session, facts, now())
    assert {one.status for one in found} == {"recorded"}
    assert found[0].member_id
    return found[0].member_id


def listed(customer: int, *numbers: int) -> UUID:
    """Somebody who shops, and is listed as `Player <customer>`."""
    member_id = shops(customer, *numbers)
    with database.transaction(door.engine()) as session:
        enter(session, member_id, f"Player {customer}", now())
    return member_id


def follow() -> None:
    due.follow_boards(door.engine(), now())


async def opened(house: House, address: str = "/boards") -> Any:
    state = house.visit(BoardsState, address)
    await call(state, "load")
    return state


def places(card: BoardsCard, board: int = 0) -> list[tuple[str, str, str]]:
    return [(row.place, row.alias, row.score) for row in card.boards[board].rows]


@pytest.mark.feature(73)
async def test_only_those_who_asked_are_listed_and_ties_share_a_place(house: House) -> None:
    opens(house)
    for customer, numbers in ((2, (1, 2, 3)), (3, (1, 2)), (4, (1, 2)), (5, (1,))):
        listed(customer, *numbers)
    shops(9, *range(8))
    shops(1, 1)
    follow()
    state = await opened(house)
    assert places(state.card) == [
        ("1", "Player 2", "3 orders"), ("2", "Player 3", "2 orders"), ("2", "Player 4", "2 orders"),
        ("4", "Player 5", "1 order"),
    ]  # fmt: skip
    assert (state.card.alias, state.card.boards[0].mine) == ("", "")
    assert "9" not in {row.place for row in state.card.boards[0].rows}
    assert json.dumps([row.key for row in state.card.boards[0].rows]).count(str(house.mira)) == 0


@pytest.mark.feature(73)
async def test_somebody_takes_an_alias_and_leaves_again(house: House) -> None:
    opens(house)
    listed(2, 1, 2)
    shops(1, 1, 2, 3)
    state = await opened(house)
    idea = state.card.ideas[0]
    assert len(state.card.ideas) == 4
    await call(state, "stand", idea)
    follow()
    await call(state, "load")
    assert state.said == f"You are listed as “{idea}”."
    assert places(state.card)[0] == ("1", idea, "3 orders")
    assert state.card.boards[0].rows[0].me
    assert state.card.boards[0].mine == "Place 1 of 2: 3 orders"
    await call(state, "stand_as", {"alias": "player 2"})
    assert state.said == "Somebody else is called that already."
    await call(state, "stand_as", {"alias": "Mira of the Market"})
    follow()
    await call(state, "load")
    assert places(state.card)[0] == ("1", "Mira of the Market", "3 orders")
    await call(state, "leave")
    assert places(state.card) == [("1", "Player 2", "2 orders")]
    assert (state.card.alias, state.said) == ("", "You are on no list any more.")


@pytest.mark.feature(73)
async def test_an_open_page_hears_what_others_do(house: House) -> None:
    """Somebody else's order reaches the lists that are open, and does not wake everybody's other pages."""
    from app.live import Wire
    from members.views.boards import topics

    opens(house)
    listed(2, 1)
    follow()
    with database.reading(door.engine()) as session:
        names = topics(session, house.mira, now())
    async with (
        running(Wire(), door.engine()) as wire,  # one that has not told anybody of the tests before
        wire.subscribe(*names) as board,
        wire.subscribe(house.mira) as own,
    ):
        listed(3, 1, 2)
        follow()
        await asyncio.wait_for(board.next(), 60)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(own.next(), 0.5)
    assert places((await opened(house)).card)[0] == ("1", "Player 3", "2 orders")


@pytest.mark.feature(73)
async def test_a_place_beyond_the_list_is_found_in_the_counts(house: House) -> None:
    opens(house)
    for customer in range(2, 114):
        listed(customer, 1, 2)
    shops(1, 1)
    with database.transaction(door.engine()) as session:
        enter(session, house.mira, "Mira", now())
    follow()
    card = (await opened(house)).card.boards[0]
    assert card.mine == "Place 113 of 113: 1 order"
    assert [row.place for row in card.rows] == ["1"] * 10 + ["113"]
    assert (card.rows[-1].me, card.rows[-1].gap, card.rows[-1].alias) == (True, True, "Mira")


async def test_who_is_below_the_least_reads_what_it_takes(house: House) -> None:
    opens(house)
    with database.transaction(door.engine()) as session:
        enter(session, house.mira, "Mira", now())
    card = (await opened(house)).card
    assert card.boards[1].mine == "What puts you on this list: at least $5 spent"
    assert card.boards[1].rows == ()


@pytest.mark.feature(74)
async def test_a_season_closes_once_and_stays_in_the_hall_of_fame(house: House) -> None:
    opens(house)
    first, second = listed(2, 1, 2), listed(3, 1)
    follow()
    with database.transaction(door.engine()) as session:
        board = versions(session).latest.programme.board("orders")
        assert board
        zone = versions(session).latest.zone
        period = board.period_at(now(), zone)
        span = board.span(period, zone)
        assert span
        ended = span[1] + timedelta(days=board.settles_days)
        points = [_points(session, member) for member in (first, second)]
        assert close(session, "orders", period, ended)
        assert not close(session, "orders", period, ended)
        assert [_points(session, member) for member in (first, second)] == [points[0] + 50, points[1]]
    async with asyncio.timeout(60):
        card = (await opened(house)).card.boards[0]
    assert [(row.place, row.alias) for row in card.rows] == [("1", "Player 2"), ("2", "Player 3")]
    assert card.left == ""


def _points(session: Any, member_id: UUID) -> int:
    from members.tables import Standing

    return session.get(Standing, member_id, populate_existing=True).balance


@pytest.mark.feature(75)
async def test_a_league_has_circles_of_twenty_with_those_who_climb(house: House) -> None:
    opens(house)
    for customer in range(2, 24):
        listed(customer, *range(customer))
    follow()  # twenty are seated, and two more
    shops(1, 1)
    state = await opened(house)
    await call(state, "stand", "Quiet Otter")
    follow()
    await call(state, "load")
    board = state.card.boards[1]
    assert board.division == "Seedling"
    assert [row.zone for row in board.circle] == ["up", "", ""]
    assert [row.place for row in board.circle if row.me] == ["3"]
    assert board.mine == "Place 3 of 3 in your circle, place 23 of 23 on the whole board: $10"
    full = House(shops(2, 2)).visit(BoardsState, "/boards")
    await call(full, "load")
    assert [row.zone for row in full.card.boards[1].circle] == ["up"] * 5 + [""] * 15
    assert state.card.boards[0].mine.startswith("Place 23 of 23: ")
    assert state.card.boards[0].prizes[0].startswith("Place 1: ")


@pytest.mark.feature(75)
async def test_who_is_calm_sees_no_board_and_loses_nothing(house: House) -> None:
    opens(house)
    shops(1, 1)
    with database.transaction(door.engine()) as session:
        enter(session, house.mira, "Mira", now())
        calm(session, house.mira, ["ranks"], now())
    follow()
    state = await opened(house)
    assert (state.card.quiet, state.card.alias, state.card.boards) == (True, "Mira", ())
    challenges = house.visit(ChallengesState, "/challenges")
    await call(challenges, "load")
    assert not challenges.card.boards
    await call(state, "leave")
    assert state.card.alias == ""
    await call(state, "wake")
    assert not state.card.quiet


async def test_who_lost_an_alias_reads_why(house: House) -> None:
    opens(house)
    with database.transaction(door.engine()) as session:
        enter(session, house.mira, "Somebody Real", now())
        take_alias(session, house.mira, "It names a neighbour", "owner:kim", now())
        assert session.get_one(Player, house.mira).alias == ""
    state = await opened(house)
    assert state.card.note == "It names a neighbour"


@pytest.mark.parametrize(
    ("address", "name", "said"),
    [
        ("/ru/boards", "Завсегдатаи месяца", "Место 1 из 1: 2 заказа"),
        ("/ar/boards", "روّاد الشهر", "المركز ١ من ١: طلبان"),
    ],
)
async def test_the_page_in_other_languages(house: House, address: str, name: str, said: str) -> None:
    opens(house)
    shops(1, 1, 2)
    with database.transaction(door.engine()) as session:
        enter(session, house.mira, "Mira", now())
    follow()
    board = (await opened(house, address)).card.boards[0]
    assert (board.name, board.mine) == (name, said)


async def test_a_shop_without_boards(house: House) -> None:
    state = await opened(house)
    assert state.card.boards == ()
