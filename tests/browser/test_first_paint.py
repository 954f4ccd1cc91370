"""The first paint: the member's own figures are there before any script has run, and nothing jumps afterwards."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from app.frame.build import PAINT_MS_MAX
from app.frame.first import document
from members.board_cards import BoardCard, BoardsCard, PlaceCard
from tests.browser.conftest import Shop, at_rest, until

pytestmark = pytest.mark.slow

REMEMBER = """
window.shifts = 0;
new PerformanceObserver(list => { for (const one of list.getEntries()) window.shifts += one.value; })
  .observe({type: 'layout-shift', buffered: true});
document.addEventListener('DOMContentLoaded', () => {
  window.first = [...document.querySelectorAll('[data-first]')].map(place => [place, place.textContent]);
});
"""
KEPT = "() => window.first.map(([place, text]) => [place.isConnected, place.dataset.first, text, place.textContent])"

TIMES = """() => {
  const scripts = performance.getEntriesByType('resource').filter(one => one.name.endsWith('.js'));
  const asked = Math.min(...scripts.map(one => one.startTime));
  const painted = performance.getEntriesByType('paint').map(one => one.startTime);
  return [Math.min(...painted), asked];
}"""


@pytest.mark.parametrize("path", ["/", "/ru/", "/ar/", "/rewards", "/history"])
def test_the_balance_is_there_before_any_script(shop: Shop, phone: Page, path: str) -> None:
    phone.goto(f"{shop.url}/demo/enter/top", wait_until="commit")
    phone.route("**/*.js", lambda route: route.abort())
    phone.goto(f"{shop.url}{path}")
    expect(phone.locator("[data-first=balance]")).to_have_text(_number(path))
    expect(phone.locator("[data-first='shop.name']")).not_to_have_text("\u00a0")


@pytest.mark.parametrize("path", ["/badges", "/ar/badges", "/challenges", "/ru/challenges"])
def test_how_much_there_is_of_the_game_is_there_before_any_script(shop: Shop, phone: Page, path: str) -> None:
    phone.goto(f"{shop.url}/demo/enter/top", wait_until="commit")
    phone.route("**/*.js", lambda route: route.abort())
    phone.goto(f"{shop.url}{path}")
    expect(phone.locator("[data-first=summary]")).to_have_text(_number(path))


ROWS = "main :is(ul, ol):not([hidden]) > li:not([hidden]), main h2"
TEXTS = """async rows => {
  await document.fonts.ready;
  return rows.filter(row => row.offsetHeight && row.getBoundingClientRect().top < innerHeight)
    .map(row => [row.innerText, Math.round(row.getBoundingClientRect().top), row.offsetHeight]);
}"""


@pytest.mark.parametrize(
    "path",
    ["/rewards", "/ar/rewards", "/history", "/ru/history", "/rules", "/ar/rules", "/badges", "/ar/badges",
     "/challenges", "/ru/challenges", "/streaks", "/ar/streaks", "/boards", "/ru/boards"],
)  # fmt: skip
@pytest.mark.parametrize("who", ["top", "new"])
def test_the_first_rows_are_there_before_any_script_and_stay_as_they_are(
    shop: Shop, phone: Page, path: str, who: str
) -> None:
    phone.goto(f"{shop.url}/demo/enter/{who}", wait_until="commit")
    silent = phone.context.new_page()
    silent.route("**/*.js", lambda route: route.abort())
    silent.goto(f"{shop.url}{path}")
    first = silent.locator(ROWS).evaluate_all(TEXTS)
    silent.close()
    wrong: list[str] = []
    phone.on("pageerror", lambda error: wrong.append(str(error)))
    phone.add_init_script(REMEMBER)
    phone.goto(f"{shop.url}{path}")
    at_rest(phone)
    expect(phone.locator("[data-ahead]")).to_have_count(0)
    assert until(phone, lambda: phone.locator(ROWS).evaluate_all(TEXTS), first) == first
    assert first
    phone.wait_for_timeout(500)
    assert phone.evaluate("window.shifts") < 0.02
    assert wrong == []


@pytest.mark.parametrize("path", ["/ar/", "/ar/rules", "/ar/history", "/ar/badges", "/rules", "/ru/history"])
def test_letters_that_come_late_take_the_room_of_those_that_stood_in_for_them(
    shop: Shop, phone: Page, path: str
) -> None:
    held: list[Route] = []

    def hold(letters: Route) -> None:
        held.append(letters)

    phone.route("**/*.woff2", hold)
    phone.goto(f"{shop.url}/demo/enter/top", wait_until="commit")
    phone.add_init_script(REMEMBER)
    phone.goto(f"{shop.url}{path}", wait_until="domcontentloaded")
    at_rest(phone)
    expect(phone.locator("[data-ahead]")).to_have_count(0)
    assert phone.evaluate("document.fonts.status") == "loading"
    for letters in held:
        letters.continue_()
    assert until(phone, lambda: phone.evaluate("document.fonts.status"), "loaded") == "loaded"
    phone.wait_for_timeout(500)
    assert phone.evaluate("window.shifts") < 0.02


def test_a_tab_stays_where_it_is_while_the_next_ones_are_being_read(shop: Shop, phone: Page) -> None:
    phone.goto(f"{shop.url}/demo/enter/top")
    at_rest(phone)
    bar = phone.locator("nav").last
    place = "bar => {const at = bar.firstElementChild.getBoundingClientRect(); return [at.left, at.width, at.top]}"
    before = bar.evaluate(place)
    bar.evaluate("bar => { while (bar.children.length > 1) bar.lastElementChild.remove() }")
    assert bar.evaluate(place) == before


def test_pictures_that_are_ahead_are_left_alone_by_the_page(shop: Shop, phone: Page) -> None:
    phone.goto(f"{shop.url}/demo/enter/top", wait_until="commit")
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.add_init_script(
        REMEMBER.replace("[data-first]", "main [data-ahead-if] img").replace("textContent", "src")
    )
    phone.goto(f"{shop.url}/badges")
    at_rest(phone)
    pictures = phone.evaluate("window.first.map(([, source]) => source)")
    assert len([one for one in pictures if "/pictures/badge/" in one]) > 5
    assert not [one for one in asked if "ahead:" in one or "undefined" in one]


@pytest.mark.parametrize("path", ["/boards", "/ar/boards"])
def test_two_boards_and_what_their_places_bring_are_there_before_any_script(
    shop: Shop, phone: Page, path: str
) -> None:
    phone.goto(f"{shop.url}/demo/enter/top", wait_until="commit")
    phone.route("**/*.js", lambda route: route.abort())
    phone.goto(f"{shop.url}{path}")
    boards = phone.locator("main section:visible")
    expect(boards).to_have_count(2)
    for i, prizes in ((0, 3), (1, 1)):
        expect(boards.nth(i).locator("div > h3 + ul > li:visible")).to_have_count(prizes)


@pytest.mark.parametrize(("listed", "boards", "prizes"), [(0, 2, 2), (9, 2, 2), (10, 1, 0)])
def test_what_stands_after_a_list_is_ahead_only_where_the_list_is_ahead_to_its_end(
    shop: Shop, phone: Page, listed: int, boards: int, prizes: int
) -> None:
    """It would be pushed down otherwise, by the rows that come with the page's State."""
    places = tuple(PlaceCard(f"{number}:Heron", str(number), "Heron", "5 orders") for number in range(listed))
    card = BoardsCard(
        alias="Heron",
        boards=tuple(BoardCard(slug, "Regulars", rows=places, prizes=("Place 1: gold",)) for slug in "ab"),
    )
    built = httpx.get(f"{shop.url}/boards", timeout=60).text
    phone.set_content(re.sub(r"<script\b.*?</script>", "", document(built).filled(card), flags=re.DOTALL))
    expect(phone.locator("main section:visible")).to_have_count(boards)
    expect(phone.get_by_text("Place 1: gold").filter(visible=True)).to_have_count(prizes)
    expect(phone.get_by_text("Heron", exact=True).filter(visible=True)).to_have_count(
        1 + boards * min(listed, 9)
    )


def test_a_stranger_reads_the_rules_before_any_script(shop: Shop, phone: Page) -> None:
    phone.route("**/*.js", lambda route: route.abort())
    answer = phone.goto(f"{shop.url}/rules")
    assert answer is not None
    assert answer.headers["cache-control"] == "private, no-store"
    expect(phone.locator("[data-ahead='earn.0.sentence']")).to_have_text(_number("/rules"))


@pytest.mark.parametrize(
    "path", ["/", "/ar/", "/rewards", "/history", "/badges", "/ar/challenges", "/streaks", "/boards"]
)
def test_the_page_takes_it_over_as_it_is(shop: Shop, phone: Page, path: str) -> None:
    wrong: list[str] = []
    phone.on("pageerror", lambda error: wrong.append(str(error)))
    phone.goto(f"{shop.url}/demo/enter/top", wait_until="commit")
    phone.add_init_script(REMEMBER)
    for _ in range(2):  # the second time the tab's State is there already
        phone.goto(f"{shop.url}{path}")
        at_rest(phone)
        phone.wait_for_timeout(500)
        kept = phone.evaluate(KEPT)
        assert len(kept) >= (2 if path in ("/streaks", "/boards") else 3)
        for connected, name, before, after in kept:
            assert (connected, after) == (True, before), name
        assert phone.evaluate("window.shifts") < 0.02
    assert wrong == []


def test_another_language_does_not_show_through(shop: Shop, phone: Page) -> None:
    phone.goto(f"{shop.url}/demo/enter/top")
    at_rest(phone)
    phone.add_init_script(
        "window.said = new Set(); const look = () => { const unit = document.querySelector('[data-first=unit]');"
        "if (unit) window.said.add(unit.textContent); requestAnimationFrame(look); }; look();"
    )
    phone.goto(f"{shop.url}/ru/")
    at_rest(phone)
    phone.wait_for_timeout(500)
    assert not any("point" in said for said in phone.evaluate("[...window.said]"))


def test_a_stranger_gets_the_page_as_it_was_built(shop: Shop, phone: Page) -> None:
    phone.route("**/*.js", lambda route: route.abort())
    answer = phone.goto(f"{shop.url}/")
    assert answer is not None
    assert answer.headers["cache-control"] == "no-cache"
    expect(phone.locator("[data-first=balance]")).to_have_text("\u00a0")


def _number(path: str) -> re.Pattern[str]:
    return re.compile(r"[٠-٩]" if "/ar" in path else r"\d")


def test_no_script_is_asked_for_before_the_first_paint(shop: Shop, phone: Page) -> None:
    phone.goto(f"{shop.url}/demo/enter/top", wait_until="commit")
    phone.goto(f"{shop.url}/")
    at_rest(phone)
    painted, asked = phone.evaluate(TIMES)
    assert asked >= min(painted, PAINT_MS_MAX)
