"""Joining at the counter: a draft in one request, confirmed later from a letter; nobody twice."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from app import database, door
from members.actions import joining
from members.actions.claiming import claim
from members.own_tables import Consent
from members.prove import prove
from members.tables import Member
from tests.counter.conftest import ANNA, Counter, letters, noted

pytestmark = pytest.mark.anyio
BEN = "ben@shop.example"


@pytest.mark.feature(3)
async def test_who_says_yes_is_a_draft_at_once_and_a_member_when_they_join(counter_of_kim: Counter) -> None:
    kim, request = counter_of_kim, str(uuid4())
    made = (await kim.ask("join", request=request, who=BEN, agreed=True)).json()
    ben = UUID(made["member"]["key"])
    assert (made["known"], made["member"]["open"], "Not confirmed yet" in made["member"]["note"]) == (
        False,
        False,
        True,
    )
    assert "b…n@shop.example" in made["note"]
    await kim.sell("30.00", member=str(ben))
    assert (await kim.ask("ask", request=str(uuid4()), member=str(ben), reward="mug", price=50)).json()[
        "code"
    ] == "not_confirmed"
    letter = letters()[0]
    assert (letter.address, "/join" in letter.text) == (BEN, True)
    assert noted("counter.joined") == [("cashier:kim", f"member:{ben}")]
    with database.transaction(door.engine()) as session:
        assert session.get_one(Member, ben).status == "draft"
        agreed = session.exec(select(Consent).where(Consent.member_id == ben)).one()
        assert (agreed.purpose, agreed.way, "Corner Shop" in agreed.text) == ("membership", "counter", True)
        assert joining.join(session, f"email:{BEN}", joining.Wish(), datetime.now(UTC)) == ben
        assert session.get_one(Member, ben).status == "active"
        assert prove(session).flaws == []
    assert (await kim.ask("look", who=BEN)).json()["member"]["balance"] == "30 points"


@pytest.mark.feature(3)
async def test_the_code_of_the_letter_brings_it_into_an_account_that_is_there(
    counter_of_kim: Counter,
) -> None:
    kim = counter_of_kim
    made = (await kim.ask("join", request=str(uuid4()), who="+12025550123", agreed=True)).json()
    await kim.sell("30.00", member=made["member"]["key"])
    found = re.search(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4,5}){3}\b", letters()[0].text)
    assert found
    with database.transaction(door.engine()) as session:
        claim(session, kim.anna, found[0], datetime.now(UTC))
    assert kim.balance() == 430


@pytest.mark.feature(3)
async def test_nobody_joins_twice(counter_of_kim: Counter) -> None:
    kim, request = counter_of_kim, str(uuid4())
    known = (await kim.ask("join", request=request, who=ANNA.partition(":")[2], agreed=True)).json()
    assert (known["known"], known["note"], known["member"]["key"]) == (
        True,
        "They are a member already.",
        str(kim.anna),
    )
    body = {"request": str(uuid4()), "who": BEN, "agreed": True}
    first = (await kim.ask("join", **body)).json()
    again = (await kim.ask("join", **body)).json()
    assert (again["known"], again["member"]["key"]) == (False, first["member"]["key"])
    assert len(letters()) == 1


async def test_without_a_yes_nobody_joins(counter_of_kim: Counter) -> None:
    for agreed in (False, "yes", 1, None):
        answer = await counter_of_kim.ask("join", request=str(uuid4()), who=BEN, agreed=agreed)
        assert (answer.status_code, answer.json()["path"]) == (422, "agreed")
    assert letters() == []
