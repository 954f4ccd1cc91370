"""Events by HTTP: what each did, in order; nothing twice, nothing lost, nobody else's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlmodel import select

from app import database
from members.keys import Scope
from members.tables import FactRow
from rewards.tables import Entry
from tests.api.shop import BATCH, ONE, Shop, an_event, an_order

pytestmark = pytest.mark.anyio


@pytest.mark.feature(14)
async def test_events_beside_purchases_are_checked_and_paid_by_their_rules(shop: Shop) -> None:
    key = shop.key()
    events = [
        an_event("member.signed_up", {}),
        an_event("profile.completed", {"fields": ["birthday"]}),
        an_event("review.posted", {"review_id": "r1", "rating": 5}),
        an_event("survey.answered", {"survey_id": "s1", "score": 9}),
        an_event("social.shared", {"network": "mastodon"}),
        an_event("visit", {"page": "/"}),
    ]
    earned = [(await shop.post(event, key=key)).json()["points"] for event in events]
    assert earned == [200, 100, 40, 60, 0, 0]
    assert (await shop.standing(key))["available"] == 400


@pytest.mark.feature(14)
@pytest.mark.parametrize(
    ("event", "path"),
    [
        (an_event("review.posted", {"review_id": "r1", "rating": 6}), "data.rating"),
        (an_event("review.posted", {"review_id": "r1", "ratting": 5}), "data.ratting"),
        (an_event("reviewed", {}), "type"),
        (an_event("visit", {}, subject="somebody"), "subject"),
        (an_event("visit", {}, time="yesterday"), "time"),
        (an_event("visit", {}, specversion="0.3"), "specversion"),
        (
            an_event("points.adjusted", {"adjustment_id": "1", "points": 5, "reason": "gift", "actor": "me"}),
            "type",
        ),
    ],
)
async def test_what_does_not_fit_is_refused_with_its_path(
    shop: Shop, event: dict[str, Any], path: str
) -> None:
    answer = await shop.post(event, key=shop.key())
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["path"] == path
    assert shop.counts()["fact"] == 0


async def test_a_batch_is_answered_in_order_and_one_bad_event_harms_no_other(shop: Shop) -> None:
    key = shop.key()
    first, second = an_order("10.00"), an_order("20.00")
    bad = an_order("5.00", source="elsewhere.example")
    events = [first, {"nonsense": True}, bad, second, first, an_event("visit", {}, subject="", id="nobody")]
    answer = await shop.post(*events, key=key)
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [one["status"] for one in results] == [
        "recorded",
        "refused",
        "refused",
        "recorded",
        "duplicate",
        "waiting",
    ]
    assert [one["id"] for one in results] == [first["id"], "", bad["id"], second["id"], first["id"], "nobody"]
    assert results[2]["problem"]["code"] == "source_not_yours"
    assert (await shop.standing(key))["available"] == 300


@pytest.mark.feature(21)
async def test_duplicate_late_and_out_of_order_events_have_one_net_effect(shop: Shop) -> None:
    key = shop.key()
    order = an_order("10.00", "20.00", order_id="A", days_ago=3)
    refund = an_event("order.refunded", {"order_id": "A", "refund_id": "R", "lines": [
        {"line_id": "2", "quantity": "1", "amount": "20.00"}]}, days_ago=1)  # fmt: skip
    for event in (refund, order, refund, order, order, refund):
        assert (await shop.post(event, key=key)).status_code == 200
    late = an_order("7.00", days_ago=5)
    await shop.post(late, key=key)
    assert (await shop.standing(key))["available"] == 100 + 70


@pytest.mark.feature(21)
async def test_one_event_sent_many_times_at_once_counts_once(shop: Shop) -> None:
    """R4, small: the same event on many connections at once."""
    key = shop.key()
    event = an_order("10.00")
    answers = await asyncio.gather(*(shop.post(event, key=key) for _ in range(100)))
    statuses = [answer.json()["status"] for answer in answers]
    assert sorted(statuses) == ["duplicate"] * 99 + ["recorded"]
    assert (await shop.standing(key))["available"] == 100


async def test_facts_that_arrive_together_share_a_commit_and_each_has_its_answer(shop: Shop) -> None:
    key = shop.key()
    orders = [an_order(f"{n}.00", customer=f"c{n}") for n in range(1, 65)]
    before = shop.counts()["outbox"]
    answers = await asyncio.gather(*(shop.post(order, key=key) for order in orders))
    assert [answer.json()["points"] for answer in answers] == [10 * n for n in range(1, 65)]
    commits = shop.counts()["outbox"] - before
    assert commits < 64


async def test_a_fact_that_breaks_the_engine_fails_alone(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug that only one fact meets must not take its neighbours with it."""
    from app.recording import batch

    whole = batch.record

    def broken(session: Any, facts: Any, now: Any) -> Any:
        if any(fact.id == "poison" for fact in facts):
            raise ZeroDivisionError("a bug")
        return whole(session, facts, now)

    monkeypatch.setattr(batch, "record", broken)
    orders = [an_order("1.00", customer=f"c{n}") for n in range(9)]
    orders[4]["id"] = "poison"
    answer = await shop.post(*orders, key=shop.key())
    assert [one["status"] for one in answer.json()["results"]] == ["recorded"] * 4 + ["failed"] + [
        "recorded"
    ] * 4
    assert "bug" not in answer.text
    alone = await shop.post(orders[4], key=shop.key())
    assert alone.status_code == 500
    assert alone.headers["content-type"] == "application/problem+json"
    assert "ZeroDivision" not in alone.text


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        (ONE, b"{", 400),
        (ONE, b'{"a": NaN}', 400),
        (ONE, b'{"id": "1", "id": "2"}', 400),
        (ONE, b'{"id": "a\\u0000b"}', 400),
        (ONE, b'{"id": "\\ud800"}', 400),
        (ONE, b"\xff\xfe", 400),
        (ONE, b"[" * 100_000, 400),
        (ONE, b'{"a":' * 60 + b"1" + b"}" * 60, 400),
        (ONE, b"9" * 5000, 400),
        (ONE, b"[]", 422),
        (ONE, b"null", 422),
        (BATCH, b"{}", 422),
        (BATCH, json.dumps([{}] * 1001).encode(), 413),
        ({"Content-Type": "text/plain"}, b"{}", 415),
        ({}, b"{}", 415),
        (ONE, b" " * 4_000_001, 413),
    ],
)
async def test_bodies_that_are_not_what_they_should_be(
    shop: Shop, headers: dict[str, str], content: bytes, status: int
) -> None:
    answer = await shop.client.post("/api/v1/events", content=content, headers=shop.key() | headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


async def test_a_body_without_a_length_is_cut_off_at_the_cap(shop: Shop) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 100_000

    answer = await shop.client.post("/api/v1/events", content=chunks(), headers=shop.key() | ONE)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("key", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer rk_wrong"}, 401),
        ({"Authorization": "Basic cms6"}, 401),
        ({"Authorization": "Bearer"}, 401),
        ({"Authorization": "Bearer " + "x" * 10_000}, 401),
    ],
)
async def test_without_a_key_nothing_is_said_or_done(shop: Shop, key: dict[str, str], status: int) -> None:
    answer = await shop.post(an_order(), key=key)
    assert answer.status_code == status
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert shop.counts()["fact"] == 0


@pytest.mark.parametrize("scope", Scope)
async def test_a_key_is_good_for_its_scopes_only(shop: Shop, scope: Scope) -> None:
    key = shop.key(scope)
    answers = {
        Scope.EVENTS_WRITE: await shop.post(an_order(), key=key),
        Scope.SIMULATE: await shop.post(an_order(), key=key, to="simulate"),
        Scope.MEMBERS_READ: await shop.client.get("/api/v1/members/customer:900", headers=key),
        Scope.CATALOGUE_READ: await shop.client.get("/api/v1/catalogue", headers=key),
    }
    for needed, answer in answers.items():
        assert (answer.status_code == 403) == (needed != scope)


async def test_a_revoked_key_is_refused(shop: Shop) -> None:
    from datetime import UTC, datetime

    from members import keys

    key = shop.key(name="till")
    assert (await shop.post(an_order(), key=key)).status_code == 200
    with database.transaction(shop.engine) as session:
        keys.revoke(session, "till", "test:test", datetime.now(UTC))
    await asyncio.sleep(1.1)
    assert (await shop.post(an_order(), key=key)).status_code == 401


async def test_a_key_speaks_for_its_source_alone(shop: Shop) -> None:
    await shop.post(an_order(), key=shop.key())
    other = shop.key(source="other.example")
    answer = await shop.post(an_order(), key=other)
    assert (answer.status_code, answer.json()["code"]) == (403, "source_not_yours")
    unseen = await shop.client.get("/api/v1/members/customer:900", headers=other)
    nobody = await shop.client.get("/api/v1/members/customer:901", headers=other)
    assert unseen.status_code == nobody.status_code == 404
    assert unseen.json() == nobody.json()


@pytest.mark.feature(19)
async def test_simulating_says_what_recording_then_does_and_leaves_no_row(shop: Shop) -> None:
    key = shop.key()
    await shop.post(an_order("100.00"), key=key)
    before = shop.counts()
    orders = [an_order("2000.00"), an_order("3.00", customer="new")]
    said = (await shop.post(*orders, key=key, to="simulate")).json()
    assert shop.counts() == before
    done = (await shop.post(*orders, key=key)).json()
    assert [one["points"] for one in said["results"]] == [one["points"] for one in done["results"]]
    with database.reading(shop.engine) as session:
        entries = session.exec(select(Entry.amount, Entry.why).where(Entry.amount != 1000)).all()
    assert sorted(one["amount"] for one in said["effects"]) == sorted(amount for amount, _ in entries)
    assert {(one["before"], one["after"]) for one in said["tiers"]} == {("member", "silver"), ("", "member")}
    assert shop.counts()["fact"] == before["fact"] + 2


async def test_what_was_recorded_is_what_was_sent(shop: Shop) -> None:
    order = an_order("10.00", "0.50")
    await shop.post(order, key=shop.key())
    with database.reading(shop.engine) as session:
        row = session.exec(select(FactRow)).one()
    assert (row.source, row.fact_id, row.type) == (order["source"], order["id"], "order.paid")
    assert json.loads(row.data) == order["data"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api", 404), ("GET", "/api/v2", 404), ("GET", "/api/v1/", 404), ("PUT", "/api/v1/events", 405),
     ("GET", "/api/v1/events/", 404), ("DELETE", "/api/v1/catalogue", 405)],
)  # fmt: skip
async def test_an_unknown_address_is_answered_in_json(
    shop: Shop, method: str, path: str, status: int
) -> None:
    answer = await shop.client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
