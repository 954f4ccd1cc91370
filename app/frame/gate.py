"""The outermost layer: how large a request may be, what browsers may keep, and what a page may run.

Plain ASGI, so that streams stay streams. It knows nothing of who is asking.
"""

from __future__ import annotations

import json
from functools import cache

from reflex.utils.prerequisites import get_web_dir
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.frame.build import DIGESTS

BODY_BYTES_MAX = 10 * 2**20  # a photograph and some; the API has a lower cap of its own
FOR_EVER = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"
LASTING = ("/fonts/", "/icons.svg", "/favicon.svg", "/licences/")
NOT_FOUND = [
    "404.html",
    "__spa-fallback.html",
]  # Reflex makes the first a copy of the second when all else is done
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
        answer = _Answer(scope["path"], send)
        if length >= 0:
            await self.app(scope, receive, answer)
            return
        counted = _Counted(receive, answer)
        try:
            await self.app(scope, counted, answer)
        except Exception:
            if not counted.full:  # who reads on after the line was cut is told so by an exception
                raise


class _Answer:
    """The way out: headers are put on, and nothing follows once the answer is closed."""

    def __init__(self, path: str, send: Send) -> None:
        self.path, self.send, self.begun, self.closed = path, send, False, False

    async def __call__(self, message: Message) -> None:
        if self.closed:
            return
        if message["type"] == "http.response.start":
            self.begun = True
            _dress(MutableHeaders(scope=message), self.path, message["status"])
        await self.send(message)


class _Counted:
    """A body of unknown length: the answer is 413, and the line is cut, as soon as it is too long."""

    def __init__(self, receive: Receive, answer: _Answer) -> None:
        self.receive, self.answer, self.seen, self.full = receive, answer, 0, False

    async def __call__(self) -> Message:
        message = await self.receive()
        if message["type"] == "http.request":
            self.seen += len(message.get("body", b""))
            if self.seen > BODY_BYTES_MAX:
                await self._cut()
                return {"type": "http.disconnect"}
        return message

    async def _cut(self) -> None:
        self.full = True
        if not self.answer.begun and not self.answer.closed:
            await _too_large(self.answer.send)
        self.answer.closed = True


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
    """`/rewards` means `/rewards/`: a page is answered at once, instead of with a redirect."""
    path = scope["path"]
    if not path.endswith("/") and f"{path.strip('/')}/index.html" in _digests():
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
    wanted = NOT_FOUND if status == 404 else [f"{name}/index.html".lstrip("/"), f"{name}.html"]
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
    built = get_web_dir() / "build" / DIGESTS
    found: dict[str, list[str]] = json.loads(built.read_text()) if built.exists() else {}
    return found
