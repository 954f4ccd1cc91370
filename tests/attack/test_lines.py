"""R11: a token without its cookie, a socket from elsewhere, and a line whose session is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from reflex_base.registry import RegistrationContext
from starlette.types import ASGIApp

from app import database, door
from app.frame import line as lines
from app.frame.bound import Bound
from app.frame.line import ENDED, STRANGE, TOO_MANY, Line
from app.limits import EVENTS_AT_ONCE
from members import sessions
from members.roles import MEMBER, Person
from pages.home import HomeState
from pages.offers import RewardsState
from tests.attack.lines import ORIGIN, STATE, Tab, a_server, name_of
from tests.pages.conftest import House, house

pytestmark = pytest.mark.anyio
SQLITE_ALONE = True
__all__ = ["house"]

PRIVATE = '"balance":"400"'


@pytest.fixture
async def serve(house: House) -> AsyncIterator[ASGIApp]:
    async with a_server() as server:
        yield server


def a_cookie(person: Person) -> str:
    with database.transaction(door.engine()) as session:
        return f"{door.COOKIE}={sessions.start(session, person, datetime.now(UTC))[0]}"


def mira(house: House) -> str:
    return a_cookie(Person(str(house.mira), MEMBER))


def tells(tab: Tab) -> bool:
    """Whether the tab was told what is Mira's (the bare digits turn up in random tokens as well)."""
    return PRIVATE in tab.all


async def at_home(serve: ASGIApp, cookie: str) -> Tab:
    tab = Tab(serve, cookie)
    assert await tab.open()
    await tab.show("/")
    await tab.send(name_of(HomeState, "load"))
    await tab.hears(PRIVATE)
    return tab


@pytest.mark.parametrize(
    "origin",
    [None, "", "null", "https://evil.example", "http://localhost:3001", "https://localhost:3000", "http://localhost",
     "http://localhost:3000.evil.example", "http://evil.example/http://localhost:3000", "HTTP://LOCALHOST:3000/"],
)  # fmt: skip
async def test_a_socket_from_elsewhere_is_not_opened(
    serve: ASGIApp, house: House, origin: str | None
) -> None:
    tab = Tab(serve, mira(house), origin=origin)
    assert not await tab.open()
    assert tab.closed == STRANGE
    assert tab.heard == []


async def test_the_owner_of_a_page_finds_it_again(serve: ASGIApp, house: House) -> None:
    """What follows would be worth nothing if a token never led anywhere."""
    cookie = mira(house)
    first = await at_home(serve, cookie)
    await first.hang_up()
    again = Tab(serve, cookie, token=first.token)
    assert await again.open()
    await again.show("/", hashes=None)
    await again.hears(PRIVATE)
    await again.hang_up()


@pytest.mark.parametrize("who", ["nobody", "another member", "staff", "a made-up cookie", "an ended session"])
@pytest.mark.parametrize("way", ["hydrate_and_load", "hydrate", "an event"])
async def test_a_token_without_its_cookie_leads_to_an_empty_page(
    serve: ASGIApp, house: House, who: str, way: str
) -> None:
    own = mira(house)
    first = await at_home(serve, own)
    await first.hang_up()
    cookie = {
        "nobody": lambda: "",
        "another member": lambda: a_cookie(Person("018f0000-0000-7000-8000-000000000001", MEMBER)),
        "staff": lambda: a_cookie(Person("kim", "owner")),
        "a made-up cookie": lambda: f"{door.COOKIE}=made-up",
        "an ended session": lambda: _ended(own),
    }[who]()
    thief = Tab(serve, cookie, token=first.token)
    assert await thief.open()
    if way == "an event":
        await thief.send(name_of(HomeState, "hush"))
    else:
        await thief.send(f"{STATE}.{way}")
    await thief.hears('"event"')
    await thief.send(name_of(RewardsState, "dismiss"))
    await thief.show("/")
    await thief.hears("is_hydrated_rx_state_")
    assert not tells(thief)
    await thief.hang_up()


def _ended(cookie: str) -> str:
    with database.transaction(door.engine()) as session:
        sessions.end(session, door.cookie_token(cookie), datetime.now(UTC))
    return cookie


async def test_signing_out_cuts_the_line_and_it_stays_shut(serve: ASGIApp, house: House) -> None:
    cookie = mira(house)
    tab, other = await at_home(serve, cookie), await at_home(serve, mira(house))
    _ended(cookie)
    await tab.until(lambda: tab.closed is not None)
    assert tab.closed == ENDED
    assert other.closed is None, "another session of the same person goes on"
    again = Tab(serve, cookie, token=tab.token)
    assert await again.open()
    await again.show("/", hashes=None)
    await again.hears('"event"')
    assert not tells(again)
    for one in (other, again):
        await one.hang_up()


@pytest.mark.parametrize("role", [MEMBER, "owner"])
async def test_whoever_is_removed_loses_all_lines(serve: ASGIApp, house: House, role: str) -> None:
    person = Person(str(house.mira) if role == MEMBER else "kim", role)
    tabs = [Tab(serve, a_cookie(person)) for _ in range(3)]
    for tab in tabs:
        assert await tab.open()
    with database.transaction(door.engine()) as session:
        sessions.end_all(session, person, datetime.now(UTC))
    for tab in tabs:
        await tab.until(lambda tab=tab: tab.closed is not None)
    assert {tab.closed for tab in tabs} == {ENDED}


async def test_what_nobody_declared_is_not_run(serve: ASGIApp, house: House) -> None:
    """Reflex gives every State a `setvar`, and runs whatever has a name."""
    tab = await at_home(serve, mira(house))
    before = len(tab.heard)
    for kind in (HomeState, RewardsState):
        await tab.send(name_of(kind, "setvar"), var_name="is_hydrated", value="planted")
    await tab.send(
        f"{STATE}.reflex___state____update_vars_internal_state.update_vars_internal", vars={"a": "planted"}
    )
    await tab.send(name_of(HomeState, "load"))
    await tab.send(name_of(RewardsState, "load"))
    await tab.until(lambda: len(tab.heard) > before)
    await tab.hears("A coffee")
    assert "planted" not in tab.all
    await tab.hang_up()


async def test_who_speaks_faster_than_anybody_clicks_is_heard_later() -> None:
    """What is not read waits with the sender: Reflex's own queue has no end."""
    read = 0

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        nonlocal read
        while (await receive())["type"] == "websocket.receive":
            read += 1

    tab = Tab(Line(slow))
    tab.scope["headers"] = [(b"origin", ORIGIN.encode())]
    task = asyncio.ensure_future(tab.serve(tab.scope, tab._in.get, tab._hear))
    for _ in range(EVENTS_AT_ONCE * 10):
        tab.say('42/_event,["event",{}]')
    async with asyncio.timeout(60):
        while read < EVENTS_AT_ONCE:
            await asyncio.sleep(0.01)
    assert read < EVENTS_AT_ONCE * 5
    assert tab._in.qsize() > EVENTS_AT_ONCE * 4
    task.cancel()


async def test_an_address_has_so_many_lines_and_the_next_one_waits(
    serve: ASGIApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LINES_MAX", 2)
    first, second, third, other = (Tab(serve) for _ in range(4))
    other.scope["client"] = ("203.0.113.9", 1)
    assert [await one.open() for one in (first, second, third, other)] == [True, True, False, True]
    assert third.closed == TOO_MANY
    await first.hang_up()
    again = Tab(serve)
    assert await again.open(), "a line that was hung up makes room"
    for one in (second, other, again):
        await one.hang_up()


def test_every_state_of_ours_is_for_one_session() -> None:
    ours = [
        found
        for name, found in RegistrationContext.ensure_context().base_states.items()
        if not name.startswith("reflex___") or ".pages___" in name
    ]
    assert len(ours) > 15
    assert [found for found in ours if not issubclass(found, Bound)] == []
