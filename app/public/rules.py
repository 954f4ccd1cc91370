"""`/rules.json`: the rules in force, for programs and for anybody who wants to check us."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app import database
from app.door import engine, in_worker
from facts.language import Language, language
from facts.refusals import Refusal
from members.programme.versions import versions
from members.views.rules_document import rules_document
from members.views.rules_past import past_data


def routes() -> list[Route]:
    """For the composition root: `GET /rules.json`."""
    return [Route("/rules.json", rules_json, methods=["GET"])]


async def rules_json(request: Request) -> Response:
    """What members may know of the programme in force, and how it came to be so.

    The rules are made anew each time, so they cannot drift. `language` is that of the sentences of `history`.
    """
    headers = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
    try:
        code = request.query_params.get("language", "")[:20]
        return JSONResponse(await in_worker(lambda: _document(language(code))), headers=headers)
    except Refusal as refusal:
        return JSONResponse(
            {"code": refusal.code, "detail": refusal.sentence()}, refusal.status, headers=headers
        )


def _document(spoken: Language) -> dict[str, Any]:
    with database.reading(engine()) as session:
        now = datetime.now(UTC)
        return {**rules_document(session, now), "history": past_data(versions(session), now, spoken)}
