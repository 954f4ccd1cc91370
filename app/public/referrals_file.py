"""`/staff/referrals/<what>.csv`: figures of bringing friends as a file, for staff who may export; in the audit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from app import database, door
from app.door import Turned, cookie_token, in_worker
from app.public.entrances import same_origin
from app.public.spreadsheet import MEDIA_TYPE, written
from members.audit import audit
from members.programme.versions import versions
from members.roles import Capability, Person
from members.views.staff_referrals_files import FILES, STRETCH, Asked

NO_STORE = {"Cache-Control": "no-store"}


def routes() -> list[Route]:
    """For the composition root."""
    return [Route(f"/staff/referrals/{what}.csv", _answered(what), methods=["GET"]) for what in FILES]


def _answered(what: str) -> Any:
    async def route(request: Request) -> Response:
        if not same_origin(request):
            return PlainTextResponse("This came from another site.", 403)
        token, given = cookie_token(request.headers.get("cookie", "")), dict(request.query_params)

        def noted(session: Session, person: Person, now: datetime) -> Asked:
            asked = Asked.of(given, person)
            known = {one.slug for one in versions(session).latest.programme.referrals.offers}
            asked = asked if asked.offer in known else Asked("", asked.days, person)
            detail = {"offer": asked.offer, "days": asked.days}
            audit(session, person.actor, "referrals.exported", f"file:{what}.csv", detail, now)
            return asked

        answer = await in_worker(door.admit, token, Capability.EXPORT_DATA, noted)
        if isinstance(answer, Turned):
            return PlainTextResponse(answer.sentence(), answer.refusal.status, headers=NO_STORE)
        headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{what}.csv"'}
        return StreamingResponse(_written(what, answer.value), headers=headers, media_type=MEDIA_TYPE)

    return route


def _written(what: str, asked: Asked) -> Iterator[str]:
    with database.reading(door.engine()) as session:
        rows = FILES[what](session, asked, datetime.now(UTC))
        while stretch := list(islice(rows, STRETCH)):
            yield written(stretch)
