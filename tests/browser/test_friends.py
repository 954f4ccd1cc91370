"""Bringing a friend in real browsers: from a link to points for both, seen live by whoever shared it, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PATIENCE, SOURCE, Shop, a_screen, regulars, until
from tests.browser.test_joining import newest_code

pytestmark = pytest.mark.slow
WORDS_IN = """button => {
  const range = document.createRange();
  range.selectNode([...button.childNodes].find(one => one.nodeType === Node.TEXT_NODE && one.data.trim()));
  return range.getClientRects().length;
}"""  # how many lines the words of a button take


@pytest.fixture
def second(browser: Browser) -> Iterator[Page]:
    """A phone of somebody else, who comes by a link."""
    with a_screen(browser, 360, 640) as page:
        yield page


def send(shop: Shop, kind: str, name: str, subject: str, data: Mapping[str, object], ago: float = 0) -> None:
    """A fact of the shop's till, so many days ago."""
    answer = shop.send({
        "specversion": "1.0", "id": f"{kind}-{name}", "source": SOURCE, "type": kind,
        "time": (datetime.now(UTC) - timedelta(days=ago)).isoformat(), "subject": subject, "data": data,
    })  # fmt: skip
    assert "recorded" in str(answer), answer


def buys(shop: Shop, order: str, address: str, ago: float = 0) -> None:
    line = {"line_id": "1", "sku": "bun", "quantity": "1", "amount": "40.00"}
    send(
        shop,
        "order.paid",
        order,
        f"email:{address}",
        {"order_id": order, "currency": "USD", "lines": [line]},
        ago,
    )


AT_ONCE = "\n  - {slug: at-once, name: At once, sharer: {points: 500}, friend: {points: 300}, hold_days: 0}"
RELEASED_SECONDS = 90  # from an order to its release: it is seen waiting, and clocks may differ by more
RELEASED_MS = PATIENCE + 1000 * RELEASED_SECONDS


def a_link_released_at_once(shop: Shop, page: Page, who: str, folder: Path) -> str:
    """The member's link of an offer that is released with the order's own moment. For others nothing has changed."""
    plain, changed = folder / "plain.yaml", folder / "changed.yaml"
    plain.write_text(regulars(shop.environment, "programme", "export"))
    changed.write_text(plain.read_text().replace("\n  offers:", f"\n  offers:{AT_ONCE}", 1))
    regulars(shop.environment, "programme", "apply", str(changed))
    tab = page.context.new_page()
    try:
        return my_link(shop, tab, who)
    finally:
        tab.close()
        regulars(shop.environment, "programme", "apply", str(plain))


def coming(shop: Shop, page: Page) -> Locator:
    """What a friend's own page says of their coming."""
    page.goto(f"{shop.url}/friends")
    panel = page.locator("main div", has=page.get_by_text("You came on a friend's invitation.")).last.locator(
        ".."
    )
    expect(panel).to_contain_text("With your first purchase: 300 points.")
    return panel


def came(shop: Shop, page: Page, link: str, address: str) -> Locator:
    """The same of who joins now."""
    joins(shop, page, link, address)
    return coming(shop, page)


def returns(shop: Shop, order: str, address: str) -> None:
    lines = [{"line_id": "1", "quantity": "1", "amount": "40.00"}]
    back = {"order_id": order, "refund_id": "r1", "lines": lines}
    send(shop, "order.refunded", f"{order}-back", f"email:{address}", back)


def joins(shop: Shop, page: Page, link: str, address: str) -> int:
    """Come by a link and join; returns how many things had to be entered."""
    page.goto(link)
    page.locator("#address").fill(address)
    page.locator("input[name=agree]").check()
    page.locator("main form button").first.click()
    box = page.locator("#code")
    expect(box).to_be_visible()  # the letter is there before the page
    box.press_sequentially(newest_code(shop))  # the sixth digit sends it
    expect(page).to_have_url(re.compile(rf"{shop.url}/(ru/|ar/)?$"))
    return 3


def my_link(shop: Shop, page: Page, who: str) -> str:
    page.goto(f"{shop.url}/demo/enter/{who}")
    page.goto(f"{shop.url}/friends")
    page.get_by_role("button", name="Make my link").click()
    link = page.locator("p.select-all")
    expect(link).to_have_text(re.compile(r"/r/[a-z]+-[a-z]+-\d+$"))
    return link.inner_text()


@pytest.mark.feature(80)
@pytest.mark.feature(82)
@pytest.mark.feature(85)
def test_a_friend_is_seen_on_the_way_live_and_both_go_back_together(
    shop: Shop, phone: Page, second: Page
) -> None:
    link = my_link(shop, phone, "new")
    assert joins(shop, second, link, "ben.live@shop.example") <= 3
    row = phone.locator("li", has_text="since")
    expect(row).to_contain_text("Has joined")
    expect(phone.get_by_text("1 person opened your link.")).to_be_visible()
    buys(shop, "ben-live-1", "ben.live@shop.example")
    expect(row).to_contain_text("Waiting")
    expect(row).to_contain_text("The points wait until")
    expect(phone.get_by_text("2 more friends to 500 points")).to_be_visible()
    expect(phone.locator("body")).not_to_contain_text("ben.live")
    returns(shop, "ben-live-1", "ben.live@shop.example")
    expect(row).to_contain_text("Cancelled")
    expect(phone.get_by_text("3 more friends to 500 points")).to_be_visible()
    second.goto(f"{shop.url}/history")
    expect(second.get_by_text("You came on a friend's invitation.").first).to_be_visible()


@pytest.mark.feature(81)
def test_a_link_on_the_phone_and_a_code_on_the_laptop(
    shop: Shop, phone: Page, second: Page, browser: Browser
) -> None:
    """The link is opened on one device, and its friend joined on another: they name the code. The day has come."""
    link = my_link(shop, phone, "middling")
    second.goto(link)
    with a_screen(browser, 1280, 900) as laptop:
        joins(shop, laptop, f"{shop.url}/join", "cem.live@shop.example")
        laptop.goto(f"{shop.url}/friends")
        laptop.get_by_label("The code of who sent you").fill(link)
        laptop.get_by_role("button", name="Send it").click()
        expect(laptop.get_by_text("Thank you. Your friend hears of it.")).to_be_visible()
        row = phone.locator("li", has_text="since")
        expect(row).to_contain_text("Has joined")
        send(shop, "member.signed_up", "cem-came", "email:cem.live@shop.example", {}, ago=20)
        buys(shop, "live-2", "cem.live@shop.example", ago=16)
        expect(row).to_contain_text("500 points are yours.")
        expect(row).to_contain_text("Paid")
        laptop.goto(f"{shop.url}/history")
        expect(laptop.get_by_text("You came on a friend's invitation.").first).to_be_visible()
    line = {"line_id": "1", "sku": "bun", "quantity": "1", "amount": "40.00"}
    till = {
        "order_id": "live-3",
        "currency": "USD",
        "lines": [line],
        "codes": [link.rpartition("/")[2].upper()],
    }
    send(shop, "order.paid", "live-3", "customer:live-77", till)
    expect(phone.get_by_text("2 friends have come so far.")).to_be_visible()
    expect(row.first).to_contain_text("Waiting")  # named at the till, by somebody who never opened the link
    phone.goto(f"{shop.url}/ru/friends")
    copy = phone.get_by_role("button", name="Скопировать ссылку")
    expect(copy).to_be_visible()
    assert until(phone, lambda: copy.evaluate(WORDS_IN), 1) == 1


@pytest.mark.feature(82)
@pytest.mark.feature(85)
def test_both_lots_are_released_at_their_moment_and_a_refund_the_day_before_cancels_both(
    shop: Shop, phone: Page, second: Page, browser: Browser, tmp_path: Path
) -> None:
    """All pages stay open: nobody reloads, and no job runs. Of two friends one is paid, and one returns it in time."""
    soon = a_link_released_at_once(shop, phone, "top", tmp_path)
    link = my_link(shop, phone, "top")
    row = phone.locator("li", has_text="since")
    with a_screen(browser, 360, 640) as third:
        joins(shop, third, link, "eli.live@shop.example")
        send(shop, "member.signed_up", "eli-came", "email:eli.live@shop.example", {}, ago=13)
        hers, his = came(shop, second, soon, "dee.live@shop.example"), coming(shop, third)
        buys(shop, "dee-live", "dee.live@shop.example", ago=-RELEASED_SECONDS / 86_400)
        expect(row.first).to_contain_text("Waiting")
        expect(hers).to_contain_text("Waiting")
        buys(shop, "eli-live", "eli.live@shop.example", ago=12.9)
        expect(row.last).to_contain_text("The points wait until")
        expect(his).to_contain_text("if nothing is returned.")
        returns(shop, "eli-live", "eli.live@shop.example")
        expect(row.last).to_contain_text("Cancelled")
        expect(his).to_contain_text("Cancelled")
        expect(row.first).to_contain_text("500 points are yours.", timeout=RELEASED_MS)
        expect(hers).to_contain_text("Yours: 300 points.")
