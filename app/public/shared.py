"""`/b/<token>`: a badge that its holder has made public, for people and for messengers that run no script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app import database, settings
from app.door import engine, in_worker
from app.pictures import share, store
from app.pictures.share import ShareCard
from app.public import missing
from app.public.sheet import sheet
from badges.art.address import badge_picture
from facts.language import SOURCE, codes, language
from facts.refusals import Refusal
from members.views.shared_badge import SharedBadge, shared

SIZE = 320


def routes() -> list[Route]:
    """For the composition root: the page in each language, and its picture."""
    pages = [
        Route(f"{'' if code == SOURCE else f'/{code}'}/b/{{token}}", _page_in(code), methods=["GET", "HEAD"])
        for code in codes()
    ]
    return [*share.routes(card_of), *pages]


def card_of(token: str) -> ShareCard | None:
    """What the picture of a shared badge says, in the language it was shared in. In a worker thread."""
    found = _found(token, "")
    if found is None:
        return None
    emblem = None
    if found.artwork.uploaded:
        with database.reading(engine()) as session:
            emblem = store.content_of(session, found.artwork.uploaded)
    return ShareCard(found.artwork, found.title, found.shop, found.language, found.holder, found.line, found.rarity,
                     found.edition, found.level, emblem=emblem)  # fmt: skip


def _found(token: str, code: str) -> SharedBadge | None:
    with database.reading(engine()) as session:
        try:
            return shared(session, token, datetime.now(UTC), code)
        except Refusal:
            return None


def _page_in(code: str) -> Callable[[Request], Any]:
    async def page(request: Request) -> Response:
        token = str(request.path_params["token"])
        made, status = await in_worker(lambda: _page(token, code))
        headers = {"Cache-Control": "no-cache", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
        return HTMLResponse(made, status, headers=headers)

    return page


def _page(token: str, code: str) -> tuple[str, int]:
    """The page, or one that says that there is none (any more): the same for both."""
    found, say = _found(token, code), language(code)
    if found is None:
        gone = say.text("There is no badge at this address, or it is not shared any more.")
        return missing.page(say, "/verify", gone), 404
    picture = badge_picture(found.artwork, SIZE, edition=found.edition, level=found.level, kind="png",
                            digits="arab" if code == "ar" else "latn")  # fmt: skip
    told = [found.holder, found.line, found.rarity]
    lines = "".join(f"<p><bdi>{escape(line)}</bdi></p>" for line in told if line)
    more = f"<p>{escape(found.description)}</p>" if found.description else ""
    invitation = say.text("Shop with {shop} and earn your own", shop=found.shop)
    body = (
        f'<section class="panel"><div class="badge big">'
        f'<img src="{escape(picture)}" alt="" width="{SIZE}" height="{SIZE}">'
        f"<div><h1>{escape(found.title)}</h1>{lines}{more}</div></div></section>"
        f'<p><a class="go" href="{"/" if code == SOURCE else f"/{code}/"}">'
        f"{escape(invitation)}</a></p>"
    )
    seen = f"{settings.current().public_url}/b/{token}/card.png"
    description = " · ".join(line for line in (found.holder, found.line, found.rarity) if line)
    return sheet(say, found.title, [body], shop=found.shop, path=f"/b/{token}", description=description,
                 picture=seen), 200  # fmt: skip
