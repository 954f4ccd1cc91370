"""A page's line without a browser: the app's own layers, socket server and event queue, in this process."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from starlette.types import ASGIApp, Message, Scope

from app import live
from app.app import app
from app.frame.line import Line
from app.frame.uploading import uploads

PATIENCE = 60.0  # seconds
STATE = "reflex___state____state"
ORIGIN = "http://localhost:3000"


@asynccontextmanager
async def a_server() -> AsyncIterator[ASGIApp]:
    """What serves sockets and uploads, with its event queue and its news running."""
    async with app._setup_event_processor(), live.lifespan():
        inner: Any = app._api
        whole = Line(uploads(lambda: app.state_manager)(inner))

        async def serve(scope: Scope, receive: Any, send: Any) -> None:
            app._set_contexts_internal()
            await whole(scope, receive, send)

        yield serve


def name_of(kind: Any, handler: str) -> str:
    """How a browser names a handler."""
    return f"{kind.get_full_name()}.{handler}"


class Tab:
    """A tab with a token of its own choice, and whatever cookie and origin somebody sends."""

    def __init__(
        self, serve: ASGIApp, cookie: str = "", *, token: str = "", origin: str | None = ORIGIN
    ) -> None:
        self.serve, self.token = serve, token or secrets.token_hex(16)
        self.heard: list[str] = []
        self.closed: int | None = None
        self._in: asyncio.Queue[Message] = asyncio.Queue()
        self._news = asyncio.Event()
        headers = [(b"connection", b"upgrade"), (b"upgrade", b"websocket")]
        headers += [(b"cookie", cookie.encode())] if cookie else []
        headers += [(b"origin", origin.encode())] if origin is not None else []
        self.scope: Scope = {
            "type": "websocket", "path": "/_event/", "raw_path": b"/_event/", "root_path": "", "scheme": "ws",
            "query_string": f"token={self.token}&EIO=4&transport=websocket".encode(), "headers": headers,
            "client": ("127.0.0.1", 1), "server": ("localhost", 3000), "subprotocols": [],
            "asgi": {"version": "3.0"}, "state": {},
        }  # fmt: skip

    async def open(self) -> bool:
        """Connect; whether the line was opened."""
        self._in.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.ensure_future(self.serve(self.scope, self._in.get, self._hear))
        await self.until(lambda: self.closed is not None or any(one.startswith("0{") for one in self.heard))
        if self.closed is not None:
            return False
        self.say("40/_event,")
        await self.until(
            lambda: self.closed is not None or any(one.startswith("40/_event") for one in self.heard)
        )
        return self.closed is None

    async def send(self, name: str, path: str = "/", **payload: Any) -> None:
        """An event, as the page's script sends it."""
        told = {
            "name": name,
            "payload": payload,
            "router_data": {"pathname": path, "asPath": path, "query": {}},
        }
        self.say(f"42/_event,{json.dumps(['event', told])}")

    async def show(self, path: str = "/", *, hashes: Sequence[str] | None = ("a",)) -> None:
        """Open a document: the whole State is sent, and the page loads."""
        await self.send(f"{STATE}.hydrate_and_load", path, **({"hashes": list(hashes)} if hashes else {}))

    def say(self, text: str) -> None:
        """One frame."""
        self._in.put_nowait({"type": "websocket.receive", "text": text})

    async def until(self, holds: Any) -> None:
        """Wait for what is certain to come."""
        async with asyncio.timeout(PATIENCE):
            while not holds():
                self._news.clear()
                await self._news.wait()

    async def hears(self, text: str) -> None:
        """Wait until the page is told something."""
        await self.until(lambda: text in self.all)

    @property
    def all(self) -> str:
        """Everything that the page was told."""
        return "\n".join(self.heard)

    async def _hear(self, message: Message) -> None:
        if message["type"] == "websocket.send":
            self.heard.append(message.get("text") or "")
        elif message["type"] == "websocket.close":
            self.closed = int(message.get("code") or 1000)
            self._in.put_nowait({"type": "websocket.disconnect", "code": self.closed})
        self._news.set()

    async def hang_up(self) -> None:
        """Close the tab."""
        self._in.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(asyncio.gather(self.task, return_exceptions=True), PATIENCE)
