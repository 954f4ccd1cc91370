"""Boards by category, channel and tier, and leagues from week to week: orders by HTTP, places on the page."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from app import database, door
from app.jobs import due
from members.actions.boards import enter
from members.board_cards import BoardCard
from members.programme.presets import games, text
from pages.boards import BoardsState
from tests.engine.till import Till
from tests.engine.wording import a_programme
from tests.pages.conftest import House, call

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]
BREAD = {"sku": "bread", "category": ["BAKERY", "BREAD"], "amount": "2.00"}
RYE = BREAD | {"sku": "rye", "category": ["BAKERY", "RYE"], "quantity": "2"}
BEEF = {"sku": "beef", "category": ["MEAT"], "amount": "10.00"}
BOARDS = """
boards:
  - {slug: bakers, name: {en: The bakers, ru: Пекари, ar: الخبّازون},
     criterion: {kind: sum, of: quantity, at_least: "1", where: {categories: [BAKERY]}}}
  - {slug: clicks, name: {en: From the web, ru: Через сайт, ar: من الموقع},
     criterion: {kind: count, at_least: 1, where: {channels: [web]}}}
  - {slug: nobles, name: {en: Silver and gold, ru: Серебро и золото, ar: الفضي والذهبي}, tiers: [silver, gold],
     criterion: {kind: count, at_least: 1}}
  - {slug: all, name: {en: Everybody, ru: Все, ar: الجميع}, criterion: {kind: count, at_least: 1}}
"""
LEAGUE = """
boards:
  - {slug: week, name: Week, period: week, criterion: {kind: sum, at_least: "5"},
     leagues: {divisions: [Seedling, Sprout, Oak]}}
"""

READ = {
    "/boards": ("The bakers", "Place 1 of 2: 3 items"),
    "/ru/boards": ("Пекари", "Место 1 из 2: 3 товара"),
    "/ar/boards": ("الخبّازون", "المركز ١ من ٢: ٣ منتجات"),
}

ONLY = {
    "/boards": "Only for Silver and Gold.",
    "/ru/boards": "Только для уровней: Silver и Gold.",
    "/ar/boards": "فقط لمستوى: \u2068Silver\u2069 و\u2068Gold\u2069.",
}


def buys(till: Till, customer: str, *lines: Any, channel: str = "store:1") -> None:
    """An order, a minute later."""
    name = f"o{next(till.numbers)}"
    till.later(minutes=1).post(till.order(name, *lines, customer=customer, channel=channel))


async def page(till: Till, customer: str, *pressed: Any, address: str = "/boards") -> dict[str, BoardCard]:
    """The boards as a customer sees them now, after what they `pressed` on the page."""
    with database.reading(till.engine) as session:
        house = House(till.member(session, customer))
    with time_machine.travel(till.now, tick=False):
        due.follow_boards(till.engine, till.now)
        state = house.visit(BoardsState, address)
        await call(state, "load")
        if pressed:
            await call(state, *pressed)
            due.follow_boards(till.engine, till.now)
            await call(state, "load")
    return {board.slug: board for board in state.card.boards}


async def stands(till: Till, *customers: str) -> None:
    """They are listed from now on, as `Player <customer>`."""
    for customer in customers:
        await page(till, customer, "stand_as", {"alias": f"Player {customer}"})


def listed(till: Till, *customers: int) -> None:
    """The same for many, without a page."""
    with database.transaction(till.engine) as session:
        for one in customers:
            enter(session, till.member(session, str(one)), f"Player {one}", till.now)
    due.follow_boards(till.engine, till.now)


def places(board: BoardCard) -> list[tuple[str, str, str]]:
    return [(row.place, row.alias.removeprefix("Player "), row.score) for row in board.rows]


@pytest.fixture
def shop(till: Till) -> Till:
    assert door.engine().url == till.engine.url
    till.at("2026-11-16 10:00").open(
        a_programme().replace("languages: [en]", "languages: [en, ru, ar]") + BOARDS
    )
    for customer in "123":
        buys(till, customer, "1.00")
    return till


@pytest.mark.feature(73)
async def test_a_board_of_a_category_counts_nothing_else(shop: Till) -> None:
    await stands(shop, "1", "2", "3")
    buys(shop, "1", BREAD, BEEF)
    buys(shop, "2", RYE, BREAD)
    buys(shop, "3", BEEF, BEEF)
    buys(shop, "3", BEEF)
    found = await page(shop, "3")
    assert places(found["bakers"]) == [("1", "2", "3 items"), ("2", "1", "1 item")]
    assert (found["bakers"].listed, found["bakers"].mine[:25]) == (False, "What puts you on this lis")
    assert places(found["all"])[0] == ("1", "3", "3 orders")
    for address, (name, mine) in READ.items():
        board = (await page(shop, "2", address=address))["bakers"]
        assert (board.name, board.mine) == (name, mine)


@pytest.mark.feature(73)
async def test_a_board_of_a_channel_counts_no_other(shop: Till) -> None:
    await stands(shop, "1", "2", "3")
    buys(shop, "1", BEEF, channel="web")
    buys(shop, "1", BEEF, channel="web")
    buys(shop, "2", BEEF, channel="web")
    for _ in range(3):
        buys(shop, "3", BEEF, channel="store:2")
    found = await page(shop, "2")
    assert places(found["clicks"]) == [("1", "1", "2 orders"), ("2", "2", "1 order")]
    assert found["clicks"].mine == "Place 2 of 2: 1 order"
    assert places(found["all"])[0] == ("1", "3", "4 orders")


@pytest.mark.feature(73)
async def test_a_board_of_tiers_lists_who_is_in_one_of_them(shop: Till) -> None:
    await stands(shop, "1", "2", "3")
    for _ in range(5):
        buys(shop, "1", "5.00")
    buys(shop, "2", "150.00")
    buys(shop, "3", "120.00")
    buys(shop, "2", "1.00")
    assert [shop.tier(customer) for customer in "123"] == ["member", "silver", "silver"]
    found = await page(shop, "1")
    assert places(found["nobles"]) == [("1", "2", "2 orders"), ("2", "3", "1 order")], (
        "from the one that led there on"
    )
    assert not found["nobles"].listed
    for address, words in ONLY.items():
        assert (await page(shop, "1", address=address))["nobles"].mine == words, "no order of theirs would"
    await page(shop, "1", "leave")
    assert (await page(shop, "1"))["nobles"].mine == ONLY["/boards"], "before they choose an alias, too"
    assert (await page(shop, "2"))["nobles"].mine == "Place 1 of 2: 2 orders"
    assert places(found["all"])[0] == ("1", "1", "6 orders")


@pytest.mark.feature(73)
async def test_the_demo_has_a_board_of_one_department(till: Till) -> None:
    till.at("2026-11-16 10:00").open(text("grocery") + games("grocery"))
    for customer, department in (("1", "PRODUCE"), ("2", "MEAT")):
        buys(till, customer, *[{"sku": department, "category": [department], "amount": "9.00"}] * 5)
    listed(till, 1, 2)
    found = await page(till, "2")
    assert places(found["greengrocer"]) == [("1", "1", "5 items")]
    assert (
        found["greengrocer"].mine
        == "What puts you on this list: at least 5 items bought in fruit and vegetables"
    )
    assert found["greengrocer"].prizes == ("Place 1–3: 50 points",)


def spend(till: Till, amounts: dict[int, int]) -> None:
    """An order of so many dollars by each."""
    till.post(*(till.order(f"w{next(till.numbers)}", f"{amount}.00", customer=str(one))
                for one, amount in amounts.items()))  # fmt: skip


async def divisions(till: Till, *customers: int) -> list[str]:
    """The division in which each of them reads that they play."""
    return [(await page(till, str(one)))["week"].division for one in customers]


@pytest.mark.feature(75)
async def test_a_circle_has_twenty_and_week_by_week_the_best_climb_and_the_last_go_down(till: Till) -> None:
    till.at("2026-11-16 10:00").open(a_programme() + LEAGUE)
    spend(till, {one: 10 * one for one in range(1, 21)})
    listed(till, *range(1, 21))
    spend(till, {21: 210, 22: 220})
    listed(till, 21, 22)
    first, second = (await page(till, "1"))["week"], (await page(till, "21"))["week"]
    assert [row.alias for row in first.circle] == [f"Player {one}" for one in range(20, 0, -1)]
    assert [row.zone for row in first.circle] == ["up"] * 5 + [""] * 15, "nobody goes down from the lowest"
    assert [(row.alias, row.zone) for row in second.circle] == [("Player 22", "up"), ("Player 21", "")]
    assert first.mine == "Place 20 of 20 in your circle, place 22 of 22 on the whole board: $10"
    assert await divisions(till, 1, 20, 22) == ["Seedling"] * 3

    till.at("2026-11-23 10:00")
    assert await divisions(till, 20, 15) == ["", ""], "who has not played yet is in no circle"
    spend(till, {one: 5 * one for one in range(1, 23)})
    assert await divisions(till, 16, 20, 22, 15, 21, 1) == ["Sprout"] * 3 + ["Seedling"] * 3
    climbed = (await page(till, "18"))["week"]
    assert [row.alias for row in climbed.circle] == [f"Player {one}" for one in (22, 20, 19, 18, 17, 16)]
    assert [climbed.circle[n].zone for n in (0, 2, 3, -1)] == ["up", "", "", "down"]

    till.at("2026-11-30 10:00")
    spend(till, dict.fromkeys(range(1, 23), 7))
    assert await divisions(till, 22, 19, 18, 16, 15) == ["Oak", "Sprout", "Sprout", "Seedling", "Sprout"]
    till.proven()
