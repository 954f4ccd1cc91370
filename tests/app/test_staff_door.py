"""Staff's own doors over HTTP: a link makes somebody one of them once, and looking at it uses nothing up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlmodel import select
from starlette.applications import Starlette

from app import database, door, limits, settings
from app.public import entrances, staff_door
from facts.language import codes
from members import sessions
from members.actions import team
from members.roles import Person
from members.way_tables import Staff
from tests.builders import PROGRAMME, in_force

pytestmark = [pytest.mark.anyio, pytest.mark.feature(110)]
ADA = {"name": "Ada", "email": "ada@shop.example"}


@pytest.fixture
async def visitor(house: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody with a browser, at a shop that nobody looks after yet."""
    limits.forget()
    with database.transaction(door.engine()) as session:
        in_force(session, PROGRAMME)
    app = Starlette(routes=[*staff_door.routes(), *entrances.routes()])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test") as client:
        yield client
    limits.forget()


def a_link() -> str:
    with database.transaction(door.engine()) as session:
        token = team.first_owner(session, datetime.now(UTC))
    assert token
    return f"/staff/start/{token}"


def who(client: httpx.AsyncClient) -> Person | None:
    with database.reading(door.engine()) as session:
        return sessions.person_of(session, client.cookies.get(door.COOKIE) or "", datetime.now(UTC))


async def test_the_first_owner_comes_in_by_the_link(visitor: httpx.AsyncClient) -> None:
    await visitor.get("/demo/enter/staff")
    before = visitor.cookies.get(door.COOKIE) or ""
    link = a_link()
    for _ in range(3):  # a messenger looks at it first
        page = await visitor.get(link)
        assert (page.status_code, "Become one of the staff" in page.text) == (200, True)
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "no-store"
    answer = await visitor.post(link, data=ADA)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/welcome")
    person = who(visitor)
    assert person
    assert person.role == "owner"
    assert visitor.cookies.get(door.COOKIE) != before
    with database.reading(door.engine()) as session:
        assert (
            sessions.person_of(session, before, datetime.now(UTC)) is None
        )  # what was there before has ended
        assert session.get(Staff, person.id)
    welcome = await visitor.get("/staff/welcome")
    assert "Make a passkey" in welcome.text
    assert (await visitor.get(link)).status_code == 404
    assert (await visitor.post(link, data=ADA)).status_code == 404


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
async def test_another_site_makes_nobody_staff(visitor: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await visitor.post(a_link(), data=ADA, headers=headers)).status_code == 403
    assert who(visitor) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "", "email": "ada@shop.example"}, "Say what your colleagues call you."),
        ({"name": "Ada", "email": "no address"}, "This is no e-mail address: look at it once more."),
        ({}, "Say what your colleagues call you."),
    ],
)
async def test_what_is_wrong_stands_beside_its_box_and_the_link_is_still_good(
    visitor: httpx.AsyncClient, typed: dict[str, str], said: str
) -> None:
    link = a_link()
    answer = await visitor.post(link, data=typed)
    assert (answer.status_code, said in answer.text, 'aria-invalid="true"' in answer.text) == (
        422,
        True,
        True,
    )
    assert (await visitor.post(link, data={"name": "<script>", "email": "a@b.example"})).status_code == 303
    with database.reading(door.engine()) as session:
        assert session.exec(select(Staff.name)).one() == "<script>"


@pytest.mark.parametrize("token", ["x", "a" * 500, "%00", "../../x"])
async def test_a_link_that_is_none_says_nothing(visitor: httpx.AsyncClient, token: str) -> None:
    answer = await visitor.get(f"/staff/start/{token}")
    assert answer.status_code == 404


async def test_guessing_is_slowed_down(visitor: httpx.AsyncClient) -> None:
    found = {(await visitor.get(f"/staff/start/{number}")).status_code for number in range(70)}
    assert found == {404, 429}


@pytest.mark.parametrize("code", codes())
async def test_signing_in_has_its_page_in_every_language(visitor: httpx.AsyncClient, code: str) -> None:
    start = "" if code == "en" else f"/{code}"
    page = await visitor.get(f"{start}/staff/sign-in")
    assert page.status_code == 200
    assert f'lang="{code}"' in page.text
    assert ("Sign in as staff" in page.text) == (code == "en")
    assert "/demo/enter/cashier" in page.text
    assert (await visitor.get(f"{start}/staff/welcome")).headers["location"] == f"{start}/staff/sign-in"


async def test_production_shows_no_entrance_of_the_demo(
    visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGULARS_MODE", "production")
    monkeypatch.setenv("REGULARS_SECRET", "0123456789abcdef0123456789abcdef")
    settings.current.cache_clear()
    assert "/demo/" not in (await visitor.get("/staff/sign-in")).text
