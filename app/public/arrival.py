"""Coming in: a new session in place of the one there was, its cookie, and the way on. The same for every way in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app import limits, settings
from app.door import COOKIE, cookie_token, secret
from app.public import marks
from facts.language import N_, SOURCE, Language
from members import devices, letting_know, sessions, suspicion_signs
from members.roles import Capability, Person
from members.suspicion_signs import Signs
from rewards.codes import meant, shown

DEVICE = "regulars_device"
GIFT = "regulars_gift"  # the code of a gift whose link was opened before anybody was signed in
DEVICE_SECONDS = 2 * 365 * 24 * 3600
NEW_DEVICE = N_("Somebody signed in to your account on a device that was not there before.")


def open_session(
    session: Session,
    person: Person,
    now: datetime,
    *,
    way: str,
    before: str,
    agent: str,
    device: str,
    network: str,
) -> tuple[str, datetime]:
    """End what this browser had, so that nobody's planted cookie lives on, and open a session: token and end."""
    sessions.end(session, before, now)
    label = devices.label(agent)
    seen = devices.digest(device, secret())
    if person.is_member:
        others = bool(devices.of(session, person.member_id))
        if devices.remember(session, person.member_id, seen, label, now, trusted=True) and others:
            letting_know.tell(session, person, NEW_DEVICE, now)
        suspicion_signs.saw(session, person.member_id, signs({"device": device, "network": network}), now)
    return sessions.start(session, person, now, way=way, label=label, device=seen)


def browser(request: Request) -> dict[str, str]:
    """What `open_session` wants to know of a browser; a new device is given its token here."""
    kept = request.cookies.get(DEVICE, "")
    return {
        "before": cookie_token(request.headers.get("cookie", "")),
        "agent": request.headers.get("user-agent", "")[:500],
        "device": kept if devices.possible(kept) else devices.fresh(),
        "network": limits.client(request),
    }


def signs(came: Mapping[str, str], subject: str = "") -> Signs:
    """By what a friend who comes in so is compared with who brought them; `subject` is the address that was proved."""
    kind, _, value = subject.partition(":")
    key = secret()
    found = [("device", devices.digest(came["device"], key).hex()),
             ("network", suspicion_signs.digest("network", came["network"], key))]  # fmt: skip
    if kind in ("email", "phone"):
        found.append((kind, suspicion_signs.digest(kind, value, key)))
    return tuple(found)


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


def way_on(request: Request, person: Person, code: str = SOURCE) -> str:
    """The same; a member whose link to a gift waits in this browser goes there."""
    signs = meant(request.cookies.get(GIFT, "")) if person.is_member else None
    return f"{home_of(person, code)}g/{shown(signs)}" if signs else home_of(person, code)


def sent_on(path: str) -> Response:
    """A full navigation to an address of ours."""
    return RedirectResponse(path, 303, headers={"Cache-Control": "no-store"})


def flags() -> dict[str, Any]:
    """Out of reach for scripts and other sites' forms, and by https only where people come by https."""
    return {"path": "/", "httponly": True, "samesite": "lax", "secure": settings.current().secure_cookies}


def device_name(agent: str, say: Language) -> str:
    """What a browser is called: “Chrome on Android”."""
    return devices.named(devices.label(agent), say)
