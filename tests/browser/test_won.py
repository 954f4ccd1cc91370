"""A reward that was won, in a browser: from the last step of a challenge to the code under the scanner."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop, anew

pytestmark = pytest.mark.slow


@pytest.mark.feature(69)
def test_a_challenge_brings_a_reward_that_waits_and_is_taken_with_one_touch(shop: Shop, phone: Page) -> None:
    phone.goto(f"{shop.url}/demo/enter/new")
    phone.goto(f"{shop.url}/challenges")
    dozen = phone.get_by_role("listitem").filter(has=phone.get_by_role("heading", name="Baker's dozen"))
    dozen.get_by_role("button", name=re.compile("Take it on")).click()
    expect(phone.get_by_role("status").get_by_text("You are in.")).to_be_visible()
    newest = f"member:{shop.members['new']}"
    shop.sell("won-1", newest, category=["PASTRY"], quantity="13", amount="13.00")
    expect(phone.get_by_role("status").get_by_text("Baker's dozen")).to_be_visible()
    phone.goto(f"{shop.url}/rewards")
    mine = phone.locator("#mine")
    expect(mine.get_by_text(re.compile("^Won with “Baker's dozen”. Take it until "))).to_be_visible()
    mine.get_by_role("button", name="Take it: Two fresh croissants").click()
    code = phone.get_by_role("dialog").get_by_text(re.compile(r"^(\w{4}-){3}\w{5}$"))
    expect(code).to_be_visible()
    said = code.inner_text()
    tab = anew(phone, f"{shop.url}/rewards")
    tab.locator("#mine").get_by_role("button", name="Code").first.click()
    expect(tab.get_by_role("dialog").get_by_text(said)).to_be_visible()
    silent = phone.context.new_page()
    silent.route("**/*.js", lambda route: route.abort())
    silent.goto(f"{shop.url}/rewards")  # before any script it looks as it will
    won = silent.locator("li").filter(has_text="Two fresh croissants").first
    expect(won.get_by_text("Code", exact=True).filter(visible=True)).to_have_count(1)
