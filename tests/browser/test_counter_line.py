"""The counter's own script on a bad line: answers are lost, come late, or are trouble; nothing is done twice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from app import database, door
from app.public import counter_page
from facts.language import language
from tests.browser.conftest import a_screen
from tests.counter.conftest import open_shop

ASSETS = Path(__file__).parents[2] / "assets"
SOON = 15_000
Said = tuple[int, dict[str, Any]]
LOST: Said = (0, {})
HELD: Said = (1, {})
MEMBER = {"key": "6f0c8b1e-0000-4000-8000-000000000001", "name": "Anna", "balance": "400 points", "open": True,
          "rewards": [{"slug": "coffee", "name": "Free coffee", "words": "300 points", "price": 300}]}  # fmt: skip


@dataclass
class Line:
    """What the server says to each thing that the page asks, in turn, the last one for good; and what was asked."""

    page: Page
    html: str
    says: dict[str, list[Said]] = field(default_factory=dict[str, list[Said]])
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list[tuple[str, dict[str, Any]]])
    choose: Callable[[str, dict[str, Any]], Said | None] = lambda _path, _body: None

    def answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path == "/staff/counter":
            return route.fulfill(body=self.html, content_type="text/html")
        if not path.startswith("/counter/"):
            here = ASSETS / path.lstrip("/")
            return route.fulfill(path=here) if here.is_file() else route.fulfill(status=404)
        name, body = path.rpartition("/")[2], json.loads(route.request.post_data or "{}")
        self.asked.append((name, body))
        line = self.says[name]
        said = self.choose(name, body) or (line.pop(0) if len(line) > 1 else line[0])
        if said == LOST:
            return route.abort()
        return None if said == HELD else route.fulfill(status=said[0], json=said[1])

    def requests(self, name: str) -> list[str]:
        """The ids under which something was asked."""
        return [body["request"] for one, body in self.asked if one == name]

    def open(self) -> None:
        self.page.route("**/*", self.answer)
        self.page.goto("http://localhost:9/staff/counter")
        expect(self.page.locator("html[data-ready]")).to_have_count(1)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    def find(self, who: str = "anna@shop.example") -> None:
        self.page.locator("#who").fill(who)
        self.press("Find")
        expect(self.page.locator('[data-screen="member"]')).to_be_visible()

    def sell(self, amount: str) -> None:
        self.page.get_by_label("Amount of the purchase").fill(amount)
        self.press("Record the purchase")


@pytest.fixture
def line(house: Path, browser: Browser) -> Iterator[Line]:
    """The page of a cashier, whose server does as it is told."""
    with database.transaction(door.engine()) as session:
        open_shop(session)
    with a_screen(browser, 360, 780) as page:
        page.set_default_timeout(SOON)
        made = Line(page, counter_page.shell(language("en")))
        made.says["desk"] = [(200, {"key": "kim", "old_keys": [], "name": "Kim", "usual": 0})]
        yield made


@pytest.mark.feature(121)
def test_a_voucher_is_tried_again_under_its_own_request(line: Line) -> None:
    done = (200, {"receipt": {"title": "Free coffee", "words": "Taken."}})
    line.says["voucher"] = [LOST, (503, {}), done]
    line.open()
    line.press("Take a voucher")
    for typed in ("ABCD-EFGH", "abcd efgh", "ABCD-EFGH"):
        line.page.locator("#code").fill(typed)
        before = len(line.asked)
        line.press("Take it")
        expect(line.page.locator('[data-screen="voucher"] [aria-busy]')).to_have_count(0)
        assert len(line.asked) == before + 1
    expect(line.page.get_by_text("Free coffee")).to_be_visible()
    line.press("Next customer")
    line.press("Take a voucher")
    line.page.locator("#code").fill("ABCD-EFGH")
    line.press("Take it")
    expect(line.page.locator('[data-screen="receipt"]')).to_be_visible()
    first, second, third, other = line.requests("voucher")
    assert first == second == third != other, "an answer ends it"


@pytest.mark.feature(56)
def test_asking_ends_when_the_server_says_so(line: Line) -> None:
    line.says |= {"look": [(200, {"member": MEMBER, "proof": ""})], "ask": [(200, {"ask": "x"})], "answer": [LOST],
                  "stop": [LOST, (200, {"state": "over"})]}  # fmt: skip
    line.open()
    line.find()
    line.page.locator("#can-have").click()
    line.page.locator('[data-screen="rewards"] .choices button').click()
    line.press("Ask on their phone")
    expect(line.page.locator('[data-screen="asking"]')).to_be_visible()
    line.press("Stop asking")
    expect(line.page.locator("#said")).to_have_text("This needs a line. Please try again in a moment.")
    expect(line.page.locator('[data-screen="asking"]')).to_be_visible()
    line.press("Stop asking")
    expect(line.page.locator('[data-screen="proof"]')).to_be_visible(timeout=SOON)
    line.press("Ask on their phone")
    expect(line.page.locator('[data-screen="asking"]')).to_be_visible()
    first, second = line.requests("ask")
    assert first != second
    assert [body["ask"] for name, body in line.asked if name == "stop"] == [first, first]


@pytest.mark.feature(121)
def test_one_that_is_trouble_holds_up_no_other_and_a_code_stays_until_it_is_removed(line: Line) -> None:
    line.says |= {"look": [LOST], "purchase": [LOST], "join": [LOST]}
    line.open()
    for amount in ("3.00", "4.00"):
        line.find()
        line.sell(amount)
        expect(line.page.get_by_text("It is kept on this phone")).to_be_visible()
        line.press("Next customer")
    line.press("Join somebody")
    line.page.get_by_label("Their e-mail or phone number").fill("ben@shop.example")
    line.page.get_by_label("They said yes").check()
    line.press("Join them")
    expect(line.page.locator("#queue")).to_have_text("Waiting to be sent: 3")
    line.says["desk"] = [(200, {"key": "kim-now", "old_keys": ["kim"], "name": "Kim", "usual": 0})]
    joined = {
        "member": MEMBER,
        "known": False,
        "note": "Write this code down for them: CODE-1",
        "code": "CODE-1",
    }
    line.says |= {"join": [(200, joined)], "purchase": [(200, {"sale": {}})]}
    line.choose = lambda _, body: (500, {}) if body.get("amount") == "3.00" else None
    line.page.locator("#queue").click()
    line.press("Send now")
    expect(line.page.locator("#queue")).to_have_text("To be looked at: 1", timeout=SOON)
    kept = line.page.locator("#kept > li")
    expect(kept).to_have_count(2)
    expect(kept.last).to_contain_text("CODE-1")
    expect(kept.last.get_by_role("button")).to_have_text(["Remove"])
    expect(line.page.get_by_text("Somebody else recorded this")).to_have_count(0)
    kept.last.get_by_role("button").click()
    expect(line.page.locator("#queue")).to_have_text("Waiting to be sent: 1")
    line.choose = lambda _path, _body: None
    line.press("Send now")
    expect(line.page.locator("#queue")).to_be_hidden()


@pytest.mark.feature(121)
def test_what_is_on_its_way_is_not_sent_beside_itself(line: Line) -> None:
    line.says |= {"look": [(200, {"member": MEMBER, "proof": ""})], "purchase": [HELD]}
    line.open()
    line.find()
    line.sell("3.00")
    line.page.wait_for_function("() => document.querySelector('[data-form=sell] [aria-busy]')")
    line.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(line.page.locator("#queue")).to_have_text("Waiting to be sent: 1", timeout=SOON)
    assert len(line.requests("purchase")) == 1
