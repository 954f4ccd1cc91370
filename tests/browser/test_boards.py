"""Boards in a browser: in under an alias, up with an order, seen by others under the alias alone, and out again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Shop, a_screen, anew, at_rest

pytestmark = pytest.mark.slow
ALIAS = "Quiet Lantern"


def the_regulars(page: Page, shop: Shop) -> Locator:
    """The board of the month, opened."""
    page.goto(f"{shop.url}/boards")
    at_rest(page)
    board = page.locator('[data-board="regulars"]')
    expect(board).to_be_visible()
    return board


def leaves(page: Page) -> None:
    """Off all boards."""
    page.locator("summary").filter(has_text="You stand here as").click()
    page.get_by_role("button", name="Leave all boards").click()
    expect(page.get_by_text("You are on no list any more.")).to_be_visible()


def joins(page: Page) -> None:
    """On the boards, under the alias."""
    alone = page.get_by_role("heading", name="Do you want to be listed?")
    inside = page.locator("summary").filter(has_text="You stand here as")
    expect(alone.or_(inside)).to_be_visible()
    if inside.is_visible():  # two of three of the demo's members are
        leaves(page)
    page.get_by_label("Your alias").fill(ALIAS)
    page.get_by_role("button", name="Stand on the boards").click()
    expect(page.get_by_text(f"You are listed as “{ALIAS}”.")).to_be_visible()


def names(desk: Page, shop: Shop) -> list[str]:
    """The real names of members, as staff knows them."""
    desk.goto(f"{shop.url}/staff/members")
    at_rest(desk)
    rows = desk.locator("main ul li a p:first-of-type")
    expect(rows.first).to_be_visible()
    return [
        name for name in rows.all_inner_texts() if name != "A member without a name" and not name.isdecimal()
    ]


def told_orders(page: Page, shop: Shop) -> int:
    """How many orders of theirs have come by now: a page that has been open may still be on its way to it."""
    tab = anew(page, f"{shop.url}/boards")
    mine = tab.locator('[data-board="regulars"] li[aria-current=true]')
    expect(mine).to_contain_text(re.compile(r"\d+\sorders"))
    orders = int(re.findall(r"(\d+)\sorders", mine.inner_text())[0])
    tab.close()
    return orders


def hears(page: Page) -> list[str]:
    """All that the server tells this page from now on."""
    heard: list[str] = []
    page.on("websocket", lambda line: line.on("framereceived", lambda frame: heard.append(str(frame))))
    return heard


@pytest.mark.feature(73)
def test_on_a_board_under_an_alias_up_with_an_order_and_off_it_again(
    shop: Shop, desk: Page, phone: Page, browser: Browser
) -> None:
    real = names(desk, shop)
    assert len(real) >= 5
    phone.goto(f"{shop.url}/demo/enter/new")
    board = the_regulars(phone, shop)
    joins(phone)
    mine = board.locator("li[aria-current=true]").filter(has_text=ALIAS)
    for number in range(2):
        shop.sell(f"board-{number}", f"member:{shop.members['new']}")
    expect(mine).to_be_visible()
    expect(board.get_by_text(re.compile(r"^Place \d+\sof \d+: \d+\sorders$"))).to_be_visible()
    phone.evaluate("window.stayed = true")
    orders = told_orders(phone, shop)
    expect(mine).to_contain_text(f"{orders} orders")
    shop.sell("board-2", f"member:{shop.members['new']}")
    expect(mine).to_contain_text(f"{orders + 1} orders")
    assert phone.evaluate("window.stayed") is True

    with a_screen(browser, 360, 640) as other:
        heard = hears(other)
        other.goto(f"{shop.url}/demo/enter/top")
        theirs = the_regulars(other, shop).get_by_role("listitem").filter(has_text=ALIAS)
        expect(theirs).to_contain_text(f"{orders + 1} orders")
        told = other.content() + "".join(heard)
        assert ALIAS in "".join(heard)
        assert [name for name in real if name in told] == []
        leaves(phone)
        expect(mine).to_have_count(0)
        expect(theirs).to_have_count(0)
