"""The newer kinds of rewards by HTTP: codes of a partner, a pot, a pass, and how often one may have one."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from app import database
from members.actions.uploading_codes import upload
from members.programme import load
from tests.api.shop import Shop, a_client, a_programme, an_order
from tests.api.test_redemptions import redeem, use
from tests.builders import PROGRAMME

pytestmark = pytest.mark.anyio

SECRET = b"a secret of this test only, 32 bytes"
REWARDS = """rewards:
  - {slug: cinema, kind: partner_code, name: Cinema, price: 10, terms: One seat, link: "https://cinema.example/"}
  - {slug: bread, kind: donation, name: Bread, price: 10, value: "2.50", thanks: Thank you}
  - {slug: sale, kind: early_access, name: Sale, price: 10, access: The winter sale}
  - {slug: cup, kind: gift, name: Cup, price: 10, per_period: {per: year, most: 1, tiers: {gold: 2}}}
"""


@pytest.fixture
async def shop(engine: Engine) -> AsyncIterator[Shop]:
    """A shop with four kinds of rewards, and codes for the cinema."""
    with a_programme(engine, load(PROGRAMME.replace("rewards: []\n", REWARDS))):
        async with a_client(engine) as client:
            yield Shop(engine, client)


@pytest.mark.feature(54)
async def test_a_program_sees_the_code_of_a_partner_at_once_so_it_is_used(shop: Shop) -> None:
    key = shop.key()
    await shop.post(an_order("90.00"), key=key)
    assert (await redeem(shop, key, "none", "cinema")).json()["code"] == "reward_sold_out"
    with database.transaction(shop.engine) as session:
        upload(session, "cinema", [b"FILM-1\n"], "staff:kim", datetime.now(UTC), SECRET)
    first, again = [await redeem(shop, key, "r", "cinema") for _ in range(2)]
    assert (first.json(), first.json()["code"]) == (again.json(), "FILM-1")
    where = f"/api/v1/redemptions/{first.json()['redemption_id']}/cancel"
    back = await shop.client.post(where, json={"subject": "customer:900"}, headers=key)
    assert (back.status_code, back.json()["code"]) == (409, "redemption_final")
    assert (await use(shop, key, "FILM-1")).status_code == 404, "our till does not know it"


@pytest.mark.feature(49)
async def test_a_pot_fills_a_pass_stays_and_a_cup_is_had_once_a_year(shop: Shop) -> None:
    key = shop.key()
    await shop.post(an_order("90.00"), key=key)
    given = [(await redeem(shop, key, f"d{n}", "bread")).json() for n in range(2)]
    assert [(one["state"], one.get("code")) for one in given] == [("used", None)] * 2
    listed = (await shop.client.get("/api/v1/catalogue", headers=key)).json()["rewards"]
    told = {one["slug"]: one for one in listed}
    assert told["bread"]["pot"] == {"gifts": 2, "points": 20, "money": "5.00"}
    assert told["cup"]["per_period"] == {"per": "year", "most": 1, "tiers": {"gold": 2}}
    assert (told["cinema"]["left"], told["sale"]["access"]) == (0, {"en": "The winter sale"})

    code = (await redeem(shop, key, "p", "sale")).json()["code"]
    for _ in range(2):
        assert (await use(shop, key, code)).json()["state"] == "issued"
    assert (await redeem(shop, key, "c1", "cup")).json()["state"] == "issued"
    refused = await redeem(shop, key, "c2", "cup")
    assert (refused.status_code, refused.json()["code"]) == (409, "reward_limit_for_now")
    assert re.search(r"It is back on 2\d{3}-01-01\.", refused.text)
