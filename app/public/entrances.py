"""How a session is obtained, and ended: the demo's entrances, and the way out.

The entrances let anybody in as one of three members, as the owner or in another role of staff. They exist in demo
mode only: elsewhere the routes are not there at all, and production refuses to start in demo mode
(`app.settings.check_safe`). Every address that people are sent on to is fixed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from app import database, settings
from app.door import COOKIE, cookie_token, engine, in_worker
from app.public import arrival, marks
from members import demo, sessions
from members.roles import MEMBER, STAFF_ROLES, Person

DEMO_STAFF = {"staff": Person("demo", "owner")} | {
    role: Person(f"demo-{role}", role) for role in STAFF_ROLES if role != "owner"
}


def routes() -> list[Route]:
    """For the composition root: `POST /leave`, and in the demo `GET /demo/enter/<name>`."""
    found = [Route("/leave", leave, methods=["POST"])]
    if settings.current().demo:
        found.append(Route("/demo/enter/{name}", enter_demo, methods=["GET"]))
    return found


async def enter_demo(request: Request) -> Response:
    """Open a session as `new`, `middling`, `top`, `staff` or a role, in place of the one there was."""
    name = request.path_params["name"]
    if name not in (*demo.NAMES, *DEMO_STAFF):
        return PlainTextResponse("There is no such entrance.", 404)
    opened = await in_worker(_open, name, cookie_token(request.headers.get("cookie", "")))
    if opened is None:
        return PlainTextResponse("The demo has no members yet: run `regulars demo` first.", 404)
    token, until = opened
    response = _sent_on(arrival.home_of(DEMO_STAFF[name]) if name in DEMO_STAFF else "/")
    response.set_cookie(COOKIE, token, expires=until, **_flags())
    marks.forget(response)
    return response


def _open(name: str, before: str) -> tuple[str, datetime] | None:
    now = datetime.now(UTC)

    def work(session: Session) -> tuple[str, datetime] | None:
        person = DEMO_STAFF.get(name)
        if person is None:
            member_id = demo.choose(session, now).get(name)
            person = Person(str(member_id), MEMBER) if member_id else None
        if person is None:
            return None
        sessions.end(session, before, now)
        return sessions.start(session, person, now, way="demo")

    return database.attempt(engine(), work)


async def leave(request: Request) -> Response:
    """End the session and forget the cookie. Another site's form cannot sign anybody out."""
    if not same_origin(request):
        return PlainTextResponse("This came from another site.", 403)
    token = cookie_token(request.headers.get("cookie", ""))
    if token:
        await in_worker(_close, token)
    response = _sent_on("/")
    response.delete_cookie(COOKIE, **_flags())
    marks.forget(response)
    return response


def _sent_on(path: str) -> Response:
    return RedirectResponse(path, 303, headers={"Cache-Control": "no-store"})


def _flags() -> dict[str, Any]:
    """Out of reach for scripts and other sites' forms, and by https only where people come by https."""
    return {"path": "/", "httponly": True, "samesite": "lax", "secure": settings.current().secure_cookies}


def _close(token: str) -> None:
    with database.transaction(engine()) as session:
        sessions.end(session, token, datetime.now(UTC))


def same_origin(request: Request) -> bool:
    """Whether a browser says that one of our own pages sent this (or no browser sent it)."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    if origin == "null" and site is not None:
        return (
            True  # a page that sends no referrer sends no origin either; the browser has said where it stands
        )
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
