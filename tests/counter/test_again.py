"""What is sent to the counter once more, or proved in two ways: it is paid, recorded and counted once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from app import database, door, mail
from app.public.counter_who import key_of, old_keys_of
from app.settings import Settings
from facts.refusals import Refusal
from members.actions import counter, joining
from members.actions.claiming import claim
from members.actions.counter_rewards import confirm
from members.roles import Person
from members.tables import Member, Outbox
from tests.counter.conftest import NOW, Counter, letters, open_shop

pytestmark = pytest.mark.anyio
BEN = "ben@shop.example"
CODE = re.compile(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4,5}){3}\b")


def a_wish(kim: Counter, reward: str, price: int) -> dict[str, Any]:
    return {"request": str(uuid4()), "member": str(kim.anna), "reward": reward, "price": price}


def says_yes(anna: UUID, wish: dict[str, Any]) -> None:
    with database.transaction(door.engine()) as session:
        confirm(session, anna, UUID(wish["request"]), b"", datetime.now(UTC), door.secret())


def told() -> int:
    """How often open pages were told of something."""
    with database.reading(door.engine()) as session:
        return len(session.exec(select(Outbox)).all())


@pytest.mark.feature(56)
async def test_a_question_is_over_when_the_card_paid_for_the_same_reward(counter_of_kim: Counter) -> None:
    kim = counter_of_kim
    await kim.sell("300.00")
    asked = a_wish(kim, "coffee", 300)
    await kim.ask("ask", **asked)
    proof = (await kim.ask("look", who=kim.scanned())).json()["proof"]
    before, heard = kim.balance(), told()
    assert (await kim.ask("redeem", **a_wish(kim, "coffee", 300), proof=proof)).status_code == 200
    assert (await kim.ask("answer", ask=asked["request"])).json()["state"] == "over"
    with pytest.raises(Refusal, match="This question is over"):
        says_yes(kim.anna, asked)
    assert (kim.balance(), told() > heard) == (before - 300, True)


@pytest.mark.feature(56)
async def test_a_question_about_another_reward_stays_open(counter_of_kim: Counter) -> None:
    kim, asked = counter_of_kim, a_wish(counter_of_kim, "mug", 50)
    await kim.ask("ask", **asked)
    proof = (await kim.ask("look", who=kim.scanned())).json()["proof"]
    assert (await kim.ask("redeem", **a_wish(kim, "coffee", 300), proof=proof)).status_code == 200
    says_yes(kim.anna, asked)
    assert kim.balance() == 50


@pytest.mark.feature(121)
def test_what_was_recorded_is_no_news_however_late_or_large_it_is(session: Session) -> None:
    anna = open_shop(session)
    for _ in range(counter.USUAL_LEAST):
        counter.sell(session, counter.Sale(uuid4(), f"member:{anna}", 1000, NOW), "cashier:kim", NOW)
    request, at = uuid4(), NOW - timedelta(days=13)
    sure = counter.Sale(request, f"member:{anna}", 100_000, at, sure=True)
    assert counter.sell(session, sure, "cashier:kim", NOW).status == "recorded"
    again, later = counter.Sale(request, f"member:{anna}", 100_000, at), NOW + timedelta(days=2)
    assert counter.sell(session, again, "cashier:kim", later).status == "duplicate"
    for other in (counter.Sale(uuid4(), f"member:{anna}", 100_000, later),
                  counter.Sale(uuid4(), f"member:{anna}", 1000, at)):  # fmt: skip
        with pytest.raises(Refusal):
            counter.sell(session, other, "cashier:kim", later)


def no_senders(_: Settings) -> dict[str, mail.Sender]:
    return {}


@pytest.mark.feature(3)
async def test_a_code_that_was_lost_on_its_way_is_made_anew(
    counter_of_kim: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "senders", no_senders)
    kim, body = counter_of_kim, {"request": str(uuid4()), "who": BEN, "agreed": True}
    lost, found = [(await kim.ask("join", **body)).json() for _ in range(2)]
    for one in (lost, found):
        assert CODE.search(one["note"]), one["note"]
        assert (one["known"], one["code"] in one["note"]) == (False, True)
    assert (lost["member"]["key"], letters()) == (found["member"]["key"], [])
    with database.transaction(door.engine()) as session:
        now = datetime.now(UTC)
        with pytest.raises(Refusal, match="does not fit"):
            claim(session, kim.anna, lost["code"], now)
        claim(session, kim.anna, found["code"], now)
    other = (await kim.ask("join", request=str(uuid4()), who=BEN, agreed=True)).json()
    assert (other["known"], other.get("code", "")) == (True, "")


@pytest.mark.feature(3)
async def test_who_joined_meanwhile_gets_no_code(
    counter_of_kim: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "senders", no_senders)
    kim, body = counter_of_kim, {"request": str(uuid4()), "who": BEN, "agreed": True}
    ben = UUID((await kim.ask("join", **body)).json()["member"]["key"])
    with database.transaction(door.engine()) as session:
        joining.join(session, f"email:{BEN}", joining.Wish(), datetime.now(UTC))
        assert session.get_one(Member, ben).status == "active"
    again = (await kim.ask("join", **body)).json()
    assert (again["known"], again["note"]) == (True, "They are a member already.")


@pytest.mark.feature(121)
async def test_a_phone_knows_its_person_in_another_role(counter_of_kim: Counter) -> None:
    cashier, owner = Person("kim", "cashier"), Person("kim", "owner")
    assert key_of(cashier) == key_of(owner) != key_of(Person("lee", "cashier"))
    desk = (await counter_of_kim.client.get("/counter/desk")).json()
    assert (desk["key"], desk["old_keys"]) == (key_of(owner), old_keys_of(owner))
    assert not {key_of(cashier), *old_keys_of(cashier)} & set(old_keys_of(Person("lee", "cashier")))
    assert "kim" not in str(old_keys_of(cashier))
