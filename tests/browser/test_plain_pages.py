"""The plain pages beside the built ones: there for everybody, and light or dark as was chosen on the member pages."""

from __future__ import annotations

import re
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Shop, a_screen, at_rest, fits, until
from tests.browser.test_badges import violations

pytestmark = pytest.mark.slow
OPEN = ("/join", "/sign-in", "/verify", "/nowhere", "/r/nobody", "/j/nobody", "/staff/sign-in")
OWN = ("/card", "/ways", "/ways/address", "/me/erase", "/me", "/friends")
DESK = ("/staff/counter", "/staff/welcome", "/staff/posters")
MORE = [("", "dark"), ("/ru", "light"), ("/ru", "dark"), ("/ar", "light")]
DARK, LIGHT = "rgb(21, 18, 14)", "rgb(250, 247, 242)"
SMALL = """() => [...document.querySelectorAll("main a, main button, main summary, nav a")].filter((one) => {
  const { width, height } = one.getBoundingClientRect(), style = getComputedStyle(one);
  if (!width || !height || style.visibility === "hidden" || one.closest("[hidden]")) return false;
  const more = getComputedStyle(one, "::after"), room = more.position === "absolute" ? -2 * parseFloat(more.top) : 0;
  return height + room < 43.5;
}).map((one) => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize(
    ("language", "scheme"),
    [("", "light"), ("/ar", "dark"), *(pytest.param(*one, marks=pytest.mark.full) for one in MORE)],
)
def test_they_are_there_for_everybody(
    shop: Shop, browser: Browser, language: str, scheme: Literal["light", "dark"]
) -> None:
    """Axe finds nothing, nothing is wider than a phone, and everything is high enough for a thumb."""
    same = f"/staff/member/same?id={shop.members['top']}"
    wrong: list[str] = []
    for who, paths in (("", OPEN), ("middling", OWN), ("staff", (*DESK, same))):
        with a_screen(browser, 360, 780, color_scheme=scheme, reduced_motion="reduce") as page:
            if who:
                page.goto(f"{shop.url}/demo/enter/{who}")
            for path in paths:
                page.goto(f"{shop.url}{language}{path}")
                at_rest(page)
                expect(page.locator("main h1")).to_have_count(1)
                small = until(page, lambda: page.evaluate(SMALL), [], patience=5_000)
                wrong += [f"{path}: {one}" for one in (*violations(page), *small)]
                if not fits(page):
                    wrong.append(f"{path} is wider than the phone")
    assert wrong == []


@pytest.mark.parametrize("language", ["", "/ru", "/ar"])
def test_what_is_for_strangers_can_be_found_and_the_rest_is_left_alone(shop: Shop, language: str) -> None:
    for path in ("/", "/rules", "/join", "/verify"):
        page = httpx.get(f"{shop.url}{language}{path}", follow_redirects=True, timeout=60).text
        assert "noindex" not in page.partition("</head>")[0], path
        (about,) = re.findall(r'<meta[^>]* content="([^"]+)"[^>]* name="description"|'
                              r'<meta name="description" content="([^"]+)"', page)  # fmt: skip
        assert len("".join(about)) > 20, path
    for path in ("/rewards", "/me", "/sign-in", "/staff", "/r/nobody"):
        page = httpx.get(f"{shop.url}{language}{path}", follow_redirects=True, timeout=60).text
        assert "noindex" in page.partition("</head>")[0], path


def choose(page: Page, mode: str) -> None:
    """Choose light or dark in the settings, once the page has come to rest."""
    page.locator("[popovertarget=settings]").click()
    page.get_by_role("button", name=mode).click()


@pytest.mark.parametrize(("device", "mode", "ground"), [("light", "Dark", DARK), ("dark", "Light", LIGHT)])
def test_they_are_as_was_chosen_on_the_member_pages(
    shop: Shop, browser: Browser, device: Literal["light", "dark"], mode: str, ground: str
) -> None:
    with a_screen(browser, 360, 780, color_scheme=device) as page:
        page.goto(f"{shop.url}/demo/enter/middling")
        at_rest(page)
        choose(page, mode)
        pressed = page.locator("#settings > [aria-pressed=true]")
        expect(pressed).to_have_text(mode)
        page.wait_for_function(f"document.cookie.includes('regulars_theme={mode.lower()}')")
        for path in ("/ways", "/ru/verify", "/card", "/nowhere"):
            page.goto(f"{shop.url}{path}")
            expect(page.locator("body")).to_have_css("background-color", ground)
        page.goto(f"{shop.url}/")
        at_rest(page)
        page.locator("[popovertarget=settings]").click()
        expect(pressed).to_have_text(mode)
        page.keyboard.press("Escape")
        choose(page, "As the device")
        expect(pressed).to_have_text("As the device")
        page.wait_for_function("!document.cookie.includes('regulars_theme')")
        page.goto(f"{shop.url}/ways")
        expect(page.locator("body")).to_have_css("background-color", LIGHT if device == "light" else DARK)
