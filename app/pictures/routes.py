"""`/pictures/<digest>.webp`: public, never changed, kept by browsers for a year."""

from __future__ import annotations

import re

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app import database, settings
from app.pictures import store

_NAME = re.compile(r"[0-9a-f]{32}(-320)?\Z", re.ASCII)
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
ALONE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}


async def picture(request: Request) -> Response:
    """One picture."""
    name = str(request.path_params["name"])
    if not _NAME.match(name):
        return Response(status_code=404)
    if request.headers.get("if-none-match") == f'"{name}"':
        return Response(status_code=304, headers=FOR_EVER)
    content = await anyio.to_thread.run_sync(_read, name)
    if content is None:
        return Response(status_code=404)
    return Response(content, media_type="image/webp", headers={**FOR_EVER, **ALONE, "ETag": f'"{name}"'})


def _read(name: str) -> bytes | None:
    with database.reading(database.shared(settings.current().database_url)) as session:
        return store.content_of(session, name)


routes = [Route("/pictures/{name}.webp", picture, methods=["GET", "HEAD"])]
