"""`/pictures/preview/<what>.png?draft=…&language=…`: how a badge that is being composed would be shared.

For staff who may edit alone: it says whatever the draft says, in the shop's name.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app import door
from app.door import Admitted
from app.pictures import share, store
from app.pictures.routes import ALONE, in_turn
from app.pictures.share import ShareCard
from badges.art import address
from badges.art.address import Drawing
from facts.language import SOURCE, codes
from members.actions.drafts import read_draft
from members.roles import Capability, Person
from members.views.staff_artwork import share_words

ANY = "320-0000000000000000"  # the size and digest, which do not matter here
A_WHILE = "private, max-age=600"


async def preview(request: Request) -> Response:
    """The share picture of a draft."""
    drawing = address.read(str(request.path_params["what"]), ANY, "png")
    if drawing is None or drawing.artwork is None:
        return Response(status_code=404)
    made = await in_turn(_made, request.cookies.get(door.COOKIE, ""), drawing, dict(request.query_params))
    if made is None:
        return Response(status_code=404)
    return Response(made, media_type="image/png", headers={**ALONE, "Cache-Control": A_WHILE})


def _made(token: str, drawing: Drawing, asked: dict[str, str]) -> bytes | None:
    code = asked.get("language", "")
    code = code if code in codes() else SOURCE

    def card(session: Session, _person: Person, now: datetime) -> ShareCard:
        art = drawing.artwork
        assert art is not None
        words = share_words(session, read_draft(session, asked.get("draft", "")), code, now)
        emblem = store.content_of(session, art.uploaded) if art.uploaded else None
        return ShareCard(art, words.title, words.shop, code, "", words.line, words.note, drawing.edition,
                         drawing.level, emblem=emblem)  # fmt: skip

    answer = door.admit(token, Capability.EDIT_CATALOGUE, card, writes=False)
    return share.drawn(answer.value)[1] if isinstance(answer, Admitted) else None


routes = [Route("/pictures/preview/{what}.png", preview, methods=["GET", "HEAD"])]
