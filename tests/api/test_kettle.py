"""The kettle, the microwave and the gift card by HTTP: what each brings back, and how much of each that may pay."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from app import database
from members import programme
from members.programme import Programme, presets
from rewards.earning.exclude import Exclude
from rewards.earning.multiply import Multiply
from tests.api.shop import Shop, a_client, a_programme, an_event

pytestmark = pytest.mark.anyio
BASKET = [
    {"line_id": "kettle", "sku": "k", "category": ["HOME", "KETTLES"], "quantity": "1", "amount": "39.99"},
    {"line_id": "oven", "sku": "m", "category": ["HOME", "MICROWAVES"], "quantity": "1", "amount": "129.99"},
    {"line_id": "card", "sku": "c", "category": ["GIFT CARDS"], "quantity": "1", "amount": "50.00"},
]


def cashback() -> Programme:
    """The preset, whose money can be spent at once."""
    document = presets.preset("cashback", datetime.now(UTC))
    wallets = {slug: one.model_copy(update={"pending_days": 0}) for slug, one in document.wallets.items()}
    return document.model_copy(update={"wallets": wallets})


@pytest.fixture
async def shop(engine: Engine) -> AsyncIterator[Shop]:
    """Home & Hearth, where money comes back."""
    with a_programme(engine, cashback()):
        async with a_client(engine) as client:
            yield Shop(engine, client)


def publish(shop: Shop, base: int, rules: list[Any]) -> None:
    """The same programme with these earning rules, from now on."""
    now = datetime.now(UTC)
    with database.transaction(shop.engine) as session:
        document = cashback().model_copy(update={"earning": rules})
        programme.apply(session, document, base=base, actor="test:test", effective_from=now, now=now)


async def would_earn(shop: Shop, key: dict[str, str], *lines: dict[str, Any], customer: str = "900") -> int:
    data = {"order_id": "x", "currency": "USD", "lines": list(lines)}
    order = an_event("order.paid", data, customer=customer)
    answer = await shop.post(order, key=key, to="simulate")
    assert answer.status_code == 200, answer.text
    effects = answer.json()["effects"]
    assert {effect["wallet"] for effect in effects} <= {"cash"}, "points are none"
    return sum(effect["amount"] for effect in effects)


@pytest.mark.feature(12)
async def test_kettles_bring_more_gift_cards_nothing_and_the_order_of_rules_decides_nothing(
    shop: Shop,
) -> None:
    key = shop.key()
    kettle, oven, card = BASKET
    assert await would_earn(shop, key, kettle) == 399  # a tenth
    assert await would_earn(shop, key, oven) == 389  # 3 %
    assert await would_earn(shop, key, card) == 0
    assert await would_earn(shop, key, *BASKET) == 789, "rounded once, for the order"
    rules = cashback().earning
    besides = Exclude.model_validate({"kind": "exclude", "slug": "besides", "where": {"skus": ["nothing"]}})
    for base, (stack, priority, earned) in enumerate(
        [
            ("times", 200, 799),
            ("plus", 200, 439),
            ("best", 200, 399),
            ("times", 100, 799),
            ("times", 50, 399),
        ],
        start=1,
    ):
        twice = Multiply.model_validate({"kind": "multiply", "slug": "sale", "factor": 2, "stack": stack,
                                         "priority": priority})  # fmt: skip
        publish(shop, base * 2 - 1, [*rules, twice])
        one = await would_earn(shop, key, kettle, card)
        publish(shop, base * 2, [twice, *reversed(rules), besides])
        assert (one, await would_earn(shop, key, kettle, card)) == (earned, earned), (stack, priority)


@pytest.mark.feature(13)
async def test_the_most_of_each_line_is_shown_before_the_checkout_and_kept_to(shop: Shop) -> None:
    key = shop.key()
    await shop.post(an_event("order.paid", {"order_id": "before", "currency": "USD", "lines": [
        {"line_id": "1", "sku": "x", "quantity": "1", "amount": "20000.00"}]}), key=key)  # fmt: skip
    about = {"subject": "customer:900", "currency": "USD", "lines": BASKET, "wallet": "cash"}

    async def ask(path: str, **more: Any) -> tuple[int, dict[str, Any]]:
        headers = key | {"Idempotency-Key": f"tap-{more.get('points', 0)}"}
        answer = await shop.client.post(f"/api/v1/payments{path}", json=about | more, headers=headers)
        return answer.status_code, answer.json()

    _, shown = await ask("/quote")
    most = {line["line_id"]: line["most"] for line in shown["lines"]}
    assert most == {"kettle": "39.99", "oven": "38.99", "card": "0.00"}, "all of it, three tenths, nothing"
    assert (shown["points"], shown["money"], shown["limited_by"]) == (7898, "78.98", "ceilings")
    assert (await ask("", order_id="B", points=7899))[0] == 409
    status, held = await ask("", order_id="B", points=7898)
    paid = {line["line_id"]: line["points_paid"] for line in held["lines"]}
    assert (status, paid) == (200, most)
    _, alone = await ask("/quote", lines=[BASKET[2]])
    assert (alone["points"], alone["money"]) == (0, "0.00"), "a gift card is paid with money alone"


TABLE: dict[str, tuple[str, list[tuple[int, str]]]] = {
    "HOME > KETTLES": ("39.99", [(399, "39.99"), (439, "39.99"), (479, "39.99")]),
    "HOME > MICROWAVES": ("129.99", [(389, "38.99"), (519, "38.99"), (649, "38.99")]),
    "PHONES": ("999.99", [(499, "99.99"), (499, "99.99"), (999, "199.99")]),
    "GIFT CARDS": ("50.00", [(0, "0.00"), (0, "0.00"), (0, "0.00")]),
    "GARDEN": ("33.33", [(33, "33.33"), (49, "33.33"), (66, "33.33")]),
}
"""What comes back in cents, and what can be paid, as Member, Silver and Gold."""


@pytest.mark.feature(12)
@pytest.mark.feature(13)
async def test_each_tier_and_category_has_its_own_percentage_and_its_own_ceiling(shop: Shop) -> None:
    key = shop.key()
    for customer, spent in (("member", "1.00"), ("silver", "500.00"), ("gold", "2000.00")):
        line = {"line_id": "1", "sku": "x", "quantity": "1", "amount": spent}
        order = {"order_id": customer, "currency": "USD", "lines": [line]}
        await shop.post(an_event("order.paid", order, customer=customer), key=key)
    told: dict[str, tuple[str, list[tuple[int, str]]]] = {}
    for path, (amount, _) in TABLE.items():
        line = {"line_id": "1", "sku": "y", "category": path.split(" > "), "quantity": "1", "amount": amount}
        cells: list[tuple[int, str]] = []
        for customer in ("member", "silver", "gold"):
            about = {"subject": f"customer:{customer}", "currency": "USD", "lines": [line], "wallet": "cash"}
            quoted = (await shop.client.post("/api/v1/payments/quote", json=about, headers=key)).json()
            cells.append((await would_earn(shop, key, line, customer=customer), quoted["lines"][0]["most"]))
        told[path] = (amount, cells)
    assert told == TABLE
