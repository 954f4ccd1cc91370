"""The outermost layer: how large a request may be, what browsers may keep, and what a page may run.

Plain ASGI, so that streams stay streams. It knows nothing of who is asking.
"""

from __future__ import annotations

import json
import re
from functools import cache
from urllib.parse import urlsplit

from reflex.utils.prerequisites import get_web_dir
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import settings
from app.frame.build import DIGESTS
from facts.language import codes

BODY_BYTES_MAX = 10 * 2**20  # a photograph and some
FORM_BYTES_MAX = 64 * 2**10
LARGER = (("/_upload", BODY_BYTES_MAX), ("/api/", BODY_BYTES_MAX), ("/verify", BODY_BYTES_MAX))
"""Where more than a form is sent: pictures, batches of events (the API has its own cap), a badge to check."""
FROM_ELSEWHERE = re.compile(r"/api/|/oidc/[^/]+/back$|/unsubscribe/|/verify$")
"""What another site may send us: a program with a key; a provider's answer, bound to the browser by its state; one
click from a mail program (RFC 8058), by a signed address; and a badge to check, for which nobody is asked."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FOR_EVER = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"
LASTING = ("/fonts/", "/icons.svg", "/icon-", "/favicon.svg", "/licences/")
OWN_SCRIPT = re.compile(r"/[\w-]+\.js$")  # the worker and what it keeps: always those of one version
NOT_FOUND = [
    "404.html",
    "__spa-fallback.html",
]  # Reflex makes the first a copy of the second when all else is done
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), "
    "geolocation=(), microphone=(), payment=(), usb=(), display-capture=(), browsing-topics=()",
}
DOCUMENT = {
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-cache",
}
HTTPS_ONLY = "max-age=31536000"  # a year (RFC 6797); subdomains are the shop's own business


class Gate:
    """Wraps the whole application: `rx.App(api_transformer=[routes, Gate])`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, its answer out."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] not in SAFE and _is_foreign(scope):
            await PlainTextResponse("This came from another site.", 403)(
                scope, receive, _Answer(scope["path"], send)
            )
            return
        if _is_no_text(scope):
            nothing = PlainTextResponse("There is nothing at this address.", 404)
            await nothing(scope, receive, _Answer("/", send))
            return
        length, most = _length(scope), body_bytes_max(scope["path"])
        if length > most:
            await _too_large(send)
            return
        scope = _with_slash(scope)
        answer = _Answer(scope["path"], send)
        if length >= 0:
            await self.app(scope, receive, answer)
            return
        counted = _Counted(receive, answer, most)
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

    def __init__(self, receive: Receive, answer: _Answer, most: int) -> None:
        self.receive, self.answer, self.most, self.seen, self.full = receive, answer, most, 0, False

    async def __call__(self) -> Message:
        message = await self.receive()
        if message["type"] == "http.request":
            self.seen += len(message.get("body", b""))
            if self.seen > self.most:
                await self._cut()
                return {"type": "http.disconnect"}
        return message

    async def _cut(self) -> None:
        self.full = True
        if not self.answer.begun and not self.answer.closed:
            await _too_large(self.answer.send)
        self.answer.closed = True


def body_bytes_max(path: str) -> int:
    """How much may be sent to an address, with or without its language."""
    return next((most for begins, most in LARGER if _plain(path).startswith(begins)), FORM_BYTES_MAX)


def _plain(path: str) -> str:
    first = path.strip("/").partition("/")[0]
    return path.removeprefix(f"/{first}") if first in codes() else path


def _is_foreign(scope: Scope) -> bool:
    """Whether a browser says that it was another site that sent this to an address which is for our own pages."""
    if FROM_ELSEWHERE.match(_plain(scope["path"])):
        return False
    headers = Headers(scope=scope)
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = headers.get("origin")
    known = (
        headers.get("sec-fetch-site") == "same-origin" and origin == "null"
    )  # a page that sends no referrer
    return origin is not None and not known and urlsplit(origin).netloc != headers.get("host")


def _is_no_text(scope: Scope) -> bool:
    """Whether the address has a NUL in it, which PostgreSQL keeps in no text. The API says so in its own way."""
    has_nul = "\x00" in scope["path"] or b"%00" in scope.get("query_string", b"")
    return has_nul and not scope["path"].startswith("/api/")


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
    if settings.current().secure_cookies:
        headers.setdefault("strict-transport-security", HTTPS_ONLY)
    if path.startswith("/assets/") and status == 200:
        headers["cache-control"] = FOR_EVER
    elif path.startswith(LASTING) and status == 200:
        headers["cache-control"] = A_DAY
    elif OWN_SCRIPT.match(path):
        headers["cache-control"] = "no-cache"
    elif headers.get("content-type", "").startswith("text/html"):
        for name, value in DOCUMENT.items():
            headers.setdefault(name, value)
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
