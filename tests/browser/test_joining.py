"""Joining in a real browser: from a poster's address to the dashboard, in three inputs."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop

pytestmark = pytest.mark.slow


def newest_code(shop: Shop) -> str:
    """The code in the newest letter, from the demo's post box."""
    page = httpx.get(f"{shop.url}/demo/letters", timeout=60).text
    return re.findall(r"\b\d{6}\b", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL))[0]


@pytest.mark.feature(1)
def test_from_a_poster_to_the_dashboard_in_three_inputs(shop: Shop, desk: Page, phone: Page) -> None:
    desk.goto(f"{shop.url}/staff/posters")
    desk.get_by_label("Where will it hang?").fill("By the bread")
    desk.get_by_role("button", name="Make it").click()
    address = desk.get_by_text(re.compile(r"/j/\w{6}$")).inner_text()
    inputs = 0
    phone.goto(address)
    phone.get_by_label("E-mail or phone number").fill("newcomer@shop.example")
    inputs += 1
    phone.get_by_label(re.compile("I would like to be a member")).check()
    inputs += 1
    phone.get_by_role("button", name="Send me a code").click()
    box = phone.get_by_label("Code")
    expect(box).to_be_focused()
    expect(phone.get_by_role("button", name=re.compile("A new code in"))).to_be_disabled()
    box.press_sequentially(newest_code(shop))  # the sixth digit sends it
    inputs += 1
    expect(phone).to_have_url(f"{shop.url}/")
    expect(phone.get_by_text("200").first).to_be_visible()
    assert inputs == 3
    desk.reload()
    expect(desk.get_by_text("1 member joined here")).to_be_visible()


@pytest.mark.feature(2)
def test_who_left_signs_in_with_a_code_from_the_welcome(shop: Shop, phone: Page) -> None:
    phone.goto(f"{shop.url}/ar")
    phone.get_by_role("link", name="تسجيل الدخول").first.click()
    expect(phone.locator("html")).to_have_attribute("dir", "rtl")
    phone.locator("#address").fill("second@shop.example")
    phone.locator("main form button").first.click()
    box = phone.locator("#code")
    expect(box).to_be_visible()  # the letter is there before the page
    box.press_sequentially(newest_code(shop))
    phone.locator("input[name=agree]").check()
    phone.locator("main form button").first.click()
    expect(phone).to_have_url(f"{shop.url}/ar/")
