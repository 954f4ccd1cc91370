"""What programs read of our credentials: who issues, with which keys, what is revoked, and the credentials themselves.

`/.well-known/did.json` (did:web), `/.well-known/jwks.json`, `/credentials/issuer`, `/credentials/status/<n>` and
`/credentials/<id>` (a page for people; `.json`, `.jwt` and `.png` for programs). An id is unguessable, and there is
one only when the holder asked for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from app import database, settings
from app.door import engine, in_worker, secret
from app.pictures import badges
from app.pictures.routes import in_turn
from app.public import missing
from app.public.verifying import kept_page, picture_of
from badges.credentials.baking import baked
from badges.credentials.canon import BADGES, CREDENTIALS
from badges.credentials.issuer import PICTURE_SUFFIX, TOKEN_SUFFIX, Issuer, did_document, jwks
from badges.credentials.tables import Credential
from facts.language import SOURCE, codes, language
from facts.refusals import Refusal
from members import issuer
from members.actions.credentials import found
from members.views.credentials import status_list

VC, VC_JWT, DID = "application/vc", "application/vc+jwt", "application/did+ld+json"
_ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_NAME = re.compile(rf"({_ID})(|\.json|\.jwt|\.png)\Z", re.ASCII)
_LIST = re.compile(r"([1-9][0-9]{0,5})(|\.jwt)\Z", re.ASCII)
OPEN = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
A_MINUTE = {**OPEN, "Cache-Control": "public, max-age=60"}


def routes() -> list[Route]:
    """For the composition root."""
    pages = [
        Route(f"/{code}/credentials/{{name}}", _page_in(code), methods=["GET"])
        for code in codes()
        if code != SOURCE
    ]
    return [
        Route("/.well-known/did.json", _published(_did), methods=["GET"]),
        Route("/.well-known/jwks.json", _published(_jwks), methods=["GET"]),
        Route("/credentials/issuer", _published(_profile), methods=["GET"]),
        Route("/credentials/status/{name}", _status, methods=["GET"]),
        Route("/credentials/{name}", _credential, methods=["GET"]),
        *pages,
    ]


def _published(document: Callable[[Session, Issuer], tuple[str, dict[str, Any]]]) -> Any:
    """A route that answers with a document about the issuer."""

    def made() -> Response:
        with database.reading(engine()) as session:
            try:
                who = issuer.issuer(session, settings.current().public_url, datetime.now(UTC))
            except Refusal as refusal:
                return PlainTextResponse(refusal.sentence(), refusal.status)
            media_type, said = document(session, who)
        return Response(json.dumps(said, ensure_ascii=False), media_type=media_type, headers=A_MINUTE)

    async def answer(_: Request) -> Response:
        return await in_worker(made)

    return answer


def _did(session: Session, who: Issuer) -> tuple[str, dict[str, Any]]:
    return DID, did_document(who, issuer.published(session))


def _jwks(session: Session, who: Issuer) -> tuple[str, dict[str, Any]]:
    return "application/jwk-set+json", jwks(who, issuer.published(session))


def _profile(session: Session, who: Issuer) -> tuple[str, dict[str, Any]]:
    return "application/ld+json", {"@context": [CREDENTIALS, BADGES], **who.profile()}


async def _status(request: Request) -> Response:
    named = _LIST.match(str(request.path_params["name"]))
    if named is None:
        return _nothing()
    return await in_worker(_list, int(named[1]), bool(named[2]))


def _list(number: int, token: bool) -> Response:
    now = datetime.now(UTC)
    with database.reading(engine()) as session:
        try:
            who = issuer.issuer(session, settings.current().public_url, now)
            said = status_list(session, who, number, now, secret(), token=token)
        except Refusal as refusal:
            return PlainTextResponse(refusal.sentence(), refusal.status)
    return Response(said, media_type=VC_JWT if token else VC, headers=A_MINUTE) if said else _nothing()


async def _credential(request: Request) -> Response:
    named = _NAME.match(str(request.path_params["name"]))
    if named is None:
        seen = "text/html" in request.headers.get("accept", "")
        return await in_worker(_nowhere, SOURCE) if seen else _nothing()
    credential_id, suffix = UUID(named[1]), named[2]
    if not suffix and "text/html" in request.headers.get("accept", ""):
        return await in_worker(_html, credential_id, SOURCE)
    row = await in_worker(_row, credential_id)
    if row is None:
        return _nothing()
    if suffix == PICTURE_SUFFIX:
        return await _baked(row)
    said, kind = (row.token, VC_JWT) if suffix == TOKEN_SUFFIX else (row.document, VC)
    return Response(said, media_type=kind, headers={**A_MINUTE, "Vary": "Accept"})


def _row(credential_id: UUID) -> Credential | None:
    with database.reading(engine()) as session:
        row = found(session, credential_id)
        if row:
            session.expunge(row)
        return row


async def _baked(row: Credential) -> Response:
    """The badge's picture, drawn as a PNG, with the credential in it."""
    drawing = picture_of(json.loads(row.document))
    png = await in_turn(badges.file, drawing) if drawing else None
    if png is None:
        return _nothing()
    file = f'attachment; filename="badge-{row.credential_id}.png"'
    content = await in_worker(baked, png, row.document)
    return Response(content, media_type="image/png", headers={**A_MINUTE, "Content-Disposition": file})


def _page_in(code: str) -> Any:
    async def answer(request: Request) -> Response:
        named = _NAME.match(str(request.path_params["name"]))
        if named is None or named[2]:
            return await in_worker(_nowhere, code)
        return await in_worker(_html, UUID(named[1]), code)

    return answer


def _html(credential_id: UUID, code: str) -> Response:
    made = kept_page(credential_id, language(code))
    return HTMLResponse(made, headers={"Vary": "Accept"}) if made else _nowhere(code)


def _nowhere(code: str) -> Response:
    return HTMLResponse(missing.page(language(code), "/verify"), 404, headers={"Vary": "Accept"})


def _nothing() -> Response:
    return PlainTextResponse("There is nothing here.", 404)
