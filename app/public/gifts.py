"""`/give`: a member gives points away; `/g/<code>`: whoever has the link takes them. Without a line of script.

Both sides confirm: the giver after a look at what it is (with a fresh code where it is much and they are new on the
device), whoever takes it with a button in a session of their own. Who is not signed in yet comes back here afterwards.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app import database, limits, settings
from app.door import Turned, admit, engine, in_worker, secret
from app.public import arrival, gift_pages
from app.public.coming_in_ends import HEADERS, shop_name, typed_in
from app.public.coming_in_pages import prefix, trouble
from app.public.own_fresh import do, with_code
from app.public.own_guard import guarded, member_by
from facts.language import N_, SOURCE, Language, codes, language
from facts.refusals import Refusal
from members import sessions
from members.actions import giving
from members.gift_cards import GiveCard
from members.programme.versions import in_force
from members.roles import Capability, Person
from members.views import giving as views
from members.views.saying import wording
from rewards.codes import meant, shown

DAY_SECONDS = 24 * 3600
HOME = (N_("Home"), "/")


def routes() -> list[Route]:
    """For the composition root."""
    found: list[Route] = []
    for code in codes():
        start, say = ("" if code == SOURCE else f"/{code}"), language(code)
        found += [
            Route(f"{start}/give", guarded(say, _look, _refused), methods=["GET"]),
            Route(f"{start}/give", guarded(say, _give, _refused), methods=["POST"]),
            Route(f"{start}/give/back", guarded(say, _call_back, _refused), methods=["POST"]),
            Route(f"{start}/g/{{code}}", guarded(say, _open, _refused, own=False), methods=["GET", "HEAD"]),
            Route(f"{start}/g/{{code}}", guarded(say, _take, _refused), methods=["POST"]),
        ]
    return found


def _refused(say: Language, refusal: Refusal) -> Response:
    made = trouble(say, shop_name(say), refusal.sentence(say), HOME)
    response = HTMLResponse(made, refusal.status, headers=HEADERS)
    if refusal.code == "gift_unknown":  # or whoever joined for it is led back here for a day
        response.delete_cookie(arrival.GIFT, **arrival.flags())
    return response


# --- giving ---------------------------------------------------------------------------------------------------


async def _look(request: Request, say: Language, token: str) -> Response:
    """What can be given, and what was."""
    return HTMLResponse(await in_worker(_page, say, token, None), headers=HEADERS)


def _card(say: Language, token: str) -> GiveCard:
    site = f"{settings.current().public_url}{prefix(say)}"

    def work(session: Session, person: Person, now: datetime) -> GiveCard:
        return views.giving(session, person.member_id, now, say, site, secret())

    found = admit(token, Capability.OWN_DATA, work, writes=False)
    if isinstance(found, Turned):
        raise found.refusal
    return found.value


def _page(say: Language, token: str, wrong: Refusal | None) -> str:
    return gift_pages.giving(say, _card(say, token), uuid4().hex, wrong)


async def _give(request: Request, say: Language, token: str) -> Response:
    """The look before a gift, and the gift; what cannot be given is said beside the box."""
    typed = await typed_in(request, "step", "points", "named", "request", "code")
    try:
        points = int(typed["points"]) if len(typed["points"]) < 10 and typed["points"].isdecimal() else 0
        if typed["step"] == "look":
            return HTMLResponse(await in_worker(_second, say, token, points, typed), headers=HEADERS)
        await in_worker(limits.spend, "gift", sessions.digest(token).hex())
        return await _given(request, say, token, points, typed)
    except Refusal as refusal:
        made = await in_worker(_page, say, token, refusal)
        return HTMLResponse(made, refusal.status, headers=HEADERS)


def _second(say: Language, token: str, points: int, typed: dict[str, str]) -> str:
    card = _card(say, token)
    if not card.least <= points <= card.most:
        text = N_("Choose from {least} to {most} points.")
        raise Refusal("gift_amount", text, path="points", least=card.least, most=card.most)
    with database.reading(engine()) as session:
        said = wording(in_force(session, datetime.now(UTC)), say).points(points)
    return gift_pages.looking(say, card, points, said, bool(typed["named"]), typed["request"])


async def _given(request: Request, say: Language, token: str, points: int, typed: dict[str, str]) -> Response:
    def work(session: Session, person: Person, now: datetime, known: bytes) -> None:
        giving.give(session, person.member_id, points, typed["request"], known, secret(), now,
                    named=bool(typed["named"]))  # fmt: skip

    def page(say: Language, title: str, body: list[str]) -> str:
        return gift_pages.plain(say, shop_name(say), title, body)

    hidden = {name: typed[name] for name in ("points", "named", "request")}
    return await with_code(request, say, token, typed, work, page, path="/give", title=say.text("Give points"),
                           go=say.text("Give them"), hidden=hidden, then="/give")  # fmt: skip


async def _call_back(request: Request, say: Language, token: str) -> Response:
    """Call a gift back."""
    which = (await typed_in(request, "gift"))["gift"]

    def work(session: Session, person: Person, now: datetime) -> None:
        giving.call_back(session, person.member_id, _id(which), person.actor, now)

    try:
        await in_worker(do, token, work)
    except Refusal as refusal:
        made = await in_worker(_page, say, token, refusal)
        return HTMLResponse(made, refusal.status, headers=HEADERS)
    return arrival.sent_on(f"{prefix(say)}/give")


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        return UUID(int=0)


# --- taking ---------------------------------------------------------------------------------------------------


async def _open(request: Request, say: Language, token: str) -> Response:
    """What a link leads to. Whoever is not signed in finds the way back here by a cookie."""
    code = str(request.path_params["code"])[:64]
    await in_worker(limits.spend, "gift_opened", limits.client(request))
    reader = await in_worker(member_by, token)
    response = HTMLResponse(await in_worker(_gift, say, code, reader, None), headers=HEADERS)
    response.headers["X-Robots-Tag"] = "noindex"
    if reader is None and request.method == "GET":
        response.set_cookie(arrival.GIFT, code, max_age=DAY_SECONDS, **arrival.flags())
    elif reader is not None:
        response.delete_cookie(arrival.GIFT, **arrival.flags())
    return response


def _gift(say: Language, code: str, reader: UUID | None, wrong: Refusal | None) -> str:
    with database.reading(engine()) as session:
        card = views.gift(session, code, reader, datetime.now(UTC), say, secret())
    return gift_pages.gift(say, card, f"/g/{shown(meant(code) or '')}", reader is not None, wrong)


async def _take(request: Request, say: Language, token: str) -> Response:
    """The button was pressed: it is theirs."""
    code = str(request.path_params["code"])[:64]
    await in_worker(limits.spend, "gift", sessions.digest(token).hex())

    def work(session: Session, person: Person, now: datetime) -> None:
        giving.take(session, person.member_id, code, secret(), now)

    try:
        await in_worker(do, token, work)
    except Refusal as refusal:
        if refusal.code == "gift_unknown":
            raise
        reader = await in_worker(member_by, token)
        made = await in_worker(_gift, say, code, reader, refusal)
        return HTMLResponse(made, refusal.status, headers=HEADERS)
    return arrival.sent_on(f"{prefix(say)}/g/{shown(meant(code) or '')}")
