"""A cashier serves a customer in a real browser: scan, purchase, a reward confirmed on the member's phone; no line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import pytest
import segno
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func
from sqlmodel import select

from app import database
from app.settings import Settings, secret
from members import card_codes
from members.actions import card
from members.tables import FactRow
from tests.browser.conftest import Shop, a_screen, until

READ = """async (address) => {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  return (await import("/counter-scan.js")).decode(picture);
}"""


@contextmanager
def counter(browser: Browser, shop: Shop, role: str = "cashier") -> Iterator[Page]:
    """The counter's page of somebody, ready."""
    with a_screen(browser, 360, 780) as page:
        page.goto(f"{shop.url}/demo/enter/{role}")
        page.goto(f"{shop.url}/staff/counter")
        expect(page.locator("html[data-kept]")).to_have_count(1)
        yield page


def settings_of(shop: Shop) -> Settings:
    """The shop's own."""
    folder = shop.environment["REGULARS_DATA_DIR"]
    return Settings(data_dir=folder, database_url=f"sqlite:///{folder}/regulars.sqlite")  # type: ignore[arg-type]


def shown(shop: Shop, member: str) -> tuple[str, str]:
    """The number of a member's card, and what it shows now."""
    settings, now = settings_of(shop), datetime.now(UTC)
    engine = database.engine(settings.database_url)
    with database.transaction(engine) as session:
        mine = card.mine(session, UUID(member), secret(settings), now)
    engine.dispose()
    return mine.number, f"{mine.number}.{card_codes.code_at(mine.key, card_codes.step_at(now))}"


def paid(shop: Shop) -> int:
    """How many purchases were recorded at the counter."""
    engine = database.engine(settings_of(shop).database_url)
    with database.reading(engine) as session:
        at_the_counter = (FactRow.source == "counter", FactRow.type == "order.paid")
        found = session.exec(select(func.count()).select_from(FactRow).where(*at_the_counter)).one()
    engine.dispose()
    return found


def find(page: Page, who: str) -> None:
    page.locator("#who").fill(who)
    page.get_by_role("button", name="Find").click()
    expect(page.locator('[data-screen="member"]')).to_be_visible()
    expect(page.locator("#card strong")).to_have_text(re.compile(r"\d"))


def sell(page: Page, amount: str) -> None:
    page.get_by_label("Amount of the purchase").fill(amount)
    page.get_by_role("button", name="Record the purchase").click()
    expect(page.locator('[data-screen="receipt"] h2')).to_be_visible()


@pytest.mark.feature(3)
@pytest.mark.feature(56)
@pytest.mark.feature(121)
def test_a_customer_is_served(shop: Shop, browser: Browser) -> None:
    """From the card to both receipts; the member's page shows each step without being opened anew."""
    with a_screen(browser, 360, 780) as phone, counter(browser, shop) as page:
        phone.goto(f"{shop.url}/demo/enter/top")
        expect(phone.locator("[data-first=balance]")).to_have_text(re.compile(r"\d"))
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "/counter/" in request.url else None)
        _, payload = shown(shop, shop.members["top"])
        picture = segno.make(payload).png_data_uri(scale=6, border=4)
        assert page.evaluate(READ, picture) == payload, "what the camera sees is read"
        number, payload = shown(shop, shop.members["top"])  # good for half a minute at least
        find(page, payload)
        page.get_by_role("button", name="Next customer").click()
        page.locator("#who").fill(payload)
        page.get_by_role("button", name="Find").click()
        expect(page.locator("#said")).to_contain_text("shown already")
        asked.clear()
        find(page, number)
        sell(page, "12.50")
        assert [one.rpartition("/")[2] for one in asked] == ["look", "purchase"], "two requests, three taps"
        expect(page.get_by_text("$12.50 is recorded")).to_be_visible()
        first = page.locator('[data-of="earned"] b').first
        expect(first).to_have_text(re.compile(r"^\+[\d,]+$"))
        earned = first.inner_text()
        expect(phone.locator("main")).to_contain_text(earned)
        page.get_by_role("button", name="Next customer").click()
        find(page, number)
        page.locator("#can-have").click()
        page.locator('[data-screen="rewards"] .choices button').last.click()
        page.get_by_role("button", name="Ask on their phone").click()
        expect(phone.get_by_text("The counter asks")).to_be_visible()
        phone.get_by_role("button", name="Yes, take the points").click()
        expect(page.get_by_text(re.compile("points were taken"))).to_be_visible()
        expect(phone.get_by_text(re.compile("points were taken"))).to_be_visible()


@pytest.mark.feature(121)
def test_without_a_line_purchases_wait_and_are_sent_once(shop: Shop, browser: Browser) -> None:
    """Also when the page was closed and opened anew meanwhile, without a line and with another one signed in."""
    with counter(browser, shop) as page:
        number, _ = shown(shop, shop.members["middling"])
        context, before = page.context, paid(shop)
        context.set_offline(True)
        for amount in ("3.00", "4.00"):
            page.locator("#who").fill(number)
            page.get_by_role("button", name="Find").click()
            expect(page.get_by_text("No line. Purchases are kept").first).to_be_visible()
            sell(page, amount)
            expect(page.get_by_text("It is kept on this phone")).to_be_visible()
            page.get_by_role("button", name="Next customer").click()
        expect(page.locator("#queue")).to_have_text("Waiting to be sent: 2")
        page.close()
        again = context.new_page()
        again.goto(f"{shop.url}/staff/counter")
        expect(again.locator("#queue")).to_have_text("Waiting to be sent: 2")
        again.close()
        context.set_offline(False)
        later = context.new_page()
        later.goto(f"{shop.url}/demo/enter/support")
        later.goto(f"{shop.url}/staff/counter")
        later.locator("#queue").click()
        expect(later.get_by_text("Somebody else recorded this").first).to_be_visible()
        assert paid(shop) == before
        later.goto(f"{shop.url}/demo/enter/cashier")
        expect(later.locator("html[data-ready]")).to_have_count(1)
        expect(later.locator("#queue")).to_be_hidden()
        assert until(later, lambda: paid(shop), before + 2) == before + 2
        later.reload()
        expect(later.locator("html[data-ready]")).to_have_count(1)
        assert paid(shop) == before + 2


@pytest.mark.feature(121)
def test_signed_out_it_waits_and_asks_to_come_in(shop: Shop, browser: Browser) -> None:
    with counter(browser, shop) as page:
        number, _ = shown(shop, shop.members["middling"])
        find(page, number)
        page.context.clear_cookies()
        before = paid(shop)
        sell(page, "5.00")
        expect(page.locator("#said")).to_contain_text("You are signed out")
        expect(page.get_by_role("link", name="Sign in")).to_be_visible()
        expect(page.locator("#queue")).to_have_text("Waiting to be sent: 1")
        assert paid(shop) == before
        page.goto(f"{shop.url}/demo/enter/marketer")
        page.goto(f"{shop.url}/staff/counter")
        expect(page.get_by_text("This page is for staff who serve at the counter.")).to_be_visible()
        assert paid(shop) == before


@pytest.mark.feature(3)
def test_a_newcomer_joins_and_nobody_does_twice(shop: Shop, browser: Browser) -> None:
    with counter(browser, shop) as page:
        for said in ("Welcome! A letter is on its way", "They are a member already."):
            page.get_by_role("button", name="Join somebody").click()
            page.get_by_label("Their e-mail or phone number").fill("newcomer@shop.example")
            page.get_by_label("They said yes").check()
            page.get_by_role("button", name="Join them").click()
            expect(page.locator('[data-screen="member"] .caution')).to_contain_text(said)
            page.get_by_role("button", name="Next customer").click()
