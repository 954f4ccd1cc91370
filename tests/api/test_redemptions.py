"""Redeeming by HTTP: once, never beyond the balance or the stock, and codes that cannot be guessed."""

from __future__ import annotations

import asyncio
import string
from pathlib import Path
from typing import Any

import httpx
import pytest

from app import limits
from tests.api.shop import SOURCE, Shop, an_order

pytestmark = pytest.mark.anyio


async def redeem(
    shop: Shop, key: dict[str, str], request: str, reward: str = "coffee", customer: str = "900"
) -> httpx.Response:
    body = {"subject": f"customer:{customer}", "reward": reward}
    return await shop.client.post(
        "/api/v1/redemptions", json=body, headers=key | {"Idempotency-Key": request}
    )


async def use(shop: Shop, key: dict[str, str], code: str, **more: Any) -> httpx.Response:
    return await shop.client.post("/api/v1/codes/use", json={"code": code} | more, headers=key)


async def test_a_reward_is_redeemed_once_for_a_request(shop: Shop) -> None:
    key = shop.key()
    await shop.post(an_order("100.00"), key=key)
    first, again = await redeem(shop, key, "r1"), await redeem(shop, key, "r1")
    assert first.status_code == again.status_code == 200, first.text
    assert first.json() == again.json()
    assert (first.json()["state"], first.json()["price"]) == ("issued", 400)
    assert (await shop.standing(key))["available"] == 600
    assert (await redeem(shop, key, "r1", "five-off")).status_code == 409


@pytest.mark.feature(32)
@pytest.mark.parametrize("times", [50, pytest.param(1000, marks=pytest.mark.full)])
async def test_many_redemptions_of_the_last_points_at_once_and_one_wins(shop: Shop, times: int) -> None:
    """R3, by HTTP; by the pages' own line in tests/attack/test_one_reward.py."""
    key = shop.key()
    await shop.post(an_order("40.00"), key=key)
    answers = await asyncio.gather(*(redeem(shop, key, f"r{n}") for n in range(times)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200] + [409] * (times - 1)
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {
        "reward_points_short"
    }
    standing = await shop.standing(key)
    assert (standing["available"], standing["debt"]) == (0, 0)
    assert shop.counts()["redemption"] == 1


async def test_the_same_request_many_times_at_once_is_one_redemption(shop: Shop) -> None:
    key = shop.key()
    await shop.post(an_order("400.00"), key=key)
    answers = await asyncio.gather(*(redeem(shop, key, "same") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["redemption_id"] for answer in answers}) == 1
    assert (await shop.standing(key))["available"] == 3600


@pytest.mark.feature(53)
async def test_codes_cannot_be_guessed_and_every_wrong_one_gets_the_same_answer(shop: Shop) -> None:
    key = shop.key()
    await shop.post(an_order("400.00"), key=key)
    codes = [(await redeem(shop, key, f"r{n}")).json()["code"] for n in range(3)]
    signs = [code.replace("-", "") for code in codes]
    assert len(set(signs)) == 3
    assert all(
        len(one) * 5 >= 80 and set(one) <= set(string.digits + string.ascii_uppercase) for one in signs
    )
    assert (await use(shop, key, codes[0])).json()["state"] == "used"
    called_off = await redeem(shop, key, "back")
    where = f"/api/v1/redemptions/{called_off.json()['redemption_id']}/cancel"
    await shop.client.post(where, json={"subject": "customer:900"}, headers=key)
    wrong = [
        codes[0],
        "0000-0000-0000-00000",
        "x",
        "' OR 1=1 --",
        codes[1][:-1] + "?",
        called_off.json()["code"],
    ]
    answers = [await use(shop, key, code, used_in=f"o{n}") for n, code in enumerate(wrong)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    with shop.engine.connect() as connection:
        stored = str(connection.exec_driver_sql("SELECT * FROM reward_code").all())
        stored += str(connection.exec_driver_sql("SELECT * FROM redemption").all())
    assert not any(one in stored or code in stored for one, code in zip(signs, codes, strict=True))


@pytest.mark.feature(53)
async def test_guessing_codes_is_slowed_down_for_the_key_and_for_who_asks(
    shop: Shop, house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.RATES, "codes_used", "5/day")
    limits._rates.cache_clear()
    limits.forget()
    try:
        first, other = shop.key(), shop.key()
        answers = [await use(shop, first, f"guess-{n}") for n in range(7)]
        assert [answer.status_code for answer in answers] == [404] * 5 + [429] * 2
        assert answers[-1].json()["code"] == "too_many"
        assert (await use(shop, other, "guess")).status_code == 429, "the same caller with another key"
    finally:
        limits._rates.cache_clear()
        limits.forget()


async def test_a_code_is_used_once_however_many_tills_ask_at_once(shop: Shop) -> None:
    key = shop.key()
    await shop.post(an_order("40.00"), key=key)
    code = (await redeem(shop, key, "r")).json()["code"]
    looked = await use(shop, key, code, check=True)
    assert (looked.status_code, looked.json()["state"]) == (200, "issued")
    assert (looked.json()["kind"], looked.json()["value"]) == ("product", "2.50")
    answers = await asyncio.gather(*(use(shop, key, code.lower(), used_in=f"order-{n}") for n in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] + [404] * 19
    winner = next(n for n, answer in enumerate(answers) if answer.status_code == 200)
    assert (await use(shop, key, code, used_in=f"order-{winner}")).status_code == 200


@pytest.mark.feature(54)
async def test_points_are_held_while_reserved_and_return_when_it_is_called_off(shop: Shop) -> None:
    key = shop.key()
    await shop.post(an_order("200.00"), key=key)
    made = (await redeem(shop, key, "r", "tote")).json()
    assert made["state"] == "reserved"
    assert "code" not in made
    held = await shop.standing(key)
    assert (held["available"], held["held"]) == (400, 1600)
    where = f"/api/v1/redemptions/{made['redemption_id']}/cancel"
    for _ in range(2):
        back = await shop.client.post(
            where, json={"subject": "customer:900", "reason": "changed mind"}, headers=key
        )
        assert (back.status_code, back.json()["state"]) == (200, "cancelled")
    free = await shop.standing(key)
    assert (free["available"], free["held"]) == (2000, 0)


async def test_a_redemption_of_somebody_else_does_not_exist(shop: Shop) -> None:
    """R9: another member's id, another source's key and an id of nobody are the same 404."""
    key = shop.key()
    await shop.post(an_order("40.00"), an_order("40.00", customer="901"), key=key)
    made = (await redeem(shop, key, "r")).json()["redemption_id"]
    other = shop.key(source="other.example")
    nobody = "01a20000-0000-7000-8000-000000000000"
    cases = [(made, "customer:901", key), (nobody, "customer:900", key), ("not-an-id", "customer:900", key)]
    answers = [
        await shop.client.post(f"/api/v1/redemptions/{one}/cancel", json={"subject": subject}, headers=header)
        for one, subject, header in cases
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    strange = await redeem(shop, other, "r")
    assert (strange.status_code, strange.json()["code"]) == (404, "member_unknown")
    assert SOURCE not in strange.text


@pytest.mark.parametrize("request_id", ["", "a" * 101, "with space", "ünïcode"])
async def test_a_redemption_needs_a_key_of_its_own(shop: Shop, request_id: str) -> None:
    key = shop.key()
    await shop.post(an_order("40.00"), key=key)
    body = {"subject": "customer:900", "reward": "coffee"}
    header = {"Idempotency-Key": request_id.encode()} if request_id else {}
    answer = await shop.client.post("/api/v1/redemptions", json=body, headers=key | header)  # type: ignore[operator]
    assert answer.status_code == 400
    assert shop.counts()["redemption"] == 0


@pytest.mark.parametrize(
    ("reward", "code"),
    [("no-such", "reward_hidden"), ("tasting", "reward_other_tier"), ("winter-box", "reward_not_yet")],
)
async def test_what_the_catalogue_does_not_offer_is_refused(shop: Shop, reward: str, code: str) -> None:
    key = shop.key()
    await shop.post(an_order("1000.00"), key=key)
    answer = await redeem(shop, key, "r", reward)
    assert answer.json()["code"] == code
    assert (await shop.standing(key))["available"] == 10_000


@pytest.mark.feature(40)
async def test_points_to_next_and_by_when_are_what_the_engine_then_does(shop: Shop) -> None:
    key = shop.key()
    await shop.post(an_order("1000.00"), key=key)
    before = await shop.standing(key)
    assert before["tier"]["slug"] == "member"
    missing = before["to_next"]["points"]
    assert before["to_next"]["tier"] == "silver"
    assert before["to_next"]["by"].endswith("-12-31")
    await shop.post(an_order(f"{(missing - 10) / 10:.2f}"), key=key)
    assert (await shop.standing(key))["tier"]["slug"] == "member"
    await shop.post(an_order("1.00"), key=key)
    after = await shop.standing(key)
    assert (after["tier"]["slug"], after["to_next"]["tier"]) == ("silver", "gold")


@pytest.mark.feature(43)
async def test_a_higher_tier_pays_less_for_the_same_reward(shop: Shop) -> None:
    key = shop.key()
    await shop.post(an_order("1600.00"), an_order("160.00", customer="901"), key=key)
    silver, member = await redeem(shop, key, "r"), await redeem(shop, key, "r", customer="901")
    assert (silver.json()["price"], member.json()["price"]) == (360, 400)
