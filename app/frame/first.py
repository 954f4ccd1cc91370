"""The first paint carries the member's own figures: a page's document, its places filled for whoever asks for it.

Pages are built once, for everybody, and their State comes over a socket that opens when all scripts have run: on a
slow phone that is seconds. So for somebody who is signed in the document itself says the balance. The texts come from
the same cards as the State's, the places are marked by `components.first`. Whoever has no session gets the document
as it was built; and so does everybody when something goes wrong here, for the socket will tell.
"""

from __future__ import annotations

import gzip
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from operator import attrgetter
from pathlib import Path
from typing import Any

from sqlmodel import Session
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app import door
from app.door import Admitted
from app.frame.routes import First, Page, code_of, plain
from components.first import SHARE, TONE, WAITS
from facts.language import language
from members.roles import Capability, Person

CLIENT = Path(".web") / "build" / "client"
GZIP_LEVEL = 5
MINE = {"cache-control": "private, no-store", "vary": "Cookie, Accept-Encoding"}

_SCRIPT = re.compile(r"(<script\b.*?</script>)", re.DOTALL)
_PLACE = re.compile(
    rf'data-first="(?P<path>[\w.]+)"(?P<rest>[^>]*>)[^<]*|\s*\b{WAITS}\b|(?P<tone>\b{TONE}\b)|'
    rf"(?P<share>{re.escape(SHARE)})"
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Document:
    """A built page: its text up to each place, and how the place is filled from a card."""

    parts: tuple[tuple[str, Callable[[Any], str]], ...]
    end: str

    def filled(self, card: Any) -> str:
        """The page with what `card` says."""
        return "".join(f"{before}{escape(fill(card))}" for before, fill in self.parts) + self.end


def document(text: str) -> Document:
    """Take a built page apart. Scripts are left alone: the page's policy knows them by their digests."""
    parts: list[tuple[str, Callable[[Any], str]]] = []
    before = ""
    for number, stretch in enumerate(_SCRIPT.split(text)):
        if number % 2:
            before += stretch
            continue
        end = 0
        for found in _PLACE.finditer(stretch):
            before += stretch[end : found.start()]
            end = found.end()
            if found["path"]:
                before += f'data-first="{found["path"]}"{found["rest"].replace(WAITS, "")}'
                parts.append((before, attrgetter(found["path"])))
            elif found["tone"]:
                parts.append((before, _tone))
            elif found["share"]:
                parts.append((before, _share))
            else:  # nothing waits any more
                continue
            before = ""
        before += stretch[end:]
    return Document(tuple(parts), before)


def _tone(card: Any) -> str:
    return f"tier-{card.tier.tone}"


def _share(card: Any) -> str:
    return f"{card.tier.percent}%"


class FirstPaint:
    """An ASGI layer around the static pages: `first_paint(PAGES)` makes it, for the pages that have a `first`."""

    def __init__(self, app: ASGIApp, pages: Sequence[Page]) -> None:
        self.app = app
        self.views: Mapping[str, First] = {page.path: page.first for page in pages if page.first}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for a page that says something about who asks; hand everything else on."""
        answer = None
        if scope["type"] == "http" and scope["method"] == "GET":
            answer = await self._answer(scope["path"], Headers(scope=scope))
        await (answer or self.app)(scope, receive, send)

    async def _answer(self, path: str, headers: Headers) -> Response | None:
        view = self.views.get(plain(path.rstrip("/") or "/"))
        token = door.cookie_token(headers.get("cookie", "")) if view else ""
        if not token:
            return None
        squeezed = "gzip" in headers.get("accept-encoding", "")
        try:
            body = await door.in_worker(_body, view, path, token, squeezed)
        except Exception:
            log.exception("a first paint could not be filled; the page as it was built will do")
            return None
        if body is None:
            return None
        more = {"content-encoding": "gzip"} if squeezed else {}
        return Response(body, media_type="text/html", headers={**MINE, **more})


def first_paint(pages: Sequence[Page]) -> Callable[[ASGIApp], FirstPaint]:
    """For the composition root: the layer, for the API transformer."""
    return lambda app: FirstPaint(app, pages)


def _body(view: First, path: str, token: str, squeezed: bool) -> bytes | None:
    """The document for whoever holds `token`; None for those who are to see the plain one."""
    spoken = language(code_of(path))

    def work(session: Session, person: Person, now: datetime) -> Any:
        return view(session, person.member_id, now, spoken)

    try:
        found = _built(CLIENT / path.strip("/") / "index.html")
    except FileNotFoundError:  # nothing was built: there is no page
        return None
    answer = door.admit(token, Capability.SEE_OWN, work, writes=False)
    if not isinstance(answer, Admitted):
        return None
    body = found.filled(answer.value).encode()
    return gzip.compress(body, GZIP_LEVEL) if squeezed else body


@cache
def _built(path: Path) -> Document:
    """The page as the build left it. Raises FileNotFoundError before there was one."""
    return document(path.read_text())
