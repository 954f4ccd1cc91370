"""The same pages on PostgreSQL: enter, watch an order arrive, take a reward, and read of both."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from app import database
from tests.browser.conftest import Shop, a_shop, anew
from tests.conftest import EMPTY, postgres_of_the_run
from tests.databases import clone, template

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The demo on a database of PostgreSQL."""
    postgres = postgres_of_the_run()
    for url in template("postgresql", EMPTY, postgres):
        database.migrate(url)
    with (
        clone("postgresql", EMPTY, postgres) as url,
        a_shop(tmp_path_factory.mktemp("shop"), REGULARS_DATABASE_URL=url) as served,
    ):
        yield served


def test_an_order_arrives_and_a_reward_is_taken(shop: Shop, phone: Page) -> None:
    phone.goto(f"{shop.url}/demo/enter/middling")
    expect(phone.get_by_text("Just now").first).to_be_visible()
    phone.evaluate("window.stayed = true")
    shop.sell("live-1", f"member:{shop.members['middling']}", amount="37.30")
    expect(phone.get_by_text(re.compile(r"^\+[0-9]{3}$")).first).to_be_visible()
    assert phone.evaluate("window.stayed") is True

    phone.goto(f"{shop.url}/rewards")
    phone.get_by_role("button", name=re.compile(r"^Get it: \$")).first.click()
    phone.get_by_role("button", name="Yes, get it").click()
    expect(phone.get_by_role("dialog").get_by_text(re.compile(r"^(\w{4}-){3}\w{5}$"))).to_be_visible()
    history = anew(phone, f"{shop.url}/history")
    expect(history.get_by_role("listitem").first).to_contain_text("−")
