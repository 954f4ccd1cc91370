"""Staff at a desk: a reward from the studio to the counter, and a member who is found and helped."""

from __future__ import annotations

import io
import re

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Shop, a_screen, at_rest, write

pytestmark = pytest.mark.slow


def a_photo() -> bytes:
    into = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "PLANTED WORDS"
    Image.effect_noise((600, 400), 50).convert("RGB").save(into, "JPEG", exif=exif)
    return into.getvalue()


@pytest.mark.feature(48)
@pytest.mark.feature(54)
def test_a_reward_from_the_studio_to_the_counter(shop: Shop, desk: Page, phone: Page) -> None:
    desk.goto(f"{shop.url}/staff/reward")
    write(desk, "name.en", "A jar of honey")
    write(desk, "slug", "honey")
    write(desk, "price", "10")
    desk.locator("#fulfilment").select_option("by_staff")
    desk.locator("input[type=file]").set_input_files(
        [{"name": "jar.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}]
    )
    shown = desk.locator("aside img").first
    expect(shown).to_have_attribute("src", re.compile(r"^/pictures/[\w-]+\.webp$"))
    expect(shown).to_be_visible()
    picture = httpx.get(shop.url + str(shown.get_attribute("src")))
    assert picture.headers["content-type"] == "image/webp"
    assert "immutable" in picture.headers["cache-control"]
    assert b"PLANTED" not in picture.content
    expect(desk.get_by_text("Yours for 10 points")).to_be_visible()
    desk.get_by_role("button", name="Publish").click()
    expect(desk.get_by_text("Published. Members see it now.")).to_be_visible()

    phone.goto(f"{shop.url}/demo/enter/middling")
    phone.goto(f"{shop.url}/rewards")
    phone.get_by_role("button", name="Get it: A jar of honey").click()
    phone.get_by_role("button", name="Yes, get it").click()
    done = phone.get_by_role("status").get_by_text(re.compile("ready for you at the counter"))
    expect(done).to_be_visible()
    expect(phone.locator("#mine").get_by_text("Yours at the counter until")).to_be_visible()

    desk.goto(f"{shop.url}/staff/member?id={shop.members['middling']}")
    desk.get_by_role("button", name="Hand over").click()
    expect(desk.get_by_text("Handed over.")).to_be_visible()
    expect(desk.get_by_role("button", name="Hand over")).to_have_count(0)


@pytest.mark.feature(35)
def test_a_member_is_found_and_helped(shop: Shop, desk: Page) -> None:
    desk.goto(f"{shop.url}/staff/members")
    at_rest(desk)
    rows = desk.locator("main ul li a")
    expect(rows.first).to_be_visible()
    named = rows.filter(has_not_text="A member without a name")  # the newest may have come by other tests
    name = named.first.locator("p").first.inner_text()
    desk.locator("#wanted").fill(name)
    desk.get_by_role("button", name="Find").click()
    expect(rows.filter(has_not_text=name)).to_have_count(0)  # a touch on a list that is being redrawn is lost
    rows.filter(has_text=name).first.click()
    expect(desk.get_by_role("heading", name=name)).to_be_visible()
    points, reason = desk.locator("#how_many"), desk.locator("#reason")
    points.fill("999999")
    reason.fill("No")
    desk.get_by_role("button", name="Adjust").click()
    expect(desk.get_by_role("status").get_by_text(re.compile("^Say why"))).to_be_visible()
    expect(points).to_have_value("999999")
    reason.fill("Far too kind")
    desk.get_by_role("button", name="Adjust").click()
    asked = desk.get_by_text("Asked. It is done as soon as a second person agrees.")
    expect(asked).to_be_visible()
    expect(points).to_have_value("")
    points.fill("25")
    reason.fill("Broken eggs")
    desk.get_by_role("button", name="Adjust").click()
    expect(desk.get_by_text(re.compile("Broken eggs")).first).to_be_visible()


@pytest.mark.feature(35)
def test_what_is_pressed_twice_on_a_phone_is_given_once(shop: Shop, browser: Browser) -> None:
    """Both presses leave the browser before the first answer comes: the form is still the one that was filled in."""
    with a_screen(browser, 360, 780) as page:
        page.goto(f"{shop.url}/demo/enter/support")
        page.goto(f"{shop.url}/staff/member?id={shop.members['new']}")
        at_rest(page)
        page.get_by_role("link", name="Give or take points").click()
        points, adjust = page.locator("#how_many"), page.get_by_role("button", name="Adjust")
        points.fill("7")
        page.locator("#reason").fill("Pressed in a hurry")
        adjust.evaluate("button => { button.click(); button.click(); }")
        expect(points).to_have_value("")
        given = page.locator("main li").filter(has_text="Pressed in a hurry")
        expect(given).to_have_count(1)
        points.fill("1")
        page.locator("#reason").fill("And once more")
        adjust.click()
        expect(page.locator("main li").filter(has_text="And once more")).to_have_count(1)
        expect(given).to_have_count(1)  # what was pressed before this one was answered before it, too


def test_a_member_is_no_staff(shop: Shop, phone: Page) -> None:
    phone.goto(f"{shop.url}/demo/enter/top")
    for path in (
        "/staff",
        "/staff/reward?slug=coffee",
        "/staff/members",
        f"/staff/member?id={shop.members['new']}",
    ):
        phone.goto(f"{shop.url}{path}")
        expect(phone.get_by_text("This page is for the shop's staff.")).to_be_visible()
