"""`/staff/posters/<code>.png|pdf|svg`: the poster of a way to join, for staff, in one of the languages."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app import database, door, settings
from app.door import Turned, cookie_token, in_worker
from app.pictures.poster import KINDS, Poster, poster
from facts.language import N_, SOURCE, codes, language
from members.programme.versions import in_force
from members.roles import Capability, Person
from members.views.saying import shop as shop_card
from members.way_tables import JoinLink

HEADLINE = N_("Join in three taps")
LINE = N_("Scan it, type your address, and collect points from today.")


def routes() -> list[Route]:
    """For the composition root."""
    return [Route(f"/staff/posters/{{code}}.{kind}", _answered, methods=["GET"]) for kind in KINDS]


async def _answered(request: Request) -> Response:
    token, kind = cookie_token(request.headers.get("cookie", "")), request.url.path.rpartition(".")[2]
    asked = request.query_params.get("language", SOURCE)
    allowed = await in_worker(_allowed, token)
    if isinstance(allowed, Turned):
        return PlainTextResponse(allowed.sentence(), allowed.refusal.status)
    made = await in_worker(
        _made, str(request.path_params["code"]), kind, asked if asked in codes() else SOURCE
    )
    if made is None:
        return PlainTextResponse("There is no such way to join.", 404)
    headers = {
        "Content-Disposition": f'inline; filename="poster.{kind}"',
        "Cache-Control": "private, max-age=60",
    }
    return Response(made, media_type=KINDS[kind], headers=headers)


def _allowed(token: str) -> object:
    def work(session: Session, person: Person, now: datetime) -> None:
        return None

    return door.admit(token, Capability.SEE_CATALOGUE, work, writes=False)


def _made(code: str, kind: str, spoken: str) -> bytes | None:
    say = language(spoken)
    with database.reading(door.engine()) as session:
        link = session.get(JoinLink, code)
        if link is None or link.retired_at is not None:
            return None
        shop = shop_card(in_force(session, datetime.now(UTC)), say).name
    prefix = "" if spoken == SOURCE else f"/{spoken}"
    address = f"{settings.current().public_url}{prefix}/j/{link.code}"
    return poster(Poster(shop, say.text(HEADLINE), say.text(LINE), address, spoken), kind)
