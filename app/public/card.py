"""`/card`: a member's digital card, its shell for when there is no signal, and the key of its codes.

The page is for whoever is signed in and is never kept. `/card/shell` is the same page with nothing in it, the same
for everybody; the browser's worker keeps it, and `assets/card.js` fills it from what the browser has kept.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from app import database, door
from app.door import Admitted, Turned, admit, cookie_token, in_worker
from app.public import arrival, card_page, marks
from app.public.coming_in_pages import prefix
from app.public.entrances import same_origin
from facts.language import Language, codes, language
from members.actions import card
from members.actions.card import Mine
from members.programme.versions import in_force
from members.roles import Capability, Person
from members.views.own_card import OwnCard, own_card
from members.views.saying import shop as shop_card

PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}


def routes() -> list[Route]:
    """For the composition root."""
    found = [Route("/card/key", key, methods=["POST"])]
    for code in codes():
        say = language(code)
        found += [
            Route(f"{prefix(say)}/card", _look(say), methods=["GET"]),
            Route(f"{prefix(say)}/card/shell", _shell(say), methods=["GET"]),
        ]
    return found


def _look(say: Language) -> Any:
    async def route(request: Request) -> Response:
        token = cookie_token(request.headers.get("cookie", ""))
        found = await in_worker(_mine, token, say)
        if isinstance(found, Turned):
            closed = found.refusal.code == "account_closed"  # who has left can come back there
            response = arrival.sent_on(f"{prefix(say)}{'/me/' if closed else '/sign-in'}")
            marks.forget(response)
            return response
        mine, shown, now = found
        response = HTMLResponse(
            card_page.filled(say, shown, mine.number, key_id(mine.key), now), headers=PRIVATE
        )
        marks.wear(response, mine.number)
        return response

    return route


def _mine(token: str, say: Language) -> tuple[Mine, OwnCard, datetime] | Turned:
    """The card and what stands on it; a snapshot is enough for all but the first time."""

    def made(session: Session, person: Person, now: datetime) -> Mine:
        return card.mine(session, person.member_id, door.secret(), now)

    def seen(session: Session, person: Person, now: datetime) -> tuple[Mine, OwnCard, datetime] | None:
        mine = card.ready(session, person.member_id, door.secret())
        return mine and (mine, own_card(session, person.member_id, mine.number, now, say), now)

    for _ in range(2):
        answer = admit(token, Capability.SEE_OWN, seen, writes=False)
        if isinstance(answer, Turned):
            return answer
        if answer.value:
            return answer.value
        made_now = admit(token, Capability.SEE_OWN, made)
        if isinstance(made_now, Turned):
            return made_now
    raise RuntimeError("a card that was made is not there")


def _shell(say: Language) -> Any:
    async def route(request: Request) -> Response:
        return HTMLResponse(await in_worker(_empty, say), headers={"Cache-Control": "no-cache"})

    return route


def _empty(say: Language) -> str:
    with database.reading(door.engine()) as session:
        return card_page.empty(say, shop_card(in_force(session, datetime.now(UTC)), say).name)


async def key(request: Request) -> Response:
    """The key, for its owner's live session and a page of ours; the browser keeps it where no script can read it."""
    if not same_origin(request):
        return PlainTextResponse("This came from another site.", 403)

    def work(session: Session, person: Person, now: datetime) -> Mine:
        return card.mine(session, person.member_id, door.secret(), now)

    found = await in_worker(admit, cookie_token(request.headers.get("cookie", "")), Capability.SEE_OWN, work)
    if not isinstance(found, Admitted):
        return JSONResponse({}, found.refusal.status, headers=PRIVATE)
    mine = found.value
    said = {"number": mine.number, "key": base64.b64encode(mine.key).decode(), "keyId": key_id(mine.key)}
    return JSONResponse(said, headers=PRIVATE)


def key_id(key: bytes) -> str:
    """What tells one key from another, and says nothing of either: 256 bits of chance are not guessed."""
    return hashlib.sha256(b"card key:" + key).hexdigest()[:16]
