"""A member's badges in a browser: shown to others, signed, put first; a streak that waits; and pages for everybody."""

from __future__ import annotations

import re

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Shop, a_screen, at_rest, until

pytestmark = pytest.mark.slow
PATHS = ("/", "/rewards", "/badges", "/challenges", "/streaks", "/boards", "/history", "/rules")


def shelf(page: Page) -> Locator:
    """The badges that are the member's."""
    return page.locator("section").filter(has=page.get_by_role("heading", name="On your shelf"))


def first_basket(shop: Shop, page: Page, who: str = "top") -> Locator:
    """The detail of a badge, opened."""
    page.goto(f"{shop.url}/demo/enter/{who}")
    page.goto(f"{shop.url}/badges")
    shelf(page).get_by_role("button").filter(has_text="First basket").click()
    return page.get_by_role("dialog", name="First basket")


@pytest.mark.feature(65)
def test_a_badge_is_shown_to_others_until_its_holder_takes_it_back(shop: Shop, browser: Browser) -> None:
    with a_screen(browser, 360, 780, permissions=["clipboard-read", "clipboard-write"]) as phone:
        detail = first_basket(shop, phone)
        detail.get_by_label("Your name on the page").fill("Mira")
        detail.get_by_role("button", name="Make a page").click()
        shown = detail.get_by_role("link", name="Open the page")
        expect(shown).to_have_attribute("href", re.compile(rf"^{shop.url}/b/[\w-]{{22}}$"))
        link = str(shown.get_attribute("href"))
        detail.get_by_role("button", name="Copy the link").click()
        expect(detail.get_by_role("button", name="Copied")).to_be_visible()
        assert until(phone, lambda: phone.evaluate("navigator.clipboard.readText()"), link) == link
        stranger = httpx.get(link, timeout=30)
        assert (stranger.status_code, "Mira" in stranger.text, 'property="og:image"' in stranger.text) == (
            200,
            True,
            True,
        )
        picture = httpx.get(f"{link}/card.png", timeout=30)
        assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
        detail.get_by_role("button", name="Stop sharing").click()
        expect(detail.get_by_role("button", name="Make a page")).to_be_visible()
        assert httpx.get(link, timeout=30).status_code == 404


@pytest.mark.feature(66)
def test_a_badge_is_signed_and_whoever_gets_it_can_check_it(shop: Shop, phone: Page) -> None:
    detail = first_basket(shop, phone)
    detail.get_by_role("button", name="Get it signed").click()
    signed = detail.get_by_role("link", name="Picture with the signature")
    expect(signed).to_have_attribute("href", re.compile("^/"))
    baked = signed.get_attribute("href")
    assert b"openbadgecredential" in httpx.get(f"{shop.url}{baked}", timeout=30).content
    detail.get_by_role("link", name="See and check it").click()
    expect(phone.get_by_role("heading", name="This badge is valid")).to_be_visible()


def test_what_is_put_first_comes_first_and_stands_at_home(shop: Shop, phone: Page) -> None:
    phone.goto(f"{shop.url}/demo/enter/top")
    phone.goto(f"{shop.url}/badges")
    shelf(phone).get_by_role("button", name="Arrange").click()
    for name in ("Every week", "First basket"):
        shelf(phone).get_by_role("button", name=f"Put first: {name}").click()
        expect(shelf(phone).get_by_role("button", name=f"No longer first: {name}")).to_be_visible()
    shelf(phone).get_by_role("button", name="Further to the front: First basket").click()
    expect(shelf(phone).get_by_role("listitem").first).to_contain_text("First basket")
    shelf(phone).get_by_role("button", name="Done").click()
    expect(shelf(phone).get_by_role("button").nth(1)).to_contain_text("First basket")
    phone.goto(f"{shop.url}/")
    mine = phone.get_by_role("link").filter(has=phone.get_by_role("listitem"))
    expect(mine.get_by_role("listitem")).to_have_text(["First basket", "Every week"])
    phone.goto(f"{shop.url}/badges")
    expect(shelf(phone).get_by_role("button").nth(2)).to_contain_text("Every week")


@pytest.mark.feature(71)
@pytest.mark.feature(72)
def test_who_is_away_says_so_and_brings_their_own_clock(shop: Shop, browser: Browser) -> None:
    with a_screen(browser, 360, 780, timezone_id="Pacific/Auckland") as phone:
        phone.goto(f"{shop.url}/demo/enter/top")
        phone.goto(f"{shop.url}/challenges")
        phone.get_by_role("link", name=re.compile("^Streaks")).click()
        expect(phone.get_by_text("Every week").first).to_be_visible()
        phone.get_by_role("button", name="Take this device's clock").click()
        expect(phone.get_by_text("By the clock of Auckland")).to_be_visible()
        phone.get_by_role("button", name="I will be away").click()
        first = phone.get_by_label("First day")
        expect(first).to_have_attribute("min", re.compile(r"^\d{4}-\d\d-\d\d$"))
        today = str(first.get_attribute("min"))
        first.fill(today)
        phone.get_by_label("Last day").fill(today)
        phone.get_by_role("button", name="I will be away").click()
        expect(phone.get_by_text("You are away now")).to_be_visible()
        expect(phone.get_by_text("59 days left this year")).to_be_visible()
        phone.get_by_role("button", name="I am back").click()
        expect(phone.get_by_text("60 days left this year")).to_be_visible()
        phone.get_by_role("button", name="Take the shop's clock").click()
        expect(phone.get_by_text("By the clock of Auckland")).to_be_hidden()
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "/ar"])
def test_the_pages_are_there_for_everybody(shop: Shop, browser: Browser, language: str, scheme: str) -> None:
    """Axe finds nothing on any member page, on paper and at night, in both directions."""
    wrong: list[str] = []
    with a_screen(browser, 360, 780, color_scheme=scheme, reduced_motion="reduce") as page:
        page.goto(f"{shop.url}/demo/enter/top")
        for path in PATHS:
            page.goto(f"{shop.url}{language}{path}")
            at_rest(page)
            expect(page.locator("main h1")).to_be_visible()
            wrong += [f"{path}: {one}" for one in violations(page)]
        page.goto(f"{shop.url}{language}/badges")
        at_rest(page)
        page.locator("main ul button[aria-haspopup=dialog]").nth(3).click()
        expect(page.locator("dialog[open]")).to_be_visible()
        wrong += [f"detail: {one}" for one in violations(page)]
    assert wrong == []


def violations(page: Page) -> list[str]:
    """What axe says against the page, and says again when nothing moves on it any more."""

    def said() -> list[str]:
        found = Axe().run(page).response["violations"]
        return [f"{one['id']} at {node['html'][:200]}" for one in found for node in one["nodes"]]

    return until(page, said, [], patience=5_000)


def test_past_the_navigation_by_keyboard(shop: Shop, phone: Page) -> None:
    phone.goto(f"{shop.url}/demo/enter/top")
    phone.goto(f"{shop.url}/challenges")
    at_rest(phone)
    phone.keyboard.press("Tab")
    link = phone.get_by_role("link", name="To the content")
    expect(link).to_be_focused()
    expect(link).to_have_attribute("href", "#content")
    phone.keyboard.press("Enter")
    expect(phone.locator("#content")).to_be_focused()
    assert phone.url.endswith("/challenges#content")
