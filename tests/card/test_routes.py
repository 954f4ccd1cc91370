"""`/card` by HTTP: for its owner alone, kept nowhere; the shell says nothing of anybody; the key goes to its page."""

from __future__ import annotations

import base64
import html
import json
import re
import struct
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import select
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from app import database, door, limits
from app.frame.gate import Gate
from app.public import card as card_routes
from app.public import entrances, install, own_ways
from app.public.marks import MARK
from facts.language import language
from facts.refusals import Refusal
from members import sessions
from members.actions import card, own, record
from members.card_codes import code_at, grouped, step_at
from members.own_tables import Card
from members.roles import MEMBER, Person
from tests.builders import PROGRAMME, an_order, days, in_force, standing_of

pytestmark = pytest.mark.anyio
NOW = datetime.now(UTC).replace(microsecond=0)
ASSETS = Path(__file__).parents[2] / "assets"
THREE = PROGRAMME.replace("languages: [en]", "languages: [en, ru, ar]")


@pytest.fixture
async def shop(house: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that knows nobody, and a shop with Mira in it."""
    limits.forget()
    with database.transaction(door.engine()) as session:
        in_force(session, THREE)
        record(session, [an_order("1", "130.00", at=NOW - days(2))], NOW)
        own.tell(session, standing_of(session).member_id, NOW, name="Mira <b>")
    routes = [*card_routes.routes(), *install.routes(), *entrances.routes(), *own_ways.routes(),
              Mount("/", StaticFiles(directory=ASSETS))]  # fmt: skip
    app = Gate(Starlette(routes=routes))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test") as client:
        yield client
    limits.forget()


def mira() -> UUID:
    with database.reading(door.engine()) as session:
        return standing_of(session).member_id


def come_in(client: httpx.AsyncClient, person: Person | None = None) -> str:
    with database.transaction(door.engine()) as session:
        token, _ = sessions.start(session, person or Person(str(mira()), MEMBER), datetime.now(UTC))
    client.cookies.set(door.COOKIE, token)
    return token


def told(page: httpx.Response) -> dict[str, Any]:
    (found,) = re.findall(r'data-card="([^"]*)"', page.text)
    return json.loads(html.unescape(found))


@pytest.mark.parametrize(
    ("start", "balance"), [("", "130 points"), ("/ru", "130 баллов"), ("/ar", "١٣٠ نقطة")]
)
async def test_the_card_says_what_its_owner_has(shop: httpx.AsyncClient, start: str, balance: str) -> None:
    come_in(shop)
    page = await shop.get(f"{start}/card")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert "unsafe-eval" not in page.headers["content-security-policy"]
    assert balance in page.text
    assert "Mira &lt;b&gt;" in page.text
    assert "<b>" not in told(page)["fields"]["number"]
    with database.reading(door.engine()) as session:
        row = session.exec(select(Card)).one()
    assert told(page)["number"] == row.number
    groups = language("ar" if start == "/ar" else "en").digits(grouped(row.number))
    assert f'<bdo data-part="number" dir="ltr">{groups}</bdo>' in page.text
    assert (await shop.get(f"{start}/card")).status_code == 200
    with database.reading(door.engine()) as session:
        assert len(session.exec(select(Card)).all()) == 1


async def test_nobody_else_gets_in(shop: httpx.AsyncClient) -> None:
    for person in (None, Person("kim", "owner")):
        if person:
            come_in(shop, person)
        page = await shop.get("/ru/card")
        assert (page.status_code, page.headers["location"]) == (303, "/ru/sign-in")
        assert f'{MARK}="";' in page.headers["set-cookie"]
        assert (await shop.post("/card/key")).status_code in (401, 403)
    with database.reading(door.engine()) as session:
        assert session.exec(select(Card)).all() == []


async def test_who_has_left_is_shown_the_way_back(shop: httpx.AsyncClient) -> None:
    come_in(shop)
    assert (await shop.get("/card")).status_code == 200
    with database.transaction(door.engine()) as session:
        own.leave(session, standing_of(session).member_id, "member", NOW)
    page = await shop.get("/ar/card")
    assert (page.status_code, page.headers["location"]) == (303, "/ar/me/")
    assert shop.cookies.get(MARK) is None
    assert (await shop.post("/card/key")).status_code == 409


async def test_the_key_goes_to_our_own_page_and_makes_codes_that_are_good(shop: httpx.AsyncClient) -> None:
    come_in(shop)
    page = await shop.get("/card")
    assert "key" not in told(page)
    assert (await shop.post("/card/key", headers={"Origin": "https://evil.example"})).status_code == 403
    assert (await shop.get("/card/key")).status_code in (404, 405)
    answer = await shop.post("/card/key")
    assert answer.headers["cache-control"] == "no-store"
    said = answer.json()
    assert (said["number"], said["keyId"]) == (told(page)["number"], told(page)["keyId"])
    now = datetime.now(UTC)
    payload = f"{said['number']}.{code_at(base64.b64decode(said['key']), step_at(now))}"
    with database.transaction(door.engine()) as session:
        assert card.present(session, payload, door.secret(), now) == card.Presented(mira(), proved=True)


async def test_the_shell_is_the_same_for_everybody(shop: httpx.AsyncClient) -> None:
    before = await shop.get("/ru/card/shell")
    come_in(shop)
    await shop.get("/ru/card")
    after = await shop.get("/ru/card/shell")
    assert before.text == after.text
    assert "set-cookie" not in after.headers
    assert "data-card" not in after.text
    assert "Mira" not in after.text
    assert 'id="card" hidden' in after.text


async def test_who_signs_in_or_leaves_takes_the_mark_away(shop: httpx.AsyncClient) -> None:
    come_in(shop)
    page = await shop.get("/card")
    cookie = page.headers["set-cookie"]
    assert MARK in cookie
    assert "HttpOnly" not in cookie
    assert "samesite=lax" in cookie.lower()
    mark = shop.cookies.get(MARK)
    assert (await shop.get("/card")).cookies.get(MARK) == mark
    await shop.post("/leave")
    assert shop.cookies.get(MARK) is None


async def test_ending_the_other_sessions_renews_the_key(shop: httpx.AsyncClient) -> None:
    come_in(shop)
    before = (await shop.post("/card/key")).json()
    await shop.post("/ways/end-others")
    after = (await shop.post("/card/key")).json()
    assert after["number"] == before["number"]
    assert after["keyId"] != before["keyId"]
    now = datetime.now(UTC)
    old = f"{before['number']}.{code_at(base64.b64decode(before['key']), step_at(now))}"
    with database.transaction(door.engine()) as session, pytest.raises(Refusal, match="code is over"):
        card.present(session, old, door.secret(), now)


@pytest.mark.parametrize(("start", "words"), [("", "Your card"), ("/ru", "Ваша карта"), ("/ar", "بطاقتك")])
async def test_a_phone_is_told_what_it_installs(shop: httpx.AsyncClient, start: str, words: str) -> None:
    answer = await shop.get(f"{start}/manifest.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    said = answer.json()
    assert (said["id"], said["scope"], said["start_url"]) == ("/", "/", f"{start}/")
    assert said["name"] == "Corner Shop"
    assert [(one["name"], one["url"]) for one in said["shortcuts"]] == [(words, f"{start}/card")]
    for icon in said["icons"]:
        picture = (ASSETS / icon["src"].lstrip("/")).read_bytes()
        wide, high = struct.unpack(">II", picture[16:24])  # where a PNG says so
        assert icon["sizes"] == f"{wide}x{high}"


@pytest.mark.parametrize("path", ["/sw.js", "/card.js", "/qr.js", "/pwa.js"])
async def test_the_worker_and_its_scripts_are_asked_for_anew(shop: httpx.AsyncClient, path: str) -> None:
    answer = await shop.get(path)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["etag"]


def test_the_worker_has_nothing_fetched_ahead() -> None:
    script = (ASSETS / "sw.js").read_text()
    assert "preloadResponse" not in script
    assert re.findall(r"navigationPreload\S*?\.(\w+)\(", script) == ["disable"], (
        "earlier workers switched it on"
    )
