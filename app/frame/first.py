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
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from reflex.utils.prerequisites import get_web_dir
from sqlmodel import Session
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app import database, door
from app.door import Admitted
from app.frame.routes import Page, code_of, plain
from components.ahead import IF, SRC, TEXT, VALUE
from components.first import SHARE, TONE, WAITS
from components.words import kept
from facts.language import Language, language
from members.roles import Capability, Person

GZIP_LEVEL = 5
MINE = {"cache-control": "private, no-store", "vary": "Cookie, Accept-Encoding"}

_SCRIPT = re.compile(r"(<script\b.*?</script>)", re.DOTALL)
_PLACE = re.compile(
    rf'data-first="(?P<path>[\w.]+)"(?P<rest>[^>]*>)[^<]*|\s*\b{WAITS}\b|(?P<tone>\b{TONE}\b)|'
    rf"(?P<share>{re.escape(SHARE)})|\b{VALUE}(?P<value>[\w.]*\w)|"
    rf'{SRC}="(?P<src>[\w.]+)"|'
    rf'(?P<tag><\w[^>]*\s(?:{TEXT}="(?P<text>[\w.]+)"|{IF}="(?P<if>!?[\w.]+)")[^>]*)>'
)
_HIDDEN = ' hidden=""'

log = logging.getLogger(__name__)


Fill = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Document:
    """A built page: its text up to each place, and how the place is filled from a card."""

    parts: tuple[tuple[str, Fill], ...]
    end: str

    def filled(self, card: Any) -> str:
        """The page with what `card` says."""
        return "".join(f"{before}{escape(fill(card))}" for before, fill in self.parts) + self.end


def document(text: str) -> Document:
    """Take a built page apart. Scripts are left alone: the page's policy knows them by their digests."""
    parts: list[tuple[str, Fill]] = []
    before = ""
    for number, stretch in enumerate(_SCRIPT.split(text)):
        for piece in [stretch] if number % 2 else _pieces(stretch):
            if isinstance(piece, str):
                before += piece
            else:
                parts.append((before, piece))
                before = ""
    return Document(tuple(parts), before)


def _pieces(stretch: str) -> Iterator[str | Fill]:
    """Texts and places of a part of a page."""
    end = 0
    for found in _PLACE.finditer(stretch):
        yield stretch[end : found.start()]
        end = found.end()
        if found["path"]:
            yield f'data-first="{found["path"]}"{found["rest"].replace(WAITS, "")}'
            yield _text(found["path"])
        elif found["tag"]:
            yield from _pieces(found["tag"].replace(_HIDDEN, ""))
            yield _hidden(found["text"] or found["if"])
            yield ">"
            if found["text"]:
                yield _text(found["text"])
                end = stretch.index("<", end)
        elif found["value"]:
            yield _at(found["value"])
        elif found["src"]:
            yield 'src="'
            yield _at(found["src"])
            yield '"'
        elif found["tone"]:
            yield _tone
        elif found["share"]:
            yield _share
        # what is left only waited: nothing waits any more
    yield stretch[end:]


def _at(path: str) -> Fill:
    """What a path leads to, in words; "" in a row that is not there; `true` and `false` as React writes them."""
    lookup = _lookup(path)

    def words(card: Any) -> str:
        found = lookup(card)
        return str(found).lower() if isinstance(found, bool) else str(found)

    return words


def _text(path: str) -> Fill:
    """The same, to be read: as `said` and `place` write it."""
    words = _at(path)
    return lambda card: kept(words(card))


def _lookup(path: str) -> Callable[[Any], Any]:
    steps = path.split(".")

    def lookup(card: Any) -> Any:
        for step in steps:
            if not step.isdecimal():
                card = getattr(card, step)
            elif int(step) < len(card):
                card = card[int(step)]
            else:
                return ""
        return card

    return lookup


def _hidden(path: str) -> Fill:
    """Hides an element when there is nothing at `path`, or with `!` when there is something."""
    lookup, wanted = _lookup(path.lstrip("!")), not path.startswith("!")
    return lambda card: "" if bool(lookup(card)) == wanted else " hidden"


def _tone(card: Any) -> str:
    return f"tier-{card.tier.tone}"


def _share(card: Any) -> str:
    return f"{card.tier.percent}%"


class FirstPaint:
    """An ASGI layer around the static pages: `first_paint(PAGES)` makes it, for the pages that have a `first`."""

    def __init__(self, app: ASGIApp, pages: Sequence[Page]) -> None:
        self.app = app
        self.pages: Mapping[str, Page] = {page.path: page for page in pages if page.first}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for a page that says something about who asks; hand everything else on."""
        answer = None
        if scope["type"] == "http" and scope["method"] == "GET":
            answer = await self._answer(scope["path"], Headers(scope=scope))
        await (answer or self.app)(scope, receive, send)

    async def _answer(self, path: str, headers: Headers) -> Response | None:
        page = self.pages.get(plain(path.rstrip("/") or "/"))
        token = door.cookie_token(headers.get("cookie", "")) if page else ""
        if page is None or not (token or page.anybody):
            return None
        squeezed = "gzip" in headers.get("accept-encoding", "")
        try:
            body = await door.in_worker(_body, page, path, token, squeezed)
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


def _body(page: Page, path: str, token: str, squeezed: bool) -> bytes | None:
    """The document for whoever holds `token`; None for those who are to see the plain one."""
    try:
        found = _built(get_web_dir() / "build" / "client" / path.strip("/") / "index.html")
    except FileNotFoundError:  # nothing was built: there is no page
        return None
    card = _card(page, token, language(code_of(path)))
    if card is None:
        return None
    body = found.filled(card).encode()
    return gzip.compress(body, GZIP_LEVEL) if squeezed else body


def _card(page: Page, token: str, spoken: Language) -> Any:
    """What the page's State will show; None when only the State can say."""
    first, anybody = page.first, page.anybody

    def work(session: Session, person: Person, now: datetime) -> Any:
        return first(session, person.member_id, now, spoken) if first else None

    answer = door.admit(token, Capability.SEE_OWN, work, writes=False) if token else None
    if isinstance(answer, Admitted):
        return answer.value
    if anybody is None:
        return None
    with database.reading(door.engine()) as session:
        return anybody(session, datetime.now(UTC), spoken)


@cache
def _built(path: Path) -> Document:
    """The page as the build left it. Raises FileNotFoundError before there was one."""
    return document(path.read_text())
