"""A member's visit: enter, see the balance above the fold, watch an order arrive, take a reward."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop, at_rest, until

pytestmark = pytest.mark.slow


ABOVE = """() => {
  const step = document.getElementById("next-step").getBoundingClientRect();
  const tabs = [...document.querySelectorAll("nav")].at(-1).getBoundingClientRect();
  return Math.max(0, Math.ceil(step.bottom - tabs.top));
}"""  # so many pixels of what to do next lie beneath the tabs


@pytest.mark.feature(125)
@pytest.mark.parametrize("who", ["new", "middling", "top"])
def test_the_home_page_answers_above_the_fold(shop: Shop, phone: Page, who: str) -> None:
    """Balance and worth, the tier in words, the closest reward, what expires, and what to do next: nothing hidden."""
    phone.set_viewport_size({"width": 360, "height": 640})
    phone.goto(f"{shop.url}/demo/enter/{who}")
    goal = re.compile("is yours" if who == "top" else r"points? to ")
    for text in (goal, re.compile(r"worth \$"), re.compile("Closest reward"), re.compile("expire")):
        # asked until it holds: what came with the page is drawn anew when its line opens
        expect(phone.get_by_text(text).first).to_be_in_viewport(ratio=1)
    for path in ("/", "/ru/", "/ar/"):
        phone.goto(f"{shop.url}{path}")
        at_rest(phone)
        expect(phone.locator("#next-step")).to_be_visible()
        assert until(phone, lambda: phone.evaluate(ABOVE), 0) == 0, path


def test_an_order_at_the_till_changes_the_open_page(shop: Shop, phone: Page) -> None:
    phone.goto(f"{shop.url}/demo/enter/new")
    expect(phone.get_by_text("Just now").first).to_be_visible()
    phone.evaluate("window.stayed = true")
    shop.sell("live-1", f"member:{shop.members['new']}", amount="37.30")
    expect(phone.get_by_text("+373").first).to_be_visible()
    assert phone.evaluate("window.stayed") is True


@pytest.mark.parametrize(("path", "direction"), [("/", "ltr"), ("/ru/", "ltr"), ("/ar/", "rtl")])
def test_each_language_has_its_pages(shop: Shop, phone: Page, path: str, direction: str) -> None:
    phone.goto(f"{shop.url}/demo/enter/top")
    phone.goto(f"{shop.url}{path}")
    expect(phone.locator("html")).to_have_attribute("dir", direction)
    expect(phone.locator("nav").last).to_be_visible()


def test_a_stranger_sees_nobodys_points(shop: Shop, phone: Page) -> None:
    phone.goto(f"{shop.url}/")
    expect(phone.get_by_text(re.compile("points? to Silver"))).to_have_count(0)
    expect(phone.locator("a[href*='/demo/enter/']").first).to_be_visible()
