"""The game in a browser: a badge on the shelf, a challenge that is taken on and moves with the next order, calm."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Shop, a_screen, at_rest, fits

pytestmark = pytest.mark.slow


@pytest.mark.feature(62)
def test_the_shelf_shows_what_was_earned_and_one_touch_says_why(shop: Shop, phone: Page) -> None:
    phone.goto(f"{shop.url}/demo/enter/top")
    phone.goto(f"{shop.url}/badges")
    at_rest(phone)
    expect(phone.get_by_text(re.compile(r"^\d+\sof \d+\sbadges are yours$"))).to_be_visible()
    shelf = phone.locator("section").filter(has=phone.get_by_role("heading", name="On your shelf"))
    first = shelf.get_by_role("button").filter(has_text="First basket")
    picture = first.locator("img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 192)
    first.click()
    detail = phone.get_by_role("dialog", name="First basket")
    expect(detail.get_by_text(re.compile("^Yours since "))).to_be_visible()
    phone.keyboard.press("Escape")
    expect(detail).to_be_hidden()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.feature(70)
def test_a_challenge_is_taken_on_and_an_order_moves_it_on_the_open_page(shop: Shop, phone: Page) -> None:
    phone.goto(f"{shop.url}/demo/enter/middling")
    phone.goto(f"{shop.url}/challenges")
    dozen = phone.get_by_role("listitem").filter(has=phone.get_by_role("heading", name="Baker's dozen"))
    dozen.get_by_role("button", name=re.compile("Take it on")).click()
    expect(phone.get_by_role("status").get_by_text("You are in.")).to_be_visible()
    expect(dozen.get_by_text("30 days left")).to_be_visible()
    expect(dozen.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "0")
    phone.evaluate("window.stayed = true")
    middling = f"member:{shop.members['middling']}"
    shop.sell("game-1", middling, category=["PASTRY"], quantity="6", amount="6.00")
    expect(dozen.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "46")
    expect(phone.get_by_role("status").get_by_text("Baker's dozen")).to_be_visible()
    assert phone.evaluate("window.stayed") is True
    dozen.get_by_role("button", name=re.compile("Leave the challenge")).click()
    expect(dozen.get_by_role("button", name=re.compile("Take it on"))).to_be_visible()


def test_who_wants_no_game_has_none_and_the_way_back(shop: Shop, phone: Page) -> None:
    phone.goto(f"{shop.url}/demo/enter/new")
    phone.goto(f"{shop.url}/badges")
    game = phone.get_by_role("switch", name=re.compile("The whole game"))
    expect(game).to_be_checked()
    game.click()
    expect(phone.get_by_text("The game is switched off")).to_be_visible()
    phone.goto(f"{shop.url}/")
    expect(phone.get_by_text("Just now")).to_be_visible()
    expect(phone.locator("[aria-busy]")).to_have_count(0)
    expect(phone.get_by_role("heading", name="Challenges")).to_have_count(0)
    phone.goto(f"{shop.url}/challenges")
    phone.get_by_role("button", name="Switch it on again").click()
    expect(phone.get_by_role("heading", name="You take part")).to_be_visible()


def test_what_was_earned_meanwhile_is_said_once_with_its_picture_and_keeps_still(
    shop: Shop, browser: Browser
) -> None:
    with a_screen(browser, 360, 780, reduced_motion="reduce") as page:
        page.goto(f"{shop.url}/demo/enter/new")
        at_rest(page)
        page.goto(f"{shop.url}/history")
        at_rest(page)
        shop.sell("joy-1", f"member:{shop.members['new']}", amount="210.00")
        told = page.get_by_role("status").filter(has_text="The big shop")
        expect(page.get_by_text("The big shop").first).to_be_visible()
        expect(told).to_have_count(0)
        page.goto(f"{shop.url}/")
        expect(told).to_be_visible()
        expect(told.locator("img").first).to_have_js_property("naturalWidth", 96)
        line = told.locator(".rises")
        expect(line).to_have_css("animation-name", "none")
        page.emulate_media(reduced_motion="no-preference")
        expect(line).to_have_css("animation-name", "rise")
        assert fits(page)
        page.goto(f"{shop.url}/badges")
        at_rest(page)
        expect(page.get_by_role("button").filter(has_text="The big shop")).to_be_visible()
        expect(told).to_have_count(0)
