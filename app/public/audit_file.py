"""`/staff/audit.csv` and `/staff/audit.jsonl`: the audit as a file, for staff who may export; in the audit itself."""

from __future__ import annotations

import json
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
from app.public.spreadsheet import MEDIA_TYPE, moment, written
from members.audit import audit
from members.roles import Capability, Person
from members.views.audit import COLUMNS, Wanted, audit_rows

KINDS = {"csv": MEDIA_TYPE, "jsonl": "application/jsonl; charset=utf-8"}
STRETCH = 500


def routes() -> list[Route]:
    """For the composition root."""
    return [Route(f"/staff/audit.{kind}", _answered(kind), methods=["GET"]) for kind in KINDS]


def _answered(kind: str) -> Any:
    async def route(request: Request) -> Response:
        if not same_origin(request):
            return PlainTextResponse("This came from another site.", 403)
        wanted = Wanted.of(dict(request.query_params))
        token = cookie_token(request.headers.get("cookie", ""))

        def noted(session: Session, person: Person, now: datetime) -> None:
            next(
                audit_rows(session, wanted, now), None
            )  # a day that is none is refused before anything is written
            audit(
                session, person.actor, "audit.exported", f"file:audit.{kind}", {"query": wanted.query()}, now
            )

        answer = await in_worker(door.admit, token, Capability.EXPORT_DATA, noted)
        if isinstance(answer, Turned):
            return PlainTextResponse(
                answer.sentence(), answer.refusal.status, headers={"Cache-Control": "no-store"}
            )
        headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="audit.{kind}"'}
        return StreamingResponse(_written(kind, wanted), headers=headers, media_type=KINDS[kind])

    return route


def _written(kind: str, wanted: Wanted) -> Iterator[str]:
    if kind == "csv":
        yield written([COLUMNS])
    with database.reading(door.engine()) as session:
        rows = audit_rows(session, wanted, datetime.now(UTC))
        while stretch := list(islice(rows, STRETCH)):
            yield written(stretch) if kind == "csv" else "".join(_line(row) for row in stretch)


def _line(row: tuple[Any, ...]) -> str:
    said = dict(zip(COLUMNS, row, strict=True)) | {"at": moment(row[1])}
    return json.dumps(said, ensure_ascii=False) + "\n"
