"""Coming in: a new session in place of the one there was, its cookie, and the way on. The same for every way in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app import settings
from app.door import COOKIE, cookie_token, secret
from app.public import marks
from facts.language import N_, SOURCE, Language
from members import devices, letting_know, sessions
from members.roles import Capability, Person

DEVICE = "regulars_device"
DEVICE_SECONDS = 2 * 365 * 24 * 3600
NEW_DEVICE = N_("Somebody signed in to your account on a device that was not there before.")


def open_session(
    session: Session, person: Person, now: datetime, *, way: str, before: str, agent: str, device: str
) -> tuple[str, datetime]:
    """End what this browser had, so that nobody's planted cookie lives on, and open a session: token and end."""
    sessions.end(session, before, now)
    label = devices.label(agent)
    seen = devices.digest(device, secret())
    if person.is_member:
        others = bool(devices.of(session, person.member_id))
        if devices.remember(session, person.member_id, seen, label, now, trusted=True) and others:
            letting_know.tell(session, person, NEW_DEVICE, now)
    return sessions.start(session, person, now, way=way, label=label, device=seen)


def browser(request: Request) -> dict[str, str]:
    """What `open_session` wants to know of a browser; a new device is given its token here."""
    kept = request.cookies.get(DEVICE, "")
    return {
        "before": cookie_token(request.headers.get("cookie", "")),
        "agent": request.headers.get("user-agent", "")[:500],
        "device": kept if devices.possible(kept) else devices.fresh(),
    }


def welcome(response: Response, token: str, until: datetime, device: str) -> Response:
    """Put the session and the device into the browser's cookies."""
    response.set_cookie(COOKIE, token, expires=until.astimezone(UTC), **flags())
    response.set_cookie(DEVICE, device, max_age=DEVICE_SECONDS, **flags())
    response.headers["Cache-Control"] = "no-store"
    marks.forget(response)
    return response


def home_of(person: Person, code: str = SOURCE) -> str:
    """Where somebody lands who has come in."""
    prefix = "" if code == SOURCE else f"/{code}"
    if person.is_member:
        return f"{prefix}/"
    serves = person.may(Capability.SERVE_COUNTER) and not person.may(Capability.SEE_CATALOGUE)
    return f"{prefix}/staff/counter" if serves else f"{prefix}/staff/"


def sent_on(path: str) -> Response:
    """A full navigation to an address of ours."""
    return RedirectResponse(path, 303, headers={"Cache-Control": "no-store"})


def flags() -> dict[str, Any]:
    """Out of reach for scripts and other sites' forms, and by https only where people come by https."""
    return {"path": "/", "httponly": True, "samesite": "lax", "secure": settings.current().secure_cookies}


def device_name(agent: str, say: Language) -> str:
    """What a browser is called: “Chrome on Android”."""
    return devices.named(devices.label(agent), say)
