"""What is uploaded to a page: who sends it is asked before a byte of it is read.

Reflex finds the page by a token in a header, and would run its handler as whoever has the page open. So the sender must
be staff, and hold the very session that the page's line was opened with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx
from reflex.istate.manager.token import BaseStateToken
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app import door, limits
from members.roles import Capability

PATH = "/_upload"
MAY = (Capability.EDIT_CATALOGUE, Capability.AWARD_IN_BULK)  # what pages with an upload are for
Transformer = Callable[[ASGIApp], ASGIApp]


def uploads(manager: Callable[[], Any]) -> Transformer:
    """The layer; `manager` gives the app's State manager when it is asked."""
    return lambda app: _Uploads(app, manager)


class _Uploads:
    def __init__(self, app: ASGIApp, manager: Callable[[], Any]) -> None:
        self.app, self.manager = app, manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].rstrip("/") != PATH or scope["method"] == "OPTIONS":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        said, status = await self._wrong(request)
        if said:
            await PlainTextResponse(said, status, headers={"connection": "close"})(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _wrong(self, request: Request) -> tuple[str, int]:
        token = door.cookie_token("; ".join(request.headers.getlist("cookie")))
        person = await door.in_worker(door.bearer, token) if token else None
        if person is None or not any(person.may(one) for one in MAY):
            return str(door.NOT_ALLOWED), 403
        if not await door.in_worker(limits.allowed, "upload", f"staff:{person.id}"):
            return "Too many uploads. Wait a minute.", 429
        if await self._opened_with(request.headers.get("reflex-client-token", "")) != token:
            return str(door.NOT_ALLOWED), 403
        return "", 200

    async def _opened_with(self, page: str) -> str:
        """The session of the line that has the page open."""
        if not page:
            return ""
        state = await self.manager().get_state(BaseStateToken(ident=page, cls=rx.State))
        return door.cookie_token(str(state.router_data.get("headers", {}).get("cookie", "")))
