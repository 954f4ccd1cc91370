"""`/ways/address`: another address with a code, one taken off, and two accounts of one person that meet here."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine
from sqlmodel import Session, select

from app import database, door
from members import letting_know
from members.actions import record
from members.prove import prove
from members.roles import MEMBER, Person
from members.tables import Claim, Identity, Member, Standing
from tests.builders import an_order
from tests.ways.conftest import Visit, newest_code, posted
from tests.ways.test_coming_in import join, who

pytestmark = pytest.mark.anyio
OTHER = "mira@work.example"


async def add(client: httpx.AsyncClient, address: str) -> httpx.Response:
    asked = await client.post("/ways/address", data={"address": address})
    assert (asked.status_code, asked.headers["location"]) == (303, "/ways/address/code"), asked.text
    return await client.post("/ways/address/code", data={"code": newest_code(address)})


def keys(session: Session, client: httpx.AsyncClient) -> set[str]:
    person = who(client)
    assert person
    return set(session.exec(select(Identity.key).where(Identity.member_id == person.member_id)))


@pytest.mark.feature(6)
async def test_another_address_is_added_with_a_code_and_its_orders_count_once(visit: Visit) -> None:
    now = datetime.now(UTC)
    guest = an_order("guest", "12.00", at=now - timedelta(days=9), subject=f"email:{OTHER}")
    async with visit() as mira:
        await join(mira)
        with database.transaction(door.engine()) as session:
            record(session, [guest], now)
        wrong = await mira.post("/ways/address", data={"address": "nobody"})
        assert wrong.status_code == 422 or wrong.status_code == 400
        assert "no e-mail address" in wrong.text or "no phone number" in wrong.text
        page = await mira.post("/ways/address", data={"address": OTHER})
        refused = await mira.post("/ways/address/code", data={"code": "000000x"})
        assert 'role="alert"' in refused.text or "does not fit" in refused.text
        assert page.status_code == 303
        done = await mira.post("/ways/address/code", data={"code": newest_code(OTHER)})
        assert done.headers["location"] == "/ways"
        assert "A new address can open your account" in posted("anna@")[0].text
        with database.transaction(door.engine()) as session:
            assert {f"email:{OTHER}", "email:anna@shop.example"} <= keys(session, mira)
            assert session.exec(select(Standing.balance)).one() == 212
            assert record(session, [guest], now)[0].status == "duplicate"
            mine = session.exec(select(Claim.member_id).where(Claim.key == "fact:paid-guest")).one()
            assert mine == session.exec(select(Member.member_id)).one()
        assert "m…a@work.example" in (await mira.get("/ways")).text
        known = await mira.post("/ways/address", data={"address": OTHER})
        assert (known.status_code, "yours already" in known.text) == (409, True)


@pytest.mark.feature(8)
async def test_an_address_of_another_account_makes_one_of_both_when_both_are_proved(visit: Visit) -> None:
    async with visit() as mira, visit() as second:
        await join(mira)
        await join(second, OTHER)
        shown = await add(mira, OTHER)
        assert (shown.status_code, "opens another account of yours" in shown.text) == (200, True)
        assert "200 points" in shown.text
        with database.reading(door.engine()) as session:
            assert f"email:{OTHER}" not in keys(session, mira), "nothing is taken without a word"
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=1), tick=True):
            first = await mira.post("/ways/address/both")  # a session alone is not enough, however new it is
            assert (first.status_code, "send you a code first" in first.text) == (403, True)
            kept = {"both": re.findall(r'name="both" value="([^"]+)"', first.text)[0]}
            sent = await mira.post("/ways/address/both", data={**kept, "step": "send"})
            assert 'name="code"' in sent.text
            wrong = await mira.post("/ways/address/both", data={**kept, "step": "code", "code": "1"})
            assert wrong.status_code in (400, 403, 422)
            code = {"step": "code", "code": newest_code("anna@")}
            foreign = await second.post("/ways/address/both", data={**kept, **code})
            assert foreign.status_code in (403, 422), (
                "neither the proof nor the code is good in another session"
            )
            assert who(second) != who(mira)
            done = await mira.post("/ways/address/both", data={**kept, **code})
            assert done.headers.get("location") == "/ways", done.text
        with database.reading(door.engine()) as session:
            assert f"email:{OTHER}" in keys(session, mira)
            assert prove(session).flaws == []
        assert who(second) == who(mira)
        again = await mira.post("/ways/address/both")
        assert again.status_code == 403, "the proof is used up"


async def test_news_goes_to_the_address_that_was_chosen_and_safety_to_the_oldest(visit: Visit) -> None:
    async with visit() as mira, visit() as other:
        await join(mira)
        await add(mira, OTHER)
        page = await mira.get("/ru/ways")
        (ident,) = re.findall(
            r'name="address" value="(\w{16})"><button formaction="/ru/ways/address/news"', page.text
        )
        await join(other, "third@shop.example")
        assert (await other.post("/ways/address/news", data={"address": ident})).status_code == 404
        done = await mira.post("/ru/ways/address/news", data={"address": ident})
        assert done.headers["location"] == "/ru/ways"
        with database.transaction(door.engine()) as session:
            (me,) = session.exec(select(Identity.member_id).where(Identity.key == "email:anna@shop.example"))
            assert letting_know.address_of(session, me, "email") == OTHER
            letting_know.tell(session, Person(str(me), MEMBER), letting_know.IF_NOT_YOU, datetime.now(UTC))
        assert posted()[0].address == "anna@shop.example"


async def test_a_proof_is_worth_nothing_in_another_account(visit: Visit) -> None:
    async with visit() as mira, visit() as thief:
        await join(mira)
        await join(thief, "thief@shop.example")
        await mira.post("/ways/address", data={"address": OTHER})
        for name, value in mira.cookies.items():
            if name == "regulars_proof":
                thief.cookies.set(name, value)
        answer = await thief.post("/ways/address/code", data={"code": newest_code(OTHER)})
        assert answer.status_code == 403
        with database.reading(door.engine()) as session:
            assert f"email:{OTHER}" not in set(session.exec(select(Identity.key)))
    async with visit() as nobody:
        for method, path in (("GET", ""), ("POST", ""), ("POST", "/both"), ("POST", "/remove")):
            assert (await nobody.request(method, f"/ways/address{path}")).headers["location"] == "/sign-in"
        foreign = await nobody.post("/ways/address", headers={"Sec-Fetch-Site": "cross-site"})
        assert foreign.status_code == 403


async def test_one_is_taken_off_with_a_fresh_code_and_never_the_last(visit: Visit) -> None:
    async with visit() as mira:
        await join(mira)
        await add(mira, OTHER)
        page, off = (
            await mira.get("/ways"),
            r'name="address" value="(\w{16})">(?:<button formaction.+?</button>)?<button aria-label="Take it off',
        )
        named = dict(zip(["anna", "other"], re.findall(off, page.text), strict=True))
        later = datetime.now(UTC) + timedelta(minutes=30)
        with time_machine.travel(later, tick=True):
            first = await mira.post("/ways/address/remove", data={"address": named["other"]})
            assert (first.status_code, "send you a code first" in first.text) == (403, True)
            sent = await mira.post("/ways/address/remove", data={"address": named["other"], "step": "send"})
            assert 'name="code"' in sent.text
            wrong = await mira.post("/ways/address/remove",
                                    data={"address": named["other"], "step": "code", "code": "1"})  # fmt: skip
            assert wrong.status_code in (400, 403, 422)
            done = await mira.post("/ways/address/remove", data={"address": named["other"], "step": "code",
                                                                 "code": newest_code("anna@")})  # fmt: skip
            assert done.headers.get("location") == "/ways", done.text
            assert "does not open your account any more" in posted(OTHER)[0].text
            with database.reading(door.engine()) as session:
                assert keys(session, mira) == {"email:anna@shop.example"}
            last = await mira.post("/ways/address/remove", data={"address": named["anna"]})
            assert (last.status_code, "only way in" in last.text) == (409, True)
