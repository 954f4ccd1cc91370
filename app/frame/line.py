"""The line of an open page: who may open one, how fast it may speak, and that it ends with its session.

A layer around the whole application, in plain ASGI. A socket is opened from our own pages only (its `Origin` is exactly
the shop's address). Its session is looked up once, before Reflex hears of it; a cookie that is worth nothing is taken
away, so that nobody further in takes it for somebody. When the session ends, in whatever process, the line is cut
(`members.sessions` says so through the outbox). Who speaks faster than anybody clicks is heard with a delay: what is
not read waits with the sender, and not in Reflex's queue, which has no end.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import door, limits, live, settings
from members import sessions

LINES_MAX = 1000  # of one address at once, in one process: a house, a campus, an office
ENDED, STRANGE, TOO_MANY = 4401, 4403, 4429  # why a line was cut
EVENT = "42"  # how a message with an event begins (Engine.IO 4, Socket.IO 5)


class Line:
    """Wraps the whole application: `rx.App(api_transformer=[…, Line, Gate])`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at who opens a socket; everything else passes."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        if Headers(scope=scope).get("origin") != _origin():
            await _refuse(receive, send, STRANGE)
            return
        who = limits.client(HTTPConnection(scope))
        if self.open[who] >= LINES_MAX:
            await _refuse(receive, send, TOO_MANY)
            return
        self.open[who] += 1
        try:
            await self._listen(scope, receive, send)
        finally:
            self.open[who] -= 1
            if not self.open[who]:
                del self.open[who]

    async def _listen(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = door.cookie_token("; ".join(Headers(scope=scope).getlist("cookie")))
        held = _Held(token, receive, send)
        if await door.in_worker(door.bearer, token) is None:
            await self.app(without_cookies(scope), held.receive, held.send)
            return
        with live.told(held, sessions.topic(sessions.digest(token))):
            await self.app(scope, held.receive, held.send)


class _Held:
    """One line: a bucket of events on the way in, and shut for good when its session is over."""

    def __init__(self, token: str, receive: Receive, send: Send) -> None:
        self.token, self._receive, self._send = token, receive, send
        self.bucket, self.shut = limits.Bucket(), False
        self._looking: asyncio.Task[None] | None = None
        self._news = False

    async def receive(self) -> Message:
        """The next message, when there is a turn for it."""
        message = await self._receive()
        if message["type"] == "websocket.receive" and _is_event(message):
            while not self.bucket.take():
                await asyncio.sleep(1 / limits.EVENTS_PER_SECOND)
        return {"type": "websocket.disconnect", "code": ENDED} if self.shut else message

    async def send(self, message: Message) -> None:
        """Send what the page is told, as long as there is a line."""
        if not self.shut:
            await self._send(message)

    def come(self) -> None:
        """Something happened to the session; also while it is being looked up, which may have seen it as it was."""
        self._news = True
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        while self._news and not self.shut:
            self._news = False
            if await door.in_worker(door.bearer, self.token) is None:
                self.shut = True
                await self._send({"type": "websocket.close", "code": ENDED})


def _is_event(message: Message) -> bool:
    text: Any = message.get("text") or message.get("bytes") or ""
    return isinstance(text, bytes) or text.startswith(EVENT)


def without_cookies(scope: Scope) -> Scope:
    """The same request as somebody would make who has no session; nothing further in asks for another cookie."""
    return {**scope, "headers": [one for one in scope["headers"] if one[0] != b"cookie"]}


def _origin() -> str:
    parts = urlsplit(settings.current().public_url)
    return f"{parts.scheme}://{parts.netloc}"


async def _refuse(receive: Receive, send: Send, code: int) -> None:
    """Before the line is open, this is answered with 403."""
    await receive()
    await send({"type": "websocket.close", "code": code})
