"""`/pictures/preview/<what>.png?draft=…&language=…`: how a badge that is being composed would be shared.

`/pictures/preview/invitation.png?points=…&language=…`: the same of an offer for friends.

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
from app.pictures import invitation as invitations
from app.pictures import share, store
from app.pictures.invitation import Invitation
from app.pictures.routes import ALONE, in_turn
from app.pictures.share import ShareCard
from badges.art import address
from badges.art.address import Drawing
from facts.language import SOURCE, Language, codes, language
from members.actions.drafts import GAMES, read_draft
from members.programme.versions import versions
from members.roles import Capability, Person
from members.views import friends
from members.views.saying import wording
from members.views.staff_artwork import share_words
from members.views.staff_referrals_offer import example
from rewards.referrals import Offer, Share

ANY = "320-0000000000000000"  # the size and digest, which do not matter here
A_WHILE = "private, max-age=600"
POINTS_LENGTH_MAX = 7


async def preview(request: Request) -> Response:
    """The share picture of a draft."""
    drawing = address.read(str(request.path_params["what"]), ANY, "png")
    if drawing is None or drawing.artwork is None:
        return Response(status_code=404)
    made = await in_turn(_made, request.cookies.get(door.COOKIE, ""), drawing, dict(request.query_params))
    if made is None:
        return Response(status_code=404)
    return Response(made, media_type="image/png", headers={**ALONE, "Cache-Control": A_WHILE})


async def invitation(request: Request) -> Response:
    """The picture beside a link for friends, as it would be with what is on the workbench."""
    token, asked = request.cookies.get(door.COOKIE, ""), dict(request.query_params)
    made = await in_turn(_invited, token, asked)
    if made is None:
        return Response(status_code=404)
    return Response(made, media_type="image/png", headers={**ALONE, "Cache-Control": A_WHILE})


def _invited(token: str, asked: dict[str, str]) -> bytes | None:
    code = asked.get("language", "")
    words = language(code if code in codes() else SOURCE)
    points = asked.get("points", "")
    count = int(points) if points.isascii() and points.isdecimal() and len(points) <= POINTS_LENGTH_MAX else 0

    def drawn(session: Session, _person: Person, now: datetime) -> Invitation:
        return invited(session, count, asked.get("reward", "")[:60], now, words)

    answer = door.admit(token, Capability.EDIT_CATALOGUE, drawn, writes=False)
    return invitations.drawn(answer.value)[1] if isinstance(answer, Admitted) else None


def invited(session: Session, points: int, reward: str, now: datetime, words: Language) -> Invitation:
    """What the picture says when the friend gets so many points, and a reward of the catalogue."""
    known = versions(session).latest.programme.reward(reward) is not None
    theirs = Share(points=points, reward=reward if known else None) if points or known else None
    link = example(Offer(slug="preview", name={"en": "-"}, sharer=Share(points=1), friend=theirs))
    card, say = friends.invitation(session, link, now, words), wording(versions(session).latest, words)
    figure = say.language.number(points) if points else ""
    unit = friends.gift(theirs, say).replace(figure, "", 1).strip()
    return Invitation(card.shop.name, card.title, card.text, figure, unit, words.code)


def _made(token: str, drawing: Drawing, asked: dict[str, str]) -> bytes | None:
    code = asked.get("language", "")
    code = code if code in codes() else SOURCE

    def card(session: Session, _person: Person, now: datetime) -> ShareCard:
        art = drawing.artwork
        assert art is not None
        words = share_words(session, read_draft(session, asked.get("draft", ""), kinds=GAMES), code, now)
        emblem = store.content_of(session, art.uploaded) if art.uploaded else None
        return ShareCard(art, words.title, words.shop, code, "", words.line, words.note, drawing.edition,
                         drawing.level, emblem=emblem)  # fmt: skip

    answer = door.admit(token, Capability.EDIT_CATALOGUE, card, writes=False)
    return share.drawn(answer.value)[1] if isinstance(answer, Admitted) else None


routes = [
    Route("/pictures/preview/invitation.png", invitation, methods=["GET", "HEAD"]),
    Route("/pictures/preview/{what}.png", preview, methods=["GET", "HEAD"]),
]
