"""`/passkey/…`: what `assets/passkey.js` asks and answers, as JSON, and the forms that name and remove passkeys.

A passkey is made by who is signed in. Signing in with one ends the session that the browser had before.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app import database, limits, settings
from app.door import cookie_token, engine, in_worker
from app.public import arrival, oidc_pages
from app.public.entrances import same_origin
from facts.language import N_, SOURCE, Language, codes, language
from facts.refusals import Refusal
from members import sessions
from members.actions import passkeys
from members.actions.logins import STAFF
from members.actions.passkeys import Site
from members.roles import MEMBER, Person

COOKIE = "regulars_passkey"
BYTES_MAX = 16 * 1024
NO_STORE = {"Cache-Control": "no-store"}
NOT_HERE = N_("That did not work. Please begin again.")

Handler = Callable[[Request, Language], Awaitable[Response]]


def routes() -> list[Route]:
    """For the composition root, in every language: it is the language of what is answered."""
    found: list[Route] = []
    for code in codes():
        prefix = "" if code == SOURCE else f"/{code}"
        for path, handler in (("new/options", offer_new), ("new", add), ("options", offer), ("enter", enter),
                              ("rename", rename), ("remove", remove)):  # fmt: skip
            found.append(Route(f"{prefix}/passkey/{path}", _answered(code, handler), methods=["POST"]))
    return found


def _answered(code: str, handler: Handler) -> Any:
    async def route(request: Request) -> Response:
        say = language(code)
        try:
            if not same_origin(request):
                raise Refusal("not_here", NOT_HERE, status=403)
            await in_worker(limits.spend, "sign_in", limits.client(request))
            return await handler(request, say)
        except Refusal as refusal:
            if request.headers.get("content-type", "").startswith("application/json"):
                return JSONResponse({"said": refusal.sentence(say)}, refusal.status, headers=NO_STORE)
            page = await in_worker(oidc_pages.trouble, say, refusal.sentence(say), oidc_pages.ways(say))
            return Response(page, refusal.status, media_type="text/html", headers=NO_STORE)

    return route


def site(session: Session, say: Language) -> Site:
    """Where passkeys are good: the host and the one origin of the public address."""
    parts = urlsplit(settings.current().public_url)
    return Site(parts.hostname or "", f"{parts.scheme}://{parts.netloc}", oidc_pages.shop_of(session, say))


async def offer_new(request: Request, say: Language) -> Response:
    """What the browser needs to make a passkey."""

    def work(session: Session, person: Person, now: datetime) -> tuple[str, str]:
        return passkeys.offer_new(session, person, site(session, say), now)

    return _offered(*await _signed_in(request, work))


async def add(request: Request, say: Language) -> Response:
    """Keep the passkey that was made."""
    answer, token = await _body(request), request.cookies.get(COOKIE, "")
    agent = request.headers.get("user-agent", "")[:500]

    def work(session: Session, person: Person, now: datetime) -> None:
        name = arrival.device_name(agent, say)
        passkeys.add(session, person, token, answer, name, site(session, say), now)

    await _signed_in(request, work)
    return _done({"to": ""})  # the page that it was made on shows it


async def offer(request: Request, say: Language) -> Response:
    """What the browser needs to ask for a passkey."""

    def work(session: Session) -> tuple[str, str]:
        return passkeys.offer(session, site(session, say), datetime.now(UTC))

    return _offered(*await in_worker(database.attempt, engine(), work))


async def enter(request: Request, say: Language) -> Response:
    """Sign in with a passkey, as a member or as staff (`?for=staff`)."""
    answer, token = await _body(request), request.cookies.get(COOKIE, "")
    side = STAFF if request.query_params.get("for") == "staff" else MEMBER
    came = arrival.browser(request)

    def work(session: Session) -> tuple[Person, str, datetime]:
        now = datetime.now(UTC)
        person = passkeys.enter(session, side, token, answer, site(session, say), now)
        return person, *arrival.open_session(session, person, now, way="passkey", **came)

    person, opened, until = await in_worker(database.attempt, engine(), work)
    return arrival.welcome(
        _done({"to": arrival.way_on(request, person, say.code)}), opened, until, came["device"]
    )


async def rename(request: Request, say: Language) -> Response:
    """Give a passkey a name."""
    which, name = await _form(request)

    def work(session: Session, person: Person, now: datetime) -> None:
        passkeys.rename(session, person, which, name)

    await _signed_in(request, work)
    return arrival.sent_on(oidc_pages.ways(say))


async def remove(request: Request, say: Language) -> Response:
    """Take a passkey away."""
    which, _ = await _form(request)

    def work(session: Session, person: Person, now: datetime) -> None:
        passkeys.remove(session, person, which, now)

    await _signed_in(request, work)
    return arrival.sent_on(oidc_pages.ways(say))


async def _signed_in(request: Request, work: Callable[[Session, Person, datetime], Any]) -> Any:
    """Do `work` as the person behind the session's cookie."""
    token = cookie_token(request.headers.get("cookie", ""))

    def inside(session: Session) -> Any:
        now = datetime.now(UTC)
        person = sessions.person_of(session, token, now)
        if person is None:
            raise Refusal("signed_out", N_("Please come in first: you are not signed in."), status=401)
        return work(session, person, now)

    return await in_worker(database.attempt, engine(), inside)


async def _body(request: Request) -> str:
    """A small JSON text; what it says is read where it is checked."""
    raw = bytearray()
    try:
        async for part in request.stream():
            raw += part
            if len(raw) > BYTES_MAX:
                break
        if len(raw) <= BYTES_MAX and request.headers.get("content-type", "").startswith("application/json"):
            return raw.decode()
    except (ClientDisconnect, UnicodeDecodeError):
        pass
    raise Refusal("passkey_unread", NOT_HERE, status=400)


async def _form(request: Request) -> tuple[str, str]:
    try:
        async with request.form(max_files=0, max_fields=3, max_part_size=1024) as form:
            return str(form.get("which", "")), str(form.get("name", ""))
    except (HTTPException, ClientDisconnect):
        raise Refusal("passkey_unread", NOT_HERE, status=400) from None


def _offered(options: str, token: str) -> Response:
    response = Response(options, media_type="application/json", headers=NO_STORE)
    age = int(passkeys.LASTS.total_seconds())
    response.set_cookie(COOKIE, token, max_age=age, **arrival.flags())
    return response


def _done(said: dict[str, str]) -> Response:
    response = JSONResponse(said, headers=NO_STORE)
    response.delete_cookie(COOKIE, **arrival.flags())
    return response
