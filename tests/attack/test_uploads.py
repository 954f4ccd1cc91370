"""Uploads: who sends one is asked before a byte of it is read, and nobody sends one into somebody else's page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.types import ASGIApp, Message

from members.roles import MEMBER, Person
from pages.staff.reward import RewardState
from tests.attack.lines import Tab, a_server, name_of
from tests.attack.test_lines import a_cookie
from tests.pages.conftest import House, house

pytestmark = pytest.mark.anyio
SQLITE_ALONE = True
__all__ = ["house"]


@pytest.fixture
async def serve(house: House) -> AsyncIterator[ASGIApp]:
    async with a_server() as server:
        yield server


async def upload(serve: ASGIApp, cookie: str, token: str, handler: str = "take_picture") -> tuple[int, int]:
    """The status of the answer, and how often the body was asked for."""
    read, status = 0, 0
    headers = [(b"reflex-client-token", token.encode()), (b"cookie", cookie.encode()),
               (b"reflex-event-handler", name_of(RewardState, handler).encode()),
               (b"content-type", b"multipart/form-data; boundary=x")]  # fmt: skip

    async def receive() -> Message:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": b"--x--\r\n", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)

    scope: dict[str, Any] = {
        "type": "http", "method": "POST", "path": "/_upload", "raw_path": b"/_upload", "root_path": "",
        "query_string": b"",
        "headers": headers, "client": ("127.0.0.1", 1), "server": ("localhost", 3000), "scheme": "http",
        "http_version": "1.1", "asgi": {"version": "3.0"}, "state": {},
    }  # fmt: skip
    await serve(scope, receive, send)
    return status, read


@pytest.mark.parametrize(
    "who", ["", MEMBER, "cashier", "support", "analyst", "another owner", "a made-up token"]
)
async def test_nobody_else_uploads_into_an_open_page(serve: ASGIApp, house: House, who: str) -> None:
    own = a_cookie(Person("kim", "owner"))
    page = Tab(serve, own)
    assert await page.open()
    await page.show("/staff/reward")
    await page.hears('"event"')
    cookie = {
        "": "",
        MEMBER: a_cookie(Person(str(house.mira), MEMBER)),
        "another owner": a_cookie(Person("lee", "owner")),
        "a made-up token": own,
    }.get(who) if who in {"", MEMBER, "another owner", "a made-up token"} else a_cookie(Person("pat", who))  # fmt: skip
    token = "made-up" if who == "a made-up token" else page.token
    for handler in ("take_picture", "take_codes"):
        assert await upload(serve, cookie or "", token, handler) == (403, 0)
    await page.hang_up()


async def test_whoever_has_the_page_open_comes_through(serve: ASGIApp, house: House) -> None:
    own = a_cookie(Person("kim", "owner"))
    page = Tab(serve, own)
    assert await page.open()
    await page.show("/staff/reward")
    await page.hears('"event"')
    status, _ = await upload(serve, own, page.token)
    assert status not in {0, 403, 429}, (
        "Reflex answers; its route is there once pages are built, so here with 404"
    )
    await page.hang_up()
