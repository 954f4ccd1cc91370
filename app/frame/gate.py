"""The outermost layer: how large a request may be, what browsers may keep, and what a page may run.

Plain ASGI, so that streams stay streams. It knows nothing of who is asking.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.frame.build import DIGESTS
from facts.language import SOURCE, codes

BODY_BYTES_MAX = 10 * 2**20  # a photograph and some; the API has a lower cap of its own
BUILT = Path(".web") / "build" / DIGESTS
FOR_EVER = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"
LASTING = ("/fonts/", "/icons.svg", "/favicon.svg", "/licences/")
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(self), geolocation=(), microphone=(), payment=()",
}


class Gate:
    """Wraps the whole application: `rx.App(api_transformer=[routes, Gate])`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, its answer out."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        length = _length(scope)
        if length > BODY_BYTES_MAX:
            await _too_large(send)
            return
        scope = _with_slash(scope)
        path = scope["path"]

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                _dress(MutableHeaders(scope=message), path, message["status"])
            await send(message)

        await self.app(scope, _Counted(receive, send) if length < 0 else receive, answer)


class _Counted:
    """A body of unknown length: the answer is 413, and the line is cut, as soon as it is too long."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self.receive, self.send, self.seen = receive, send, 0

    async def __call__(self) -> Message:
        message = await self.receive()
        if message["type"] == "http.request":
            self.seen += len(message.get("body", b""))
            if self.seen > BODY_BYTES_MAX:
                return {"type": "http.disconnect"}
        return message


def _length(scope: Scope) -> int:
    """The length that is announced; -1 when none is."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value[:20]) if value.isdigit() else BODY_BYTES_MAX + 1
    return -1


async def _too_large(send: Send) -> None:
    await send({"type": "http.response.start", "status": 413, "headers": [(b"connection", b"close")]})
    await send({"type": "http.response.body", "body": b"This is too large."})


def _with_slash(scope: Scope) -> Scope:
    """`/ru` means `/ru/`: answered at once, instead of with a redirect."""
    path = scope["path"]
    if path.strip("/") in codes() and path.strip("/") != SOURCE and not path.endswith("/"):
        return {**scope, "path": f"{path}/", "raw_path": f"{path}/".encode()}
    return scope


def _dress(headers: MutableHeaders, path: str, status: int) -> None:
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)
    if path.startswith("/assets/") and status == 200:
        headers["cache-control"] = FOR_EVER
    elif path.startswith(LASTING) and status == 200:
        headers["cache-control"] = A_DAY
    elif headers.get("content-type", "").startswith("text/html"):
        headers.setdefault("cache-control", "no-cache")
        headers.setdefault("content-security-policy", policy(path, status))


def policy(path: str, status: int = 200) -> str:
    """What a page may load and run (Content-Security-Policy): our files, and its own inline scripts."""
    name = path.strip("/")
    wanted = ["404.html"] if status == 404 else [f"{name}/index.html".lstrip("/"), f"{name}.html"]
    digests = next((_digests()[one] for one in wanted if one in _digests()), [])
    scripts = " ".join(["'self'", *(f"'{digest}'" for digest in digests)])
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        )
    )


@cache
def _digests() -> dict[str, list[str]]:
    """The inline scripts of each page, as the build left them; nothing before there was one."""
    found: dict[str, list[str]] = json.loads(BUILT.read_text()) if BUILT.exists() else {}
    return found
