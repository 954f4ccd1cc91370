"""Staff's own doors: a link that makes somebody one of them, the page to sign in on, and what a newcomer does first.

`/staff/start/<token>`, `/staff/sign-in` and `/staff/welcome`, in every language. A link is used up by sending the form,
not by opening the page, so that a messenger's preview spends nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from html import escape
from typing import Any

from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app import database, limits, settings
from app.door import cookie_token, engine, in_worker
from app.public import arrival, ways
from app.public.entrances import DEMO_STAFF, same_origin
from app.public.oidc_pages import prefix, shop_of
from app.public.sheet import sheet
from facts.language import N_, SOURCE, Language, codes, language
from facts.refusals import Refusal
from members import sessions
from members.actions import team
from members.addresses import EMAIL_LENGTH_MAX
from members.roles import Person
from members.views.team import role_name

HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
FORM = {"max_files": 0, "max_fields": 4, "max_part_size": 1024}
Handler = Callable[[Request, Language], Awaitable[Response]]


def routes() -> list[Route]:
    """For the composition root."""
    found: list[Route] = []
    for code in codes():
        start = "" if code == SOURCE else f"/{code}"
        found += [
            Route(f"{start}/staff/start/{{token}}", _answered(code, look), methods=["GET"]),
            Route(f"{start}/staff/start/{{token}}", _answered(code, become), methods=["POST"]),
            Route(f"{start}/staff/sign-in", _answered(code, sign_in), methods=["GET"]),
            Route(f"{start}/staff/welcome", _answered(code, welcome), methods=["GET"]),
        ]
    return found


def _answered(code: str, handler: Handler) -> Any:
    async def route(request: Request) -> Response:
        say = language(code)
        try:
            await in_worker(limits.spend, "sign_in", limits.client(request))
            return await handler(request, say)
        except Refusal as refusal:
            said = refusal.sentence(say)
            body = [_caution(said), _link(f"{prefix(say)}/staff/sign-in", say.text("Sign in"))]
            page = await in_worker(_page, say, say.text("Staff"), body, "/staff/sign-in")
            return HTMLResponse(page, refusal.status, headers=HEADERS)

    return route


async def look(request: Request, say: Language) -> Response:
    """The form of an invitation. Looking uses nothing up."""
    return HTMLResponse(await in_worker(_form, request.path_params["token"], say), headers=HEADERS)


async def become(request: Request, say: Language) -> Response:
    """Become one of the staff, and be signed in at once."""
    if not same_origin(request):
        raise Refusal("not_here", N_("That did not work. Please begin again."), status=403)
    try:
        async with request.form(**FORM) as form:
            typed = {name: str(form.get(name, ""))[:EMAIL_LENGTH_MAX] for name in ("name", "email")}
    except (HTTPException, ClientDisconnect):
        typed = {"name": "", "email": ""}
    token, came = request.path_params["token"], arrival.browser(request)

    def work(session: Session) -> tuple[str, datetime]:
        now = datetime.now(UTC)
        person = team.accept(session, token, typed["name"], typed["email"], now)
        return arrival.open_session(session, person, now, way="invitation", **came)

    try:
        opened, until = await in_worker(database.attempt, engine(), work)
    except Refusal as refusal:
        if refusal.path not in typed:
            raise
        page = await in_worker(_form, token, say, typed, refusal)
        return HTMLResponse(page, refusal.status, headers=HEADERS)
    return arrival.welcome(arrival.sent_on(f"{prefix(say)}/staff/welcome"), opened, until, came["device"])


async def sign_in(request: Request, say: Language) -> Response:
    """The buttons of the ways in, and in the demo an entrance for each role."""
    return HTMLResponse(await in_worker(_sign_in, say), headers=HEADERS)


async def welcome(request: Request, say: Language) -> Response:
    """What a newcomer does first: a passkey, with which they come in from now on."""
    token = cookie_token(request.headers.get("cookie", ""))
    page = await in_worker(_welcome, token, say)
    return HTMLResponse(page, headers=HEADERS) if page else arrival.sent_on(f"{prefix(say)}/staff/sign-in")


def _form(
    token: str, say: Language, typed: dict[str, str] | None = None, wrong: Refusal | None = None
) -> str:
    typed = typed or {}
    with database.reading(engine()) as session:
        asked = team.invitation(session, token, datetime.now(UTC))
    title = say.text("Become one of the staff")
    role = role_name(asked.role, say)
    email = asked.email or typed.get("email", "")
    fixed = " readonly" if asked.email else ""
    name, mail = say.text("Your name"), say.text("Your e-mail address")
    form = (
        f'<form class="panel" method="post" action="{prefix(say)}/staff/start/{escape(token)}">'
        f"{_box(name, 'name', typed.get('name', ''), say, wrong, 'name', team.NAME_LENGTH_MAX)}"
        f"{_box(mail, 'email', email, say, wrong, 'email', EMAIL_LENGTH_MAX, fixed)}"
        f"<button>{escape(say.text('Come in'))}</button></form>"
    )
    intro = say.text("You are invited as: {role}", role=role)
    return _page(say, title, [f"<h1>{escape(title)}</h1><p>{escape(intro)}</p>", form], "/staff/sign-in")


def _box(label: str, name: str, value: str, say: Language, wrong: Refusal | None, filled: str, most: int,
         more: str = "") -> str:  # fmt: skip
    """A box under its label, and what is wrong with it below."""
    kind = "email" if name == "email" else "text"
    mine = wrong is not None and wrong.path == name
    said = escape(wrong.sentence(say)) if wrong is not None and mine else ""
    known = f' aria-invalid="true" aria-describedby="{name}-said"' if mine else ""
    below = f'<p id="{name}-said" role="alert" class="soft">{said}</p>' if mine else ""
    return (
        f'<label for="{name}">{escape(label)}</label><input id="{name}" name="{name}" type="{kind}" required '
        f'autocomplete="{filled}" maxlength="{most}" value="{escape(value)}"{more}{known}>{below}'
    )


def _sign_in(say: Language) -> str:
    title = say.text("Sign in as staff")
    intro = say.text("With your passkey, or with the account that your shop uses.")
    body = [f"<h1>{escape(title)}</h1><p>{escape(intro)}</p>", ways.ways_in("staff", say.code)]
    if settings.current().demo:
        heading = escape(say.text("This is a demo. Look around as somebody:"))
        rows = "".join(
            f'<li><a href="/demo/enter/{name}">{escape(role_name(one.role, say))}</a></li>'
            for name, one in DEMO_STAFF.items()
        )
        body.append(f'<section class="panel"><h2>{heading}</h2><ul class="ways">{rows}</ul></section>')
    lost = say.text("No passkey yet, or lost? An owner of the shop can send you a new link.")
    body.append(f'<p class="soft">{escape(lost)}</p>')
    return _page(say, title, body, "/staff/sign-in")


def _welcome(token: str, say: Language) -> str | None:
    with database.reading(engine()) as session:
        person: Person | None = sessions.person_of(session, token, datetime.now(UTC))
        if person is None or person.is_member:
            return None
        mine = ways.ways_of(session, person, say)
    title = say.text("You are in")
    intro = say.text("Make a passkey now, so that you can come in again: this link works only once.")
    body = [f"<h1>{escape(title)}</h1><p>{escape(intro)}</p>", mine,
            _link(f"{prefix(say)}/staff/", say.text("To the staff pages"))]  # fmt: skip
    return _page(say, title, body, "/staff/welcome")


def _page(say: Language, title: str, body: list[str], path: str) -> str:
    with database.reading(engine()) as session:
        shop = shop_of(session, say)
    return sheet(say, title, body, shop=shop, path=path, description=title)


def _caution(said: str) -> str:
    return f'<section class="panel caution" role="alert"><p>{escape(said)}</p></section>'


def _link(to: str, words: str) -> str:
    return f'<p><a class="go" href="{escape(to)}">{escape(words)}</a></p>'
