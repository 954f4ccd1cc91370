"""Purchases at the counter: found by card, phone or e-mail, recorded once, explained, and undone for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlmodel import Session, select

from app import database, door
from facts.refusals import Refusal
from members.actions import counter
from members.prove import prove
from members.tables import FactRow
from tests.counter.conftest import NOW, Counter, noted, open_shop, token

pytestmark = pytest.mark.anyio


@pytest.mark.feature(121)
async def test_scanned_and_sold_in_two_requests_and_the_member_reads_why(counter_of_kim: Counter) -> None:
    kim = counter_of_kim
    found = (await kim.ask("look", who=kim.scanned())).json()["member"]
    assert (found["name"], found["balance"], found["worth"]) == (
        "Anna Petrova",
        "400 points",
        "worth $4.00 at checkout",
    )
    assert [one["slug"] for one in found["rewards"]] == ["coffee", "mug"], "no free delivery at a counter"
    assert not {"email", "phone", "birthday"} & found.keys()
    assert "anna@shop.example" not in str(found)
    assert noted("member.viewed") == [("cashier:kim", f"member:{kim.anna}")]
    sale = await kim.sell("12.00", receipt="4711")
    assert sale["title"] == "+24 points"
    assert [(one["amount"], bool(one["why"])) for one in sale["earned"]] == [("+24", True)]
    assert (sale["balance"], sale["undo_seconds"] > 500) == ("Balance: 424 points", True)
    assert kim.balance() == 424
    with database.reading(door.engine()) as session:
        kinds = session.exec(select(FactRow.type).where(FactRow.source == "counter")).all()
        assert sorted(kinds) == ["order.paid", "order.placed"]
        assert prove(session).flaws == []


@pytest.mark.feature(121)
async def test_sent_twice_counts_once_and_is_answered_alike(counter_of_kim: Counter) -> None:
    request = str(uuid4())
    first = await counter_of_kim.sell("10.00", request=request)
    again = await counter_of_kim.sell("10.00", request=request, age=5)
    assert {**first, "undo_seconds": 0} == {**again, "undo_seconds": 0}
    assert counter_of_kim.balance() == 420
    assert len(noted(counter.SOLD)) == 1


@pytest.mark.feature(3)
async def test_somebody_is_found_by_what_they_say(counter_of_kim: Counter) -> None:
    number = counter_of_kim.scanned().partition(".")[0]
    spaced = f"{number[:4]} {number[4:8]} {number[8:12]} {number[12:]}"
    for typed in ("anna@shop.example", " ANNA@shop.example ", number, spaced):
        answer = await counter_of_kim.ask("look", who=typed)
        assert answer.json()["member"]["key"] == str(counter_of_kim.anna), typed
        assert answer.json()["proof"] == "", "a number that was typed proves nothing"
    for typed, code in (("ben@shop.example", "nobody_known"), ("", "nobody_meant"), ("+12", "phone_malformed"),
                        ("12345678901234", "card_unreadable")):  # fmt: skip
        answer = await counter_of_kim.ask("look", who=typed)
        assert (answer.status_code in {404, 422}, answer.json()["code"]) == (True, code)


async def test_a_card_that_was_shown_before_is_refused(counter_of_kim: Counter) -> None:
    shown = counter_of_kim.scanned()
    assert (await counter_of_kim.ask("look", who=shown)).json()["proof"]
    again = await counter_of_kim.ask("look", who=shown)
    assert (again.status_code, again.json()["code"]) == (409, "card_used")


async def test_the_address_of_somebody_who_is_not_there_yet_waits_for_them(counter_of_kim: Counter) -> None:
    sale = await counter_of_kim.sell("10.00", member="", who="ben@shop.example")
    assert "as soon as they join" in sale["words"]
    joined = await counter_of_kim.ask("join", request=str(uuid4()), who="ben@shop.example", agreed=True)
    assert joined.json()["member"]["balance"] == "10 points"


@pytest.mark.parametrize(
    ("typed", "minor"), [("12", 1200), ("12,5", 1250), ("1 200.00", 120_000), ("١٢٫٥٠", 1250)]
)
def test_an_amount_is_read_as_people_type_it(typed: str, minor: int) -> None:
    assert counter.amount_of(typed, 2) == minor


@pytest.mark.parametrize(
    "typed", ["", "0", "-3", "1e5", "12.345", "1.2.3", "abc", "9" * 30, "NaN", "1,200.00"]
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(Refusal) as caught:
        counter.amount_of(typed, 2)
    assert caught.value.code == "amount_malformed"


async def test_an_amount_far_from_the_usual_is_asked_about(counter_of_kim: Counter) -> None:
    for _ in range(counter.USUAL_LEAST):
        await counter_of_kim.sell("10.00")
    desk = (await counter_of_kim.client.get("/counter/desk")).json()
    assert desk["usual"] == 10_000
    body = {"request": str(uuid4()), "member": str(counter_of_kim.anna), "amount": "1000"}
    asked = await counter_of_kim.ask("purchase", **body)
    assert (asked.status_code, asked.json()["code"]) == (409, "amount_unusual")
    assert (await counter_of_kim.ask("purchase", **body, sure=True)).status_code == 200


@pytest.mark.feature(121)
async def test_a_clumsy_purchase_is_undone_once_by_who_made_it(counter_of_kim: Counter) -> None:
    sale = await counter_of_kim.sell("10.00")
    mine = counter_of_kim.client.cookies.get(door.COOKIE) or ""
    counter_of_kim.client.cookies.clear()
    counter_of_kim.client.cookies.set(door.COOKIE, token("cashier", "lee"))
    assert (await counter_of_kim.ask("undo", request=sale["request"])).json()["code"] == "sale_unknown"
    counter_of_kim.client.cookies.clear()
    counter_of_kim.client.cookies.set(door.COOKIE, mine)
    for _ in range(2):
        assert (await counter_of_kim.ask("undo", request=sale["request"])).status_code == 200
    assert counter_of_kim.balance() == 400
    assert noted(counter.UNDONE) == [("cashier:kim", f"order:{sale['request']}")]
    with database.reading(door.engine()) as session:
        assert prove(session).flaws == []


async def test_it_cannot_be_undone_later(counter_of_kim: Counter) -> None:
    sale = await counter_of_kim.sell("10.00")
    with time_machine.travel(datetime.now(UTC) + counter.UNDO + timedelta(minutes=2), tick=True):
        late = await counter_of_kim.ask("undo", request=sale["request"])
    assert (late.status_code, late.json()["code"]) == (409, "undo_late")


def test_what_lay_in_a_phone_counts_when_it_happened(session: Session) -> None:
    anna = open_shop(session)
    sale = counter.Sale(uuid4(), f"member:{anna}", 1000, NOW - timedelta(days=3))
    assert counter.sell(session, sale, "cashier:kim", NOW).status == "recorded"
    row = session.get_one(FactRow, (anna, "counter", f"{sale.request}:paid"))
    assert row.occurred_at == NOW - timedelta(days=3)
    old = counter.Sale(uuid4(), f"member:{anna}", 1000, NOW - timedelta(days=15))
    with pytest.raises(Refusal, match="more than 14 days"):
        counter.sell(session, old, "cashier:kim", NOW)
