"""Where nothing is: a page that says so in the language of the address, in the shop's name, and leads back in.

Reflex answers an unknown address with a line of its own in English; `Missing` stands before it and puts this page in
its place. Pages of ours that find nothing answer with `page` themselves.
"""

from __future__ import annotations

from html import escape

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import database
from app.door import engine, in_worker
from app.public.sheet import sheet
from facts.language import SOURCE, Language, codes, language
from members.programme import versions

PATH_LENGTH_MAX = 200
PLACE = (
    '<svg class="missing" viewBox="0 0 96 96" width="96" height="96" aria-hidden="true"><path d="M48 6 84 27v42L48 90 '
    '12 69V27Z" fill="var(--sunk)" stroke="var(--field)" stroke-width="2.5" stroke-dasharray="6 6" '
    'stroke-linejoin="round"/><text x="48" y="60" text-anchor="middle" font-size="36" font-weight="700" '
    'fill="var(--soft)">?</text></svg>'
)  # a badge that nobody has found yet


class Missing:
    """A layer around Reflex: its HTML answers with 404 are told anew; all others pass as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, and hold back what would only say that there is nothing."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        nothing = False

        async def seen(message: Message) -> None:
            nonlocal nothing
            nothing = nothing or _is_nothing(message)
            if not nothing:
                await send(message)

        await self.app(scope, receive, seen)
        if nothing:
            code, path = split(scope["path"])
            made = await in_worker(page, language(code), path)
            await HTMLResponse(made, 404, headers={"X-Robots-Tag": "noindex"})(scope, receive, send)


def _is_nothing(message: Message) -> bool:
    if message["type"] != "http.response.start" or message["status"] != 404:
        return False
    return Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")


def split(path: str) -> tuple[str, str]:
    """The language of an address, and the address in English."""
    first, _, rest = path.lstrip("/").partition("/")
    code, path = (first, rest) if first in codes() and first != SOURCE else (SOURCE, path.lstrip("/"))
    return code, f"/{path[:PATH_LENGTH_MAX]}"


def page(say: Language, path: str, title: str = "") -> str:
    """The page for `path` (in English); `title` says what is not there. In a worker thread."""
    with database.reading(engine()) as session:
        shop = versions(session).latest.programme
    title = title or say.text("There is nothing at this address.")
    told = say.text("It may have moved, or the link was cut off on its way.")
    onward = say.text("To the first page")
    home = "/" if say.code == SOURCE else f"/{say.code}/"
    body = (
        f'<div class="nowhere">{PLACE}<h1>{escape(title)}</h1><p class="soft">{escape(told)}</p>'
        f'<p><a class="go" href="{home}">{escape(onward)}</a></p></div>'
    )
    return sheet(say, title, [body], shop=shop.words(shop.name, say.code), path=path, description=title)
