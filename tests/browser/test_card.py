"""The digital card on a phone: without a signal it is still there, its code moves on, and the till takes it once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from app import database
from facts.refusals import Refusal
from members.actions import card
from tests.browser.conftest import PATIENCE, Shop, a_screen, at_rest

pytestmark = pytest.mark.slow
KEPT = """async () => [
    ...(await caches.keys()).filter((name) => name === "regulars-card"),
    ...(await indexedDB.databases()).map((one) => one.name).filter((name) => name === "regulars-card"),
]"""
KEY = """() => new Promise((done) => {
    const asked = indexedDB.open("regulars-card");
    asked.onsuccess = () => {
        const got = asked.result.transaction("card").objectStore("card").get("mine");
        got.onsuccess = async () => {
            asked.result.close();
            const { key } = got.result;
            done([key.extractable, await crypto.subtle.exportKey("raw", key).then(() => "told", () => "kept")]);
        };
    };
})"""
SHELLS = """async () => {
    const cache = await caches.open("regulars-card");
    const shell = await cache.match("/card/shell");
    return [(await cache.keys()).map((one) => new URL(one.url).pathname), await shell.text()];
}"""


@pytest.fixture
def pocket(browser: Browser) -> Iterator[Page]:
    """A phone that can lose its signal."""
    with a_screen(browser, 360, 780) as page:
        yield page


def opened(page: Page, shop: Shop, who: str = "middling") -> None:
    """Come in, and look at the card until it is kept."""
    page.goto(f"{shop.url}/demo/enter/{who}")
    at_rest(page)
    page.get_by_role("link", name="Show my card").click()
    page.wait_for_url(f"{shop.url}/card")
    expect(page.locator("#card[data-kept]")).to_be_visible()


def code_of(page: Page) -> str:
    face = page.locator("#card")
    expect(face).to_have_attribute("data-code", re.compile(r"^\d{14}\.\d{8}$"))
    return str(face.get_attribute("data-code"))


def till(shop: Shop, payload: str, at: datetime) -> str:
    """What the shop says to a code: whose card it is, or why not."""
    folder = Path(shop.environment["REGULARS_DATA_DIR"])
    engine = database.engine(f"sqlite:///{folder / 'regulars.sqlite'}")
    try:
        secret = (folder / "secret").read_bytes()
        found = database.attempt(engine, lambda session: card.present(session, payload, secret, at))
        return str(found.member_id) if found.proved else "unproved"
    except Refusal as refused:
        return refused.code
    finally:
        engine.dispose()


def by_its_clock(page: Page) -> datetime:
    return datetime.fromtimestamp(page.evaluate("Date.now()") / 1000, UTC)


@pytest.mark.feature(4)
def test_without_a_signal_the_card_is_there_and_its_code_is_good_once(shop: Shop, pocket: Page) -> None:
    opened(pocket, shop)
    pocket.clock.install(time=datetime.now(UTC))
    pocket.context.set_offline(True)
    pocket.reload()
    expect(pocket.get_by_text("No signal here")).to_be_visible()
    expect(pocket.get_by_text(re.compile("Balance at "))).to_be_visible()
    first, drawn = code_of(pocket), pocket.locator('[data-part="qr"]').get_attribute("d")
    pocket.clock.run_for(30_000)
    expect(pocket.locator("#card")).not_to_have_attribute("data-code", first)
    expect(pocket.locator('[data-part="qr"]')).not_to_have_attribute("d", str(drawn))
    second, now = code_of(pocket), by_its_clock(pocket)
    assert till(shop, second, now) == shop.members["middling"]
    assert till(shop, second, now) == "card_used"
    assert till(shop, first, now) == "card_used"
    assert till(shop, second.partition(".")[0], now) == "unproved"
    pocket.clock.run_for(30_000)
    expect(pocket.locator("#card")).not_to_have_attribute("data-code", second)
    third = code_of(pocket)
    assert till(shop, third, by_its_clock(pocket) + timedelta(minutes=2)) == "card_late"
    pocket.goto(f"{shop.url}/")
    pocket.wait_for_url(f"{shop.url}/card")
    assert code_of(pocket).startswith(third[:14])


def test_no_script_reads_the_key_and_nothing_kept_by_the_worker_names_anybody(
    shop: Shop, pocket: Page
) -> None:
    opened(pocket, shop)
    said = pocket.locator('[data-part="name"]')
    expect(said).to_have_text(re.compile(r"\S"))
    name = said.inner_text()
    assert pocket.evaluate(KEY) == [False, "kept"]
    files, shell = pocket.evaluate(SHELLS)
    assert {"/card/shell", "/card.js", "/qr.js", "/regulars.css"} <= set(files)
    assert "/card" not in files
    assert name not in shell
    assert 'id="card" hidden' in shell


def test_who_leaves_takes_the_card_along(shop: Shop, pocket: Page) -> None:
    opened(pocket, shop)
    assert len(pocket.evaluate(KEPT)) == 2
    pocket.goto(f"{shop.url}/")
    at_rest(pocket)
    pocket.get_by_role("button", name="Language and appearance").click()
    pocket.get_by_role("button", name="Leave").click()
    pocket.wait_for_function(f"async () => (await ({KEPT})()).length === 0", timeout=PATIENCE)
    pocket.wait_for_function("!document.cookie.includes('regulars_card')", timeout=PATIENCE)
    pocket.goto(f"{shop.url}/card")
    pocket.wait_for_url(f"{shop.url}/sign-in")
    pocket.context.set_offline(True)
    with pytest.raises(Error, match="ERR_"):
        pocket.goto(f"{shop.url}/card")


def test_who_signs_in_after_somebody_does_not_see_their_card(shop: Shop, pocket: Page) -> None:
    opened(pocket, shop)
    before = code_of(pocket)[:14]
    pocket.goto(f"{shop.url}/demo/enter/new")
    pocket.wait_for_function(f"async () => (await ({KEPT})()).length === 0", timeout=PATIENCE)
    pocket.goto(f"{shop.url}/card")
    assert code_of(pocket)[:14] != before
