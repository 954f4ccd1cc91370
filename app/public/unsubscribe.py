"""`/unsubscribe/<token>`: no more messages of one kind, with one click and without signing in.

Opening the page changes nothing, so that a mail scanner does no harm; the button, or a mail program's own POST
(RFC 8058), does it at once. The token is signed and good for this alone. Only addresses that we did not sign are
counted as guesses: a large mail provider clicks for many people from few addresses.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from html import escape
from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app import database, limits
from app.door import engine, in_worker, secret
from app.public import missing
from app.public.sheet import sheet
from facts.language import SOURCE, Language, codes, language
from facts.refusals import Refusal
from members.consents import BY_NAME, CHANNELS, decide, unsubscribe_named
from members.merged import led_through
from members.programme import versions
from members.tables import Member

HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
Named = tuple[UUID, str, str]


def routes() -> list[Route]:
    """For the composition root."""
    return [
        Route(
            f"{'' if code == SOURCE else f'/{code}'}/unsubscribe/{{token}}",
            _in(code),
            methods=["GET", "POST"],
        )
        for code in codes()
    ]


def _in(code: str) -> Any:
    async def route(request: Request) -> Response:
        token = str(request.path_params["token"])[:200]
        try:
            asks, done = limits.client(request), request.method == "POST"
            page, status = await in_worker(_answer, token, code, asks, done)
        except Refusal as refusal:
            say = language(code)
            page, status = await in_worker(_page, say, refusal.sentence(say), "", token), refusal.status
        return HTMLResponse(page, status, headers=HEADERS)

    return route


def _answer(token: str, code: str, client: str, done: bool) -> tuple[str, int]:
    named = unsubscribe_named(token, secret())
    if named is None:
        limits.spend("unsubscribe", client)
    purpose = BY_NAME.get(named[1]) if named else None
    if named is None or purpose is None or named[2] not in purpose.channels:
        say = language(code)
        return missing.page(say, f"/unsubscribe/{token}"), 404
    say = _spoken(named[0], code)
    what = f"{say.text(purpose.title)} · {say.text(CHANNELS[named[2]])}"
    if not done:
        words = escape(say.text("Send me no more of these"))
        button = f'<form method="post"><button>{words}</button></form>'
        return _page(say, say.text("Messages that you get"), f"<p>{escape(what)}</p>{button}", token), 200
    database.attempt(engine(), lambda session: _stop(session, named, say.code))
    return _page(say, say.text("You get no more of these"), f"<p>{escape(what)}</p>", token), 200


def _stop(session: Session, named: Named, code: str) -> None:
    """Written on the account that is named, and on what it was merged into: that one gets the letters by now, and the
    word holds when the merge is undone.
    """
    member_id, purpose, channel = named
    now = datetime.now(UTC)
    for one in sorted(led_through(session, member_id)):
        with suppress(Refusal):  # whoever is not there any more gets none
            decide(session, one, purpose, channel, False, now, language_code=code, way="unsubscribe")


def _spoken(member_id: UUID, code: str) -> Language:
    """The language of the address, or, where it names none, the member's own."""
    if code != SOURCE:
        return language(code)
    with database.reading(engine()) as session:
        member = session.get(Member, member_id)
    return language(member.language or code) if member else language(code)


def _page(say: Language, title: str, inside: str, token: str) -> str:
    with database.reading(engine()) as session:
        shop = versions(session).latest.programme
    return sheet(say, title, [f'<h1>{escape(title)}</h1><section class="panel">{inside}</section>'],
                 shop=shop.words(shop.name, say.code), path=f"/unsubscribe/{token}", description=title)  # fmt: skip
