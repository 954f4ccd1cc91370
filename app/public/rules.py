"""`/rules.json`: the rules in force, for programs and for anybody who wants to check us."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app import database
from app.door import engine, in_worker
from facts.refusals import Refusal
from members.views.rules_document import rules_document


def routes() -> list[Route]:
    """For the composition root: `GET /rules.json`."""
    return [Route("/rules.json", rules_json, methods=["GET"])]


async def rules_json(request: Request) -> Response:
    """What members may know of the programme in force. Made anew each time, so it cannot drift."""
    headers = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
    try:
        return JSONResponse(await in_worker(_document), headers=headers)
    except Refusal as refusal:
        return JSONResponse(
            {"code": refusal.code, "detail": refusal.sentence()}, refusal.status, headers=headers
        )


def _document() -> dict[str, Any]:
    with database.reading(engine()) as session:
        return rules_document(session, datetime.now(UTC))
