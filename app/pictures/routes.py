"""`/pictures/…`: public, never changed, kept by browsers for a year.

`/pictures/<digest>.webp` was uploaded; `/pictures/badge/<what>/<size>-<digest>.webp` (or `.png`) is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import anyio
from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app import database, settings
from app.pictures import badges, store
from badges.art import address

_NAME = re.compile(r"[0-9a-f]{32}(-320)?\Z", re.ASCII)
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
ALONE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
DRAWN_AT_ONCE = 2  # pictures; whoever asks for more waits, and no thread of others is taken

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")
_drawing: RunVar[CapacityLimiter] = RunVar("pictures drawn at once")


async def picture(request: Request) -> Response:
    """One uploaded picture."""
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


async def badge(request: Request) -> Response:
    """One badge. An address of an earlier version of the drawing leads to that of today."""
    asked = {name: str(value) for name, value in request.path_params.items()}
    drawing = address.read(asked["what"], asked["name"], asked["kind"])
    if drawing is None:
        return Response(status_code=404)
    if drawing.address != f"/pictures/badge/{asked['what']}/{asked['name']}.{asked['kind']}":
        return RedirectResponse(drawing.address, 302, headers={"Cache-Control": "no-store"})
    tag = f'"{drawing.digest}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=FOR_EVER)
    content = badges.kept.get(drawing.address) or await in_turn(badges.file, drawing)
    if content is None:
        return Response(status_code=404)
    kind = f"image/{drawing.format}"
    return Response(content, media_type=kind, headers={**FOR_EVER, **ALONE, "ETag": tag})


def drawn_answer(request: Request, found: tuple[str, bytes] | None, lasts: str) -> Response:
    """A picture that was drawn (its digest, its content), to be kept as long as `lasts` says; or that there is none."""
    if found is None:
        return Response(status_code=404)
    digest, content = found
    headers = {**ALONE, "Cache-Control": lasts, "ETag": f'"{digest}"'}
    if request.headers.get("if-none-match") == f'"{digest}"':
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="image/png", headers=headers)


async def in_turn(draw: Callable[_Given, _Made], *args: _Given.args, **kwargs: _Given.kwargs) -> _Made:
    """Draw in a worker thread, a few at once: never on the event loop, and never in every thread there is."""
    try:
        limiter = _drawing.get()
    except LookupError:
        limiter = CapacityLimiter(DRAWN_AT_ONCE)
        _drawing.set(limiter)
    return await anyio.to_thread.run_sync(lambda: draw(*args, **kwargs), limiter=limiter)


routes = [
    Route("/pictures/{name}.webp", picture, methods=["GET", "HEAD"]),
    Route("/pictures/badge/{what}/{name}.{kind}", badge, methods=["GET", "HEAD"]),
]
