"""Light or dark on the plain pages, as it was chosen on the member pages, which keep the choice in a cookie.

`assets/pwa.js` sets it. It says nothing about anybody, and nothing but the look depends on it.
"""

from __future__ import annotations

from contextvars import ContextVar
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

COOKIE = "regulars_theme"
MODES = frozenset({"light", "dark"})
_chosen: ContextVar[str] = ContextVar("appearance", default="")


def chosen() -> str:
    """`light` or `dark`; "" where the device decides."""
    return _chosen.get()


class Appearance:
    """An ASGI layer around whatever answers with a plain page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note what this browser has chosen for as long as it is being answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        before = _chosen.set(_read(Headers(scope=scope).get("cookie", "")))
        try:
            await self.app(scope, receive, send)
        finally:
            _chosen.reset(before)


def _read(cookies: str) -> str:
    try:
        found = SimpleCookie(cookies).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found and found.value in MODES else ""
