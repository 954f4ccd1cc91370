"""Every error of the API has one shape: problem+json (RFC 9457), with a `code` for programs."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from facts.refusals import Refusal

MEDIA_TYPE = "application/problem+json"

log = logging.getLogger(__name__)


class Problem(BaseModel):
    """What went wrong. `code` stays the same, `detail` is a sentence, `path` leads into the input."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(examples=["urn:regulars:problem:event_malformed"])
    title: str
    status: int = Field(ge=400, le=599)
    code: str
    detail: str
    path: str | None = None


def shape_of(refusal: Refusal) -> Problem:
    """A refusal in the shape of all errors."""
    return Problem(
        type=f"urn:regulars:problem:{refusal.code}",
        title=HTTPStatus(refusal.status).phrase,
        status=refusal.status,
        code=refusal.code,
        detail=refusal.sentence(),
        path=refusal.path or None,
    )


def problem(refusal: Refusal, headers: dict[str, str] | None = None) -> Response:
    """The response that tells of a refusal."""
    content = shape_of(refusal).model_dump(exclude_none=True)
    return JSONResponse(content, refusal.status, headers=headers, media_type=MEDIA_TYPE)


async def on_refusal(request: Request, error: Exception) -> Response:
    """A refusal that an operation raised."""
    assert isinstance(error, Refusal)
    headers = {"WWW-Authenticate": 'Bearer realm="regulars"'} if error.status == 401 else None
    if error.status == 503:
        headers = {"Retry-After": "1"}
    return problem(error, headers)


async def on_http(request: Request, error: Exception) -> Response:
    """What Starlette itself says: no such address, no such method."""
    assert isinstance(error, HTTPException)
    sentences = {404: "There is nothing at this address.", 405: "This address does not take that method."}
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http_error")
    detail = sentences.get(error.status_code, HTTPStatus(error.status_code).phrase)
    headers: Any = error.headers
    return problem(Refusal(code, detail, status=error.status_code), headers)


async def on_bug(request: Request, error: Exception) -> Response:
    """Anything else is ours: logged once, and nothing of it told."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(Refusal("internal", "Something went wrong here. Trying again later is safe.", status=500))
