"""The staff pages are there for everybody: axe, in each language and scheme, on a phone; forms are of what they say."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Shop, a_screen, anew, at_rest, fits
from tests.browser.test_badges import violations

pytestmark = pytest.mark.slow
PATHS = (
    "/staff", "/staff/reward?slug=coffee", "/staff/badges", "/staff/badges/edit?kind=badge&slug=regular",
    "/staff/badges/bulk", "/staff/boards", "/staff/cases", "/staff/members", "/staff/team",
    "/staff/approvals", "/staff/audit", "/staff/keys",
)  # fmt: skip
MORE = [("", "dark"), ("/ru", "light"), ("/ru", "dark"), ("/ar", "light")]
"""Looked at by `make test-full`: the others have both directions and both schemes."""


def is_there(page: Page) -> None:
    """The page has what it shows."""
    at_rest(page)
    expect(page.locator("main h1")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "scheme"),
    [("", "light"), ("/ar", "dark"), *(pytest.param(*one, marks=pytest.mark.full) for one in MORE)],
)
def test_the_staff_pages_are_there_for_everybody(
    shop: Shop, browser: Browser, language: str, scheme: Literal["light", "dark"]
) -> None:
    wrong: list[str] = []
    with a_screen(browser, 360, 780, color_scheme=scheme, reduced_motion="reduce") as page:
        page.goto(f"{shop.url}/demo/enter/staff")
        for path in (*PATHS, f"/staff/member?id={shop.members['top']}"):
            page.goto(f"{shop.url}{language}{path}")
            is_there(page)
            wrong += [f"{path}: {one}" for one in violations(page)]
            if not fits(page):
                wrong.append(f"{path} is wider than the phone")
        tab = anew(page, f"{shop.url}{language}{PATHS[3]}")
        is_there(tab)
        tab.locator("main button").filter(has=tab.locator("svg.lucide-palette")).click()
        tab.wait_for_url("**/artwork?**")
        is_there(tab)
        wrong += [f"artwork: {one}" for one in violations(tab)]
    assert wrong == []


def test_what_a_long_page_is_for_is_at_hand(shop: Shop, desk: Page, phone: Page) -> None:
    """A form is published from wherever one is in it, and what is done by hand is one tap away."""
    desk.goto(f"{shop.url}{PATHS[3]}")
    is_there(desk)
    desk.get_by_label("Counts until").scroll_into_view_if_needed()
    expect(desk.get_by_role("button", name="Publish", exact=True)).to_be_in_viewport()
    expect(desk.get_by_role("button", name="Who would get it?")).to_be_in_viewport()
    phone.goto(f"{shop.url}/demo/enter/staff")
    phone.goto(f"{shop.url}/staff/member?id={shop.members['top']}")
    is_there(phone)
    expect(phone.locator("#how_many")).not_to_be_in_viewport()
    phone.get_by_role("link", name="Give or take points").click()
    expect(phone.locator("#how_many")).to_be_in_viewport()


def test_a_form_is_of_what_it_was_opened_for(shop: Shop, desk: Page) -> None:
    """Whichever way it is come by: what stood in the boxes before does not stay there."""
    desk.goto(f"{shop.url}/staff/badges/edit?kind=badge&slug=regular")
    name = desk.get_by_label("English").first
    expect(name).to_have_value("Regular")
    name.fill("Half written")
    desk.get_by_role("link", name="Badges and challenges").click()
    desk.get_by_role("link", name="New challenge").click()
    expect(desk.get_by_role("heading", name="A new challenge")).to_be_visible()
    expect(name).to_have_value("")
    desk.goto(f"{shop.url}/staff/badges/edit?kind=badge&slug=explorer")
    expect(name).to_have_value("Explorer")
    desk.go_back()
    expect(name).to_have_value("")


def test_a_badge_is_taken_away_in_a_form_that_the_keyboard_unfolds(shop: Shop, phone: Page) -> None:
    """The list of badges is as long as there are badges, and no button stands in any of its rows."""
    phone.goto(f"{shop.url}/demo/enter/staff")
    phone.goto(f"{shop.url}/staff/member?id={shop.members['top']}")
    is_there(phone)
    listed = phone.locator("section").filter(has=phone.get_by_role("heading", name="Badges", exact=True))
    expect(listed.get_by_role("listitem").first).to_be_visible()
    expect(listed.get_by_role("button")).to_have_count(0)
    asked = phone.get_by_label("Badge", exact=True)
    expect(asked).not_to_be_visible()
    phone.get_by_text("Take a badge away").focus()
    phone.keyboard.press("Enter")
    expect(asked).to_be_visible()
    expect(asked.get_by_role("option", name="First basket")).to_be_attached()
    phone.keyboard.press("Tab")
    expect(asked).to_be_focused()
