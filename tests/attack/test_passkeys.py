"""Passkeys over HTTP: made from inside, good once and here only, counted, named, and never the last way out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import col, select, update

from app import database, door, limits
from members.actions import passkeys
from members.actions.merging import merge, undo
from members.roles import Person
from members.tables import Audit
from members.way_tables import Letter, Passkey, Proof, Staff
from tests.attack.oidc_scene import SITE, Scene, a_member
from tests.ways.authenticator import Authenticator

pytestmark = pytest.mark.anyio
JSON = {"Content-Type": "application/json"}
OLGA = Person("olga", "owner")


def a_key(**more: Any) -> Authenticator:
    return Authenticator(SITE, "club.test", **more)


async def ask(browser: httpx.AsyncClient, path: str) -> dict[str, Any]:
    answer = await browser.post(f"/passkey/{path}", content="{}", headers=JSON)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def send(browser: httpx.AsyncClient, path: str, said: str) -> httpx.Response:
    return await browser.post(f"/passkey/{path}", content=said, headers=JSON)


async def make(browser: httpx.AsyncClient, key: Authenticator) -> httpx.Response:
    return await send(browser, "new", key.make(await ask(browser, "new/options")))


async def enter(
    browser: httpx.AsyncClient, key: Authenticator, query: str = "", **lie: Any
) -> httpx.Response:
    return await send(browser, f"enter{query}", key.get(await ask(browser, "options"), **lie))


def olga() -> Person:
    """An owner, who has no way in yet but the session that the test gives her."""
    with database.transaction(door.engine()) as session:
        session.add(Staff(staff_id=OLGA.id, name="Olga", email="olga@shop.example", role="owner",
                          created_at=datetime.now(UTC)))  # fmt: skip
    return OLGA


def letters() -> list[str]:
    with database.reading(door.engine()) as session:
        return [
            f"{one.address}: {one.text}"
            for one in session.exec(select(Letter).order_by(col(Letter.created_at)))
        ]


@pytest.mark.feature(2)
async def test_a_member_makes_one_and_comes_in_with_it(scene: Scene) -> None:
    key = a_key()
    async with scene.visitor(scene.anna) as browser:
        options = await ask(browser, "new/options")
        assert options["rp"]["id"] == "club.test"
        assert options["authenticatorSelection"]["residentKey"] == "required"
        assert options["authenticatorSelection"]["userVerification"] == "required"
        assert scene.anna.id not in json.dumps(options)
        assert (await send(browser, "new", key.make(options))).json() == {"to": ""}
    assert "anna@shop.example: A passkey was added" in letters()[-1]
    async with scene.visitor() as browser:
        wanted = await ask(browser, "options")
        assert (wanted["userVerification"], wanted.get("allowCredentials")) == ("required", [])
        answer = await send(browser, "enter", key.get(wanted))
        assert answer.json() == {"to": "/"}
        assert scene.who(browser) == scene.anna


@pytest.mark.feature(110)
async def test_staff_come_in_by_their_own_door(scene: Scene) -> None:
    key, person = a_key(), olga()
    async with scene.visitor(person) as browser:
        assert (await make(browser, key)).status_code == 200
    async with scene.visitor() as browser:
        assert (await enter(browser, key)).status_code == 403
        answer = await enter(browser, key, "?for=staff")
        assert (answer.json(), scene.who(browser)) == ({"to": "/staff/"}, person)
        with database.transaction(door.engine()) as session:
            session.exec(update(Staff).values(status="gone"))
        assert (await enter(browser, key, "?for=staff")).status_code == 403
    with database.reading(door.engine()) as session:
        assert "way.passkey_added" in session.exec(select(Audit.action)).all()


async def test_only_who_is_signed_in_makes_one(scene: Scene) -> None:
    async with scene.visitor() as stranger, scene.visitor(scene.anna) as browser:
        assert (await stranger.post("/passkey/new/options", content="{}", headers=JSON)).status_code == 401
        said = a_key().make(await ask(browser, "new/options"))
        async with scene.visitor(a_member("ben@shop.example")) as other:
            other.cookies.set(
                "regulars_passkey", browser.cookies.get("regulars_passkey") or "", domain="club.test"
            )
            assert (await send(other, "new", said)).status_code == 403
        evil = await browser.post(
            "/passkey/new/options", content="{}", headers={**JSON, "Origin": "https://evil.example"}
        )
        assert evil.status_code == 403
    with database.reading(door.engine()) as session:
        assert session.exec(select(Passkey)).all() == []


LIES: dict[str, dict[str, Any]] = {
    "another origin": {"origin": "https://evil.example"},
    "a subdomain": {"origin": "http://shop.club.test"},
    "a challenge of their own": {"challenge": "AAAA"},
    "the answer to making one": {"type": "webauthn.create"},
    "a signature of nothing": {"signature": "AAAA"},
    "somebody else’s handle": {"userHandle": "AAAA"},
    "nonsense": {"authenticatorData": "!!!!"},
}


async def test_what_does_not_fit_is_refused_alike(scene: Scene) -> None:
    key = a_key()
    async with scene.visitor(scene.anna) as browser:
        await make(browser, key)
    said: set[str] = set()
    async with scene.visitor() as browser:
        for name, lie in LIES.items():
            answer = await enter(browser, key, **dict(lie))
            assert answer.status_code == 403, name
            said.add(answer.text)
        limits.forget()
        asleep = Authenticator(SITE, "club.test", False, key.count, key.handle, key.key, key.id)
        elsewhere = Authenticator(SITE, "evil.example", True, key.count, key.handle, key.key, key.id)
        for other in (asleep, elsewhere, a_key()):
            answer = await enter(browser, other)
            assert answer.status_code == 403
            said.add(answer.text)
        for rubbish in ("", "[]", "{}", '{"id": 1}', "null"):
            await ask(browser, "options")
            answer = await send(browser, "enter", rubbish)
            assert answer.status_code == 403, rubbish
            said.add(answer.text)
        assert (await send(browser, "enter", "x" * 20_000)).status_code == 400
        assert scene.who(browser) is None
    assert len(said) == 1


async def test_a_challenge_is_good_once_here_and_for_minutes(scene: Scene) -> None:
    key = a_key()
    async with scene.visitor(scene.anna) as browser:
        await make(browser, key)
    async with scene.visitor() as browser, scene.visitor() as thief:
        said = key.get(await ask(browser, "options"))
        token = browser.cookies.get("regulars_passkey") or ""
        assert (await send(thief, "enter", said)).status_code == 403
        assert (await send(browser, "enter", said)).status_code == 200
        thief.cookies.set("regulars_passkey", token, domain="club.test")
        assert (await send(thief, "enter", said)).status_code == 403
        wanted = await ask(thief, "options")
        with database.transaction(door.engine()) as session:
            past = datetime.now(UTC) - timedelta(seconds=1)
            session.exec(update(Proof).where(col(Proof.purpose) == passkeys.KNOWN).values(expires_at=past))
        assert (await send(thief, "enter", key.get(wanted))).status_code == 403


async def test_a_copy_is_noticed_and_its_owner_told(scene: Scene) -> None:
    key = a_key()
    async with scene.visitor(scene.anna) as browser:
        await make(browser, key)
    async with scene.visitor() as browser:
        assert (await enter(browser, key, step=5)).status_code == 200
        assert (await enter(browser, key, step=-2)).status_code == 403
        assert (await enter(browser, key, step=0)).status_code == 403
    assert "A copy of your passkey" in letters()[-1]
    assert letters()[-1].startswith("anna@shop.example")


@pytest.mark.feature(8)
async def test_one_of_a_merged_account_opens_what_it_became_part_of(scene: Scene) -> None:
    key, now = a_key(), datetime.now(UTC)
    ben, cleo = a_member("ben@shop.example"), a_member("cleo@shop.example")
    async with scene.visitor(scene.anna) as browser:
        await make(browser, key)
    ids = [UUID(one.id) for one in (scene.anna, ben, cleo)]
    with database.transaction(door.engine()) as session:
        merge(session, ids[0], ids[1], "One person", "owner:ada", now)
        merge(session, ids[1], ids[2], "One person", "owner:ada", now)
    async with scene.visitor() as browser:
        assert (await enter(browser, key)).status_code == 200
        assert scene.who(browser) == cleo
    with database.transaction(door.engine()) as session:
        undo(session, ids[1], "owner:ada", now + timedelta(minutes=1))
    async with scene.visitor() as browser:
        assert (await enter(browser, key)).status_code == 200
        assert scene.who(browser) == ben


async def test_they_are_named_and_taken_away_by_their_owner_alone(scene: Scene) -> None:
    key, ben = a_key(), a_member("ben@shop.example")
    async with scene.visitor(scene.anna) as browser, scene.visitor(ben) as other:
        await make(browser, key)
        with database.reading(door.engine()) as session:
            ident = passkeys.ident_of(session.exec(select(Passkey)).one())
        for path in ("rename", "remove"):
            assert (
                await other.post(f"/passkey/{path}", data={"which": ident, "name": "mine"})
            ).status_code == 404
        assert (
            await browser.post("/passkey/rename", data={"which": ident, "name": " My  phone\0 "})
        ).status_code == 303
        with database.reading(door.engine()) as session:
            assert session.exec(select(Passkey.name)).one() == "My phone"
        evil = await browser.post(
            "/passkey/remove", data={"which": ident}, headers={"Origin": "https://evil.example"}
        )
        assert evil.status_code == 403
        assert (await browser.post("/passkey/remove", data={"which": ident})).status_code == 303
        assert (await enter(browser, key)).status_code == 403


async def test_the_last_way_in_stays(scene: Scene) -> None:
    first, second, person = a_key(), a_key(), olga()
    async with scene.visitor(person) as browser:
        await make(browser, first)
        await make(browser, second)
        with database.reading(door.engine()) as session:
            one, other = (passkeys.ident_of(row) for row in passkeys.of(session, person))
        assert (await browser.post("/passkey/remove", data={"which": one})).status_code == 303
        refused = await browser.post("/passkey/remove", data={"which": other})
        assert (refused.status_code, "only way in" in refused.text) == (409, True)
