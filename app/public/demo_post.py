"""`/demo/letters`: what the demo would have sent, for somebody who tries it without a mail server. Demo mode only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import escape

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app import database, settings
from app.door import engine, in_worker
from app.public.sheet import sheet
from facts.language import SOURCE, language
from members.way_tables import Letter

SHOWN, SHOWN_MAX = timedelta(hours=1), 20


def routes() -> list[Route]:
    """For the composition root; outside of the demo there is nothing."""
    return [Route("/demo/letters", letters, methods=["GET"])] if settings.current().demo else []


async def letters(request: Request) -> Response:
    """The letters of the last hour, the newest first."""
    return HTMLResponse(await in_worker(_page), headers={"Cache-Control": "no-store"})


def _page() -> str:
    say = language(SOURCE)
    with database.reading(engine()) as session:
        query = select(Letter).where(Letter.created_at > datetime.now(UTC) - SHOWN)
        found = session.exec(query.order_by(col(Letter.created_at).desc()).limit(SHOWN_MAX)).all()
    title = "The demo's post box"
    told = "No mail server is set, so letters stay here. In production this page is not there."
    rows = "".join(
        f'<section class="panel"><p class="soft">{escape(one.address)}</p><h2>{escape(one.subject)}</h2>'
        f'<p style="white-space:pre-wrap;overflow-wrap:anywhere" dir="auto">{escape(one.text)}</p></section>'
        for one in found
        if one.text
    )
    body = [f"<h1>{escape(title)}</h1><p>{escape(told)}</p>", rows or "<p>Nothing yet.</p>"]
    return sheet(say, title, body, shop="Regulars", path="/demo/letters", description=title)
