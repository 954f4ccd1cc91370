"""Paying with points by HTTP: what can be paid, set aside once, and gone with the order or back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from members.programme import presets
from rewards.paying import Paying
from tests.api.shop import Shop, a_client, a_programme, an_event, an_order, without_waiting

pytestmark = pytest.mark.anyio
LINES = [
    {"line_id": "kettle", "sku": "k", "category": ["HOME", "KETTLES"], "quantity": "1", "amount": "39.99"},
    {"line_id": "oven", "sku": "m", "category": ["HOME", "MICROWAVES"], "quantity": "1", "amount": "129.99"},
]


TERMS = {
    "share": 50,
    "step": 50,
    "minimum": 100,
    "ceilings": [{"where": {"categories": ["HOME > MICROWAVES"]}, "share": 30}],
}


@pytest.fixture
async def shop(engine: Engine) -> AsyncIterator[Shop]:
    """A shop at whose checkout points can be used."""
    grocery = without_waiting(presets.preset("grocery", datetime.now(UTC)))
    document = grocery.model_copy(update={"paying": Paying.model_validate(TERMS)})
    with a_programme(engine, document):
        async with a_client(engine) as client:
            yield Shop(engine, client)


def asked(**more: Any) -> dict[str, Any]:
    return {"subject": "customer:900", "currency": "USD", "lines": LINES} | more


async def send(
    shop: Shop, key: dict[str, str], path: str, body: dict[str, Any], request: str = ""
) -> httpx.Response:
    headers = key | ({"Idempotency-Key": request} if request else {})
    return await shop.client.post(f"/api/v1/payments{path}", json=body, headers=headers)


@pytest.mark.feature(55)
async def test_asked_set_aside_placed_paid_and_partly_returned(shop: Shop) -> None:
    key = shop.key()
    await shop.post(an_order("400.00"), key=key)  # 4,000 points, each worth half a cent
    said = (await send(shop, key, "/quote", asked())).json()
    assert (said["points"], said["money"], said["limited_by"]) == (4000, "20.00", "balance")
    assert [line["most"] for line in said["lines"]] == ["39.99", "38.99"]
    held = await send(shop, key, "", asked(order_id="B1", points=2000), "basket-1")
    again = await send(shop, key, "", asked(order_id="B1", points=2000), "basket-1")
    assert held.status_code == 200, held.text
    assert held.json() == again.json()
    made = held.json()
    assert (made["state"], made["points"], made["money"]) == ("held", 2000, "10.00")
    paid = {line["line_id"]: line["points_paid"] for line in made["lines"]}
    assert paid == {"kettle": "5.06", "oven": "4.94"}
    standing = await shop.standing(key)
    assert (standing["available"], standing["held"]) == (2000, 2000)
    placed = await send(shop, key, f"/{made['payment_id']}/commit", {"subject": "customer:900"})
    assert placed.json()["state"] == "committed"
    lines = [line | {"points_paid": paid[line["line_id"]]} for line in LINES]
    order = an_event("order.paid", {"order_id": "B1", "currency": "USD", "lines": lines})
    assert (await shop.post(order, key=key)).json()["status"] == "recorded"
    earned = (await shop.standing(key))["available"] - 2000
    assert earned == 1599  # ten points for each of the 159.98 that were paid in money
    back = {
        "order_id": "B1",
        "refund_id": "r1",
        "lines": [{"line_id": "oven", "quantity": "1", "amount": "129.99"}],
    }
    await shop.post(an_event("order.refunded", back), key=key)
    # of the kettle 5.06 were paid with points, 1,012 of them, and 34.93 in money
    assert (await shop.standing(key))["available"] == 4000 - 1012 + 349
    assert (await shop.standing(key))["held"] == 0


async def test_many_at_once_for_one_order_and_one_wins(shop: Shop) -> None:
    key = shop.key()
    await shop.post(an_order("400.00"), key=key)
    body = asked(order_id="B1", points=1000)
    answers = await asyncio.gather(*(send(shop, key, "", body, f"tap-{n}") for n in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 19
    assert (await shop.standing(key))["held"] == 1000


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"points": 4050}, "payment_too_much"),
        ({"points": 50}, "payment_too_small"),
        ({"points": 1010}, "payment_no_step"),
        ({"points": 1000, "subject": "customer:nobody"}, "member_unknown"),
        ({"points": 1000, "currency": "EUR"}, "currency_other"),
        ({"points": 1000, "lines": [LINES[0], LINES[0]]}, "line_twice"),
        ({"points": 0}, "body_malformed"),
    ],
)
async def test_what_cannot_be_paid_is_refused_and_nothing_is_set_aside(
    shop: Shop, more: dict[str, Any], code: str
) -> None:
    key = shop.key()
    await shop.post(an_order("400.00"), key=key)
    answer = await send(shop, key, "", asked(order_id="B1") | more, "r")
    assert answer.json()["code"] == code
    assert 400 <= answer.status_code < 500
    assert (await shop.standing(key))["held"] == 0


async def test_given_up_and_somebody_elses(shop: Shop) -> None:
    key = shop.key()
    await shop.post(an_order("400.00"), key=key)
    made = (await send(shop, key, "", asked(order_id="B1", points=1000), "r")).json()
    path = f"/{made['payment_id']}/release"
    await shop.post(an_order("1.00", subject="customer:901"), key=key)
    for subject, name in (("customer:901", path), ("customer:900", "/0/release")):
        assert (await send(shop, key, name, {"subject": subject})).status_code == 404
    for _ in range(2):
        assert (await send(shop, key, path, {"subject": "customer:900"})).json()["state"] == "released"
    assert (await shop.standing(key))["available"] == 4000
    assert (
        await send(shop, key, f"/{made['payment_id']}/commit", {"subject": "customer:900"})
    ).status_code == 409
    assert (await send(shop, key, "", asked(order_id="B1", points=500), "again")).status_code == 200


async def test_a_payment_of_another_is_as_good_as_none(shop: Shop) -> None:
    """Another member, another shop's key, and another shop's key for the very member."""
    ours, others = shop.key(), shop.key(source="another.example/orders")
    for customer in ("900", "901"):
        await shop.post(an_order("400.00", customer=customer), key=ours)
    mine = (await shop.standing(ours))["member"]
    wish = asked(order_id="x", points=100)
    wishes = {
        (await send(shop, others, "", wish | {"subject": whose}, "one")).status_code
        for whose in ("customer:900", "customer:nobody")
    }
    assert wishes == {404}
    kept = (await send(shop, ours, "", wish, "one")).json()["payment_id"]
    for path in ("commit", "release"):
        for whose, key in (("customer:901", ours), ("customer:900", others), (f"member:{mine}", others)):
            tried = [
                await send(shop, key, f"/{one}/{path}", {"subject": whose})
                for one in (kept, "0190a5d2-0000-7000-8000-000000000000")
            ]
            assert tried[0].status_code == tried[1].status_code == 404
            assert tried[0].text == tried[1].text
    assert (await send(shop, ours, f"/{kept}/commit", {"subject": "customer:900"})).status_code == 200
