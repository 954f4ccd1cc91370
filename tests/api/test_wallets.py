"""Wallets beside points by HTTP: cashback is earned, set aside, paid with and given back; experience is never spent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Engine

from app import database
from members.programme import load
from members.prove import prove
from tests.api.shop import Shop, a_client, a_programme, an_event, an_order
from tests.engine import wording

pytestmark = pytest.mark.anyio
EARNING = """  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}
  - {kind: cashback, slug: back, percent: "2.5", wallet: cash, name: Money back}
  - {kind: fixed_points, slug: told, on: review.posted, points: 50, wallet: xp}
"""
WALLETS = """
wallets:
  cash:
    kind: cashback
    name: {en: Cashback}
    value: {money: "1.00", pays: "0.50"}
    paying: {share: 50, minimum: 100}
  xp: {kind: experience, name: {en: Experience}}
"""
LINES = [
    {"line_id": "1", "sku": "tea", "quantity": "1", "amount": "3.00"},
    {"line_id": "2", "sku": "mug", "quantity": "1", "amount": "9.00"},
]


@pytest.fixture
async def shop(engine: Engine) -> AsyncIterator[Shop]:
    """A shop with both."""
    text = wording.a_programme(
        earning=EARNING, levels="  levels:\n    - {slug: all, name: All, threshold: 0}\n"
    )
    with a_programme(engine, load(text + WALLETS)):
        async with a_client(engine) as client:
            yield Shop(engine, client)


def asked(**more: Any) -> dict[str, Any]:
    return {"subject": "customer:900", "currency": "USD", "lines": LINES, "wallet": "cash"} | more


async def purses(shop: Shop, key: dict[str, str]) -> dict[str, tuple[int, int, str | None]]:
    found = (await shop.standing(key))["wallets"]
    return {one["wallet"]: (one["available"], one["held"], one.get("money")) for one in found}


def proven(shop: Shop) -> dict[str, tuple[int, int, int]]:
    """Issued, spent and outstanding of each wallet, when nothing is wrong."""
    with database.reading(shop.engine) as session:
        proof = prove(session)
    assert proof.flaws == []
    sums = {"points": proof.points} | proof.wallets
    assert all(one.issued == one.outstanding + one.spent + one.expired for one in sums.values())
    return {slug: (one.issued, one.spent, one.outstanding) for slug, one in sums.items()}


@pytest.mark.feature(11)
async def test_cashback_is_earned_in_minor_units_and_pays_at_its_own_rate(shop: Shop) -> None:
    key = shop.key()
    await shop.post(an_order("33.33", "166.70", order_id="A"), key=key)  # 2.5 % of 200.03 are 5.00075
    assert await purses(shop, key) == {"cash": (500, 0, "5.00"), "xp": (0, 0, None)}
    said = (await shop.client.post("/api/v1/payments/quote", json=asked(), headers=key)).json()
    assert (said["wallet"], said["points"], said["money"], said["limited_by"]) == (
        "cash",
        500,
        "2.50",
        "balance",
    )
    request = key | {"Idempotency-Key": "basket-1"}
    wrong = await shop.client.post("/api/v1/payments", json=asked(order_id="B", points=99), headers=request)
    assert (wrong.status_code, wrong.json()["detail"]) == (409, "A payment is at least 1.00 USD.")
    held = await shop.client.post("/api/v1/payments", json=asked(order_id="B", points=400), headers=request)
    again = await shop.client.post("/api/v1/payments", json=asked(order_id="B", points=400), headers=request)
    made = held.json()
    assert made == again.json()
    assert (made["wallet"], made["money"]) == ("cash", "2.00")
    assert (await purses(shop, key))["cash"] == (100, 400, "1.00")
    paid = {line["line_id"]: line["points_paid"] for line in made["lines"]}
    assert paid == {"1": "0.50", "2": "1.50"}
    lines = [line | {"points_paid": paid[line["line_id"]]} for line in LINES]
    await shop.post(an_event("order.paid", {"order_id": "B", "currency": "USD", "lines": lines}), key=key)
    assert (await purses(shop, key))["cash"] == (
        100 + 25,
        0,
        "1.25",
    )  # 2.5 % of the 10.00 that were paid in money
    back = {"order_id": "B", "refund_id": "r", "lines": [{"line_id": "2", "quantity": "1", "amount": "9.00"}]}
    await shop.post(an_event("order.refunded", back), key=key)
    assert (await purses(shop, key))["cash"] == (
        500 - 100 + 6,
        0,
        "4.06",
    )  # the tea: 1.00 of it, and 2.5 % of 2.50
    standing = await shop.standing(key)
    assert (standing["wallet"], standing["available"]) == ("points", 200 + 2)
    assert proven(shop) == {"points": (202, 0, 202), "cash": (506, 100, 406)}


@pytest.mark.feature(33)
async def test_experience_grows_and_cannot_be_spent(shop: Shop) -> None:
    key = shop.key()
    await shop.post(an_order("100.00"), key=key)
    await shop.post(an_event("review.posted", {"review_id": "r"}), key=key)
    await shop.post(an_event("review.posted", {"review_id": "s"}), key=key)
    assert await purses(shop, key) == {"cash": (250, 0, "2.50"), "xp": (100, 0, None)}
    wish = asked(wallet="xp")
    for path, body in (("/quote", wish), ("", wish | {"order_id": "B", "points": 10})):
        answer = await shop.client.post(
            f"/api/v1/payments{path}", json=body, headers=key | {"Idempotency-Key": "x"}
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "wallet_stays")
    other = await shop.client.post("/api/v1/payments/quote", json=asked(wallet="stamps"), headers=key)
    assert (other.status_code, other.json()["code"]) == (404, "wallet_unknown")
    assert (await purses(shop, key))["xp"] == (100, 0, None)
    assert proven(shop)["xp"] == (100, 0, 100)
