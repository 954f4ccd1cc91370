"""The demo's entrances and the way out, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from app import database, door, settings
from app.public import entrances
from facts.events import parse
from members import sessions
from members.actions.record import record
from members.roles import Person
from tests.api.shop import a_programme, an_order

pytestmark = pytest.mark.anyio


@pytest.fixture
async def visitor(house: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody with a browser, at a demo shop with three members."""
    now = datetime.now(UTC)
    with a_programme(door.engine()), database.transaction(door.engine()) as session:
        record(session, [parse(an_order(f"{10**n}.00", customer=str(n))) for n in range(1, 4)], now)
    app = Starlette(routes=entrances.routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test") as client:
        yield client


def who(client: httpx.AsyncClient) -> Person | None:
    with database.reading(door.engine()) as session:
        return sessions.person_of(session, client.cookies.get(door.COOKIE) or "", datetime.now(UTC))


@pytest.mark.parametrize(
    ("name", "target"),
    [("new", "/"), ("middling", "/"), ("top", "/"), ("staff", "/staff/"), ("cashier", "/staff/counter")],
)
async def test_an_entrance_opens_a_session_and_leads_to_a_fixed_place(
    visitor: httpx.AsyncClient, name: str, target: str
) -> None:
    answer = await visitor.get(f"/demo/enter/{name}?next=https://evil.example")
    assert (answer.status_code, answer.headers["location"]) == (303, target)
    (said,) = [one for one in answer.headers.get_list("set-cookie") if one.startswith(f"{door.COOKIE}=")]
    cookie = SimpleCookie(said)[door.COOKIE]
    assert (bool(cookie["httponly"]), cookie["samesite"].lower(), cookie["path"], bool(cookie["secure"])) == (
        True,
        "lax",
        "/",
        False,
    )
    person = who(visitor)
    assert person
    assert person.is_member == (target == "/")


async def test_the_three_are_different_people_and_stay_the_same(visitor: httpx.AsyncClient) -> None:
    found = []
    for name in ("new", "middling", "top", "new"):
        await visitor.get(f"/demo/enter/{name}")
        found.append(who(visitor))
    assert len(set(found)) == 3
    assert found[0] == found[3]


async def test_entering_anew_ends_the_session_before(visitor: httpx.AsyncClient) -> None:
    await visitor.get("/demo/enter/new")
    before = visitor.cookies.get(door.COOKIE)
    await visitor.get("/demo/enter/staff")
    with database.reading(door.engine()) as session:
        assert sessions.person_of(session, before or "", datetime.now(UTC)) is None


async def test_each_role_of_staff_has_a_person_of_its_own(visitor: httpx.AsyncClient) -> None:
    found: list[Person] = []
    for name in ("staff", "marketer", "support", "cashier", "analyst"):
        await visitor.get(f"/demo/enter/{name}")
        person = who(visitor)
        assert person
        found.append(person)
    assert [one.role for one in found] == ["owner", "marketer", "support", "cashier", "analyst"]
    assert len({one.id for one in found}) == 5


async def test_there_is_no_other_entrance(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/demo/enter/owner")
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers


async def test_leaving_ends_the_session_and_forgets_the_cookie(visitor: httpx.AsyncClient) -> None:
    await visitor.get("/demo/enter/new")
    token = visitor.cookies.get(door.COOKIE) or ""
    answer = await visitor.post("/leave")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert visitor.cookies.get(door.COOKIE) is None
    with database.reading(door.engine()) as session:
        assert sessions.person_of(session, token, datetime.now(UTC)) is None


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_another_site_cannot_sign_anybody_out(
    visitor: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    await visitor.get("/demo/enter/new")
    assert (await visitor.post("/leave", headers=headers)).status_code == 403
    assert who(visitor)


async def test_a_page_of_ours_that_sends_no_referrer_is_ours(visitor: httpx.AsyncClient) -> None:
    await visitor.get("/demo/enter/new")
    headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert (await visitor.post("/leave", headers=headers)).status_code == 303
    assert who(visitor) is None


async def test_leaving_by_a_link_is_not_possible(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get("/leave")).status_code == 405


async def test_production_has_no_entrances(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_MODE", "production")
    settings.current.cache_clear()
    try:
        assert [route.path for route in entrances.routes()] == ["/leave"]
    finally:
        settings.current.cache_clear()


async def test_cookies_are_secure_where_people_come_by_https(
    visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGULARS_PUBLIC_URL", "https://club.example.com")
    settings.current.cache_clear()
    answer = await visitor.get("/demo/enter/staff")
    assert all("secure" in one.lower() for one in answer.headers.get_list("set-cookie"))
