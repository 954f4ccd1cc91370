"""`/oidc/<provider>`: off to a provider, and back. What came back is believed by `app.oidc`, or not at all.

Each journey is a row of its own (`members.proofs`), known by a cookie of the browser that set out, good once and for
ten minutes. A stranger is asked whether they want to join before anything is made of them. Who is signed in can link
a provider to their account, by a form on our own page; an e-mail address alone opens nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from app import database, limits, settings
from app.door import cookie_token, engine, in_worker
from app.oidc.words import LONG, Declined, Unusable
from app.providers import Provider
from app.public import arrival, oidc_join, oidc_pages
from app.public.entrances import same_origin
from facts.language import N_, SOURCE, Language, codes, language
from facts.refusals import Refusal
from members import proofs, sessions
from members.actions import logins
from members.actions.logins import STAFF, Vouched
from members.roles import MEMBER, Person

JOURNEY, COOKIE = "oidc", "regulars_oidc"
CAME = ("code", "state", "iss", "error")  # what a provider's answer may have in it that we look at
NO_STORE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
UNKNOWN = Refusal("provider_unknown", N_("There is no such way to sign in."), status=404)
AGAIN = N_("That did not work. Please begin again.")
UNBELIEVED = N_("{provider} sent an answer that does not fit. Nothing was changed; please try again.")
AWAY = N_("{provider} does not answer at the moment. Try again later, or come in another way.")
DECLINED = N_("You were not signed in at {provider}. Try again, or come in another way.")
SIDES = {"members": MEMBER, "staff": STAFF}

log = logging.getLogger("regulars.oidc")
Handler = Callable[[Request, Provider, Language], Awaitable[Response]]


def routes() -> list[Route]:
    """For the composition root: setting out in every language, linking, and the one address for the way back."""
    found = [Route("/oidc/{name}/back", _answered(SOURCE, back), methods=["GET"]),
             Route("/oidc/{name}/back", posted, methods=["POST"])]  # fmt: skip
    for code in codes():
        prefix = "" if code == SOURCE else f"/{code}"
        found.append(Route(f"{prefix}/oidc/{{name}}", _answered(code, set_out), methods=["GET"]))
        found.append(Route(f"{prefix}/oidc/{{name}}/link", _answered(code, link), methods=["POST"]))
        found.append(Route(f"{prefix}/oidc/{{name}}/unlink", _answered(code, unlink), methods=["POST"]))
        found.append(Route(f"{prefix}/oidc/{{name}}/join", _answered(code, oidc_join.ask), methods=["GET"]))
        found.append(Route(f"{prefix}/oidc/{{name}}/join", _answered(code, oidc_join.join), methods=["POST"]))
    return found


def _answered(code: str, handler: Handler) -> Any:
    async def route(request: Request) -> Response:
        say = language(code)
        try:
            await in_worker(limits.spend, "sign_in", limits.client(request))
            return await handler(request, provider_of(request), say)
        except Refusal as refusal:
            page = await in_worker(oidc_pages.trouble, say, refusal.sentence(say), "/sign-in")
            return HTMLResponse(page, refusal.status, headers=NO_STORE)

    return route


def provider_of(request: Request) -> Provider:
    """The provider of the address."""
    name = request.path_params["name"]
    found = next((one for one in settings.current().providers if one.name == name), None)
    if found is None:
        raise UNKNOWN
    return found


def callback(provider: Provider) -> str:
    """The address that is registered with the provider."""
    return f"{settings.current().public_url}/oidc/{provider.name}/back"


async def set_out(request: Request, provider: Provider, say: Language) -> Response:
    """To the provider, from a link on our own page; another site's link leads to the sign-in page first."""
    wanted = "staff" if request.query_params.get("for") == "staff" else "members"
    if wanted not in provider.people:
        raise UNKNOWN
    if not same_origin(request):
        return arrival.sent_on(oidc_pages.sign_in(wanted, say))
    address, token = await _begin(provider, say, {"side": SIDES[wanted]})
    return _with_cookie(RedirectResponse(address, 303, headers=NO_STORE), token)


async def link(request: Request, provider: Provider, say: Language) -> Response:
    """To the provider, to link it to the account that this browser is signed in to.

    The answer is a page that leads on by itself: a form may only lead to addresses of ours (`form-action`).
    """
    token = cookie_token(request.headers.get("cookie", ""))
    person = await in_worker(_person, token)
    if not same_origin(request) or person is None or _people(person) not in provider.people:
        raise Refusal("not_here", AGAIN, status=403)
    data = {"side": MEMBER if person.is_member else STAFF, "link": sessions.digest(token).hex()}
    address, journey = await _begin(provider, say, data)
    page = await in_worker(oidc_pages.leading_on, say, provider, address)
    return _with_cookie(HTMLResponse(page, headers=NO_STORE), journey)


async def unlink(request: Request, provider: Provider, say: Language) -> Response:
    """Take a login of this provider away."""
    if not same_origin(request):
        raise Refusal("not_here", AGAIN, status=403)
    async with request.form(max_files=0, max_fields=2, max_part_size=1024) as form:
        ident = str(form.get("which", ""))
    token = cookie_token(request.headers.get("cookie", ""))

    def work(session: Session) -> None:
        now = datetime.now(UTC)
        person = sessions.person_of(session, token, now)
        if person is None:
            raise Refusal("not_here", AGAIN, status=403)
        logins.unlink(session, person, ident, now)

    await in_worker(database.attempt, engine(), work)
    return arrival.sent_on(oidc_pages.ways(say))


async def _begin(provider: Provider, say: Language, data: dict[str, str]) -> tuple[str, str]:
    try:
        from app.oidc import flow  # with it come libraries that a shop opens without

        address, kept = await flow.ask(provider, callback(provider), say.code)
    except Unusable as problem:
        log.warning("%s: %s", provider.name, problem)
        raise Refusal("provider_away", AWAY, status=502, provider=provider.label) from None
    journey = {**data, **kept, "provider": provider.name, "language": say.code}

    def work(session: Session) -> str:
        return proofs.begin(session, JOURNEY, journey, datetime.now(UTC))

    return address, await in_worker(database.attempt, engine(), work)


def _with_cookie(response: Response, token: str) -> Response:
    age = int(proofs.LASTS.total_seconds())
    response.set_cookie(COOKIE, token, max_age=age, **{**arrival.flags(), "path": "/oidc"})
    return response


async def posted(request: Request) -> Response:
    """The way back as a form that the provider's page sends (`response_mode=form_post`).

    Browsers keep our cookies from what another site posts, so this only turns it into the address that
    a browser then opens by itself, and takes nothing over but the four words.
    """
    try:
        async with request.form(max_files=0, max_fields=10, max_part_size=LONG) as form:
            came = {name: str(form[name])[:LONG] for name in CAME if name in form}
    except Exception:  # noqa: BLE001 - whatever is wrong with a stranger's form, it is no answer
        came = {}
    name = request.path_params["name"]
    known = any(one.name == name for one in settings.current().providers)
    return arrival.sent_on(f"/oidc/{name}/back?{urlencode(came)}" if known else "/sign-in")


async def back(request: Request, provider: Provider, _: Language) -> Response:
    """From the provider: the journey ends here, whatever it brought."""
    token = request.cookies.get(COOKIE, "")
    kept = await in_worker(_ended, token)
    if kept is None or kept["provider"] != provider.name:
        raise Refusal("journey_unknown", AGAIN, status=403)
    say = language(kept["language"])
    came = {name: request.query_params[name][:LONG] for name in CAME if name in request.query_params}
    try:
        one = await _believed(provider, kept, came)
        response = await _arrived(request, provider, kept, one, say)
    except Refusal as refusal:
        way_back = oidc_pages.sign_in("staff" if kept["side"] == STAFF else "members", say)
        page = await in_worker(oidc_pages.trouble, say, refusal.sentence(say), way_back)
        response = HTMLResponse(page, refusal.status, headers=NO_STORE)
    if response.headers.get("location", "").endswith("/join"):
        return response  # the cookie has the next token in it
    response.delete_cookie(COOKIE, **{**arrival.flags(), "path": "/oidc"})
    return response


def _ended(token: str) -> dict[str, Any] | None:
    return database.attempt(engine(), lambda session: proofs.end(session, JOURNEY, token, datetime.now(UTC)))


async def _believed(provider: Provider, kept: Mapping[str, str], came: Mapping[str, str]) -> Vouched:
    try:
        from app.oidc import flow

        return await flow.answer(provider, callback(provider), kept, came)
    except Declined:
        raise Refusal("provider_declined", DECLINED, status=403, provider=provider.label) from None
    except Unusable as problem:
        log.warning("%s: %s", provider.name, problem)
        raise Refusal("provider_unusable", UNBELIEVED, status=403, provider=provider.label) from None


async def _arrived(
    request: Request, provider: Provider, kept: Mapping[str, str], one: Vouched, say: Language
) -> Response:
    if "link" in kept:
        await in_worker(_link, cookie_token(request.headers.get("cookie", "")), kept["link"], one)
        return arrival.sent_on(oidc_pages.ways(say))
    came = arrival.browser(request)
    opened = await in_worker(_open, provider, kept["side"], one, came)
    if opened is None:
        stranger = await in_worker(oidc_join.keep, one)
        return _with_cookie(arrival.sent_on(f"{oidc_pages.prefix(say)}/oidc/{provider.name}/join"), stranger)
    person, token, until = opened
    return arrival.welcome(
        arrival.sent_on(arrival.way_on(request, person, say.code)), token, until, came["device"]
    )


def _open(
    provider: Provider, side: str, one: Vouched, came: dict[str, str]
) -> tuple[Person, str, datetime] | None:
    """The session of whoever this login lets in; None for somebody new, who may become a member."""

    def work(session: Session) -> tuple[Person, str, datetime] | None:
        now = datetime.now(UTC)
        if side == STAFF:
            person: Person | None = logins.enter_staff(session, one, provider.roles, now)
        else:
            person = logins.enter(session, one, MEMBER, now)
        if person is None:
            logins.check_new(session, one)
            return None
        token, until = arrival.open_session(session, person, now, way=f"oidc:{provider.name}", **came)
        return person, token, until

    return database.attempt(engine(), work)


def _link(token: str, expected: str, one: Vouched) -> None:
    def work(session: Session) -> None:
        now = datetime.now(UTC)
        person = sessions.person_of(session, token, now)
        if person is None or sessions.digest(token).hex() != expected:
            raise Refusal("journey_unknown", AGAIN, status=403)
        logins.link(session, person, one, now)

    database.attempt(engine(), work)


def _person(token: str) -> Person | None:
    with database.reading(engine()) as session:
        return sessions.person_of(session, token, datetime.now(UTC))


def _people(person: Person) -> str:
    return "members" if person.is_member else "staff"
