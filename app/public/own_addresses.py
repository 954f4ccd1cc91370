"""`/ways/address`: a member adds another address with a code, or takes one off; both only in a session of theirs."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app import database, limits, mail, settings
from app.door import engine, in_worker, secret
from app.public import arrival, ways
from app.public import coming_in_pages as pages
from app.public.coming_in_ends import HEADERS, PROOF, shop_name, typed_in, with_proof
from app.public.coming_in_pages import prefix
from app.public.own_fresh import alert, do, with_code
from app.public.own_guard import guarded
from app.public.sheet import sheet
from facts.language import N_, SOURCE, Language, codes, language
from facts.refusals import Refusal
from members import addresses
from members.actions import codes as one_time
from members.actions import reaching
from members.programme.versions import in_force
from members.roles import Person

PATH = "/ways/address"


def routes() -> list[Route]:
    """For the composition root."""
    found: list[Route] = []
    for code in codes():
        start, say = ("" if code == SOURCE else f"/{code}"), language(code)
        for path, answer in (
            ("", _ask),
            ("/code", _prove),
            ("/again", _again),
            ("/both", _both),
            ("/news", _news),
            ("/remove", _remove),
        ):
            methods = ["GET", "POST"] if path in ("", "/code") else ["POST"]
            found.append(Route(f"{start}{PATH}{path}", guarded(say, answer, _refused), methods=methods))
    return found


# --- adding ---------------------------------------------------------------------------------------------------


async def _ask(request: Request, say: Language, token: str) -> Response:
    """The box for another address; or send a code to what was typed."""
    if request.method == "GET":
        return HTMLResponse(await in_worker(_box, say, "", None), headers=HEADERS)
    typed = (await typed_in(request, "address"))["address"]
    try:
        begun = await in_worker(_sent, say, token, typed, limits.client(request))
    except Refusal as refusal:
        made = await in_worker(_box, say, typed, refusal)
        return HTMLResponse(made, refusal.status, headers=HEADERS)
    return with_proof(f"{prefix(say)}{PATH}/code", begun.token)


def _sent(say: Language, token: str, typed: str, client: str) -> one_time.Begun:
    with database.reading(engine()) as session:
        zone = in_force(session, datetime.now(UTC)).programme.timezone
    subject = addresses.subject_of(typed, addresses.region_of(zone))
    if subject.partition(":")[0] not in mail.senders(settings.current()):
        text = N_("We cannot send anything there. Please type another address.")
        raise Refusal("channel_closed", text, path="address")
    limits.spend("codes_asked", client)
    limits.spend("codes_sent", subject)

    def work(session: Session, person: Person, now: datetime) -> one_time.Begun:
        return reaching.ask(session, person.member_id, subject, secret(), now, language=say.code)

    return do(token, work)


async def _again(request: Request, say: Language, token: str) -> Response:
    """Send a new code to the same address."""
    proof = await in_worker(_begun, request.cookies.get(PROOF, ""))
    if not proof:
        return arrival.sent_on(f"{prefix(say)}{PATH}")
    begun = await in_worker(_sent, say, token, proof.partition(":")[2], limits.client(request))
    return with_proof(f"{prefix(say)}{PATH}/code", begun.token)


def _begun(proof: str) -> str:
    with database.reading(engine()) as session:
        found = one_time.begun_with(session, proof, datetime.now(UTC))
    return found.subject if found and found.purpose == reaching.LINK else ""


async def _prove(request: Request, say: Language, token: str) -> Response:
    """The second page, and the code that was typed into it."""
    proof = request.cookies.get(PROOF, "")
    if request.method == "GET":
        return await _second(say, proof, None)
    typed = (await typed_in(request, "code"))["code"]

    def work(session: Session, person: Person, now: datetime) -> reaching.Elsewhere | None:
        return reaching.add(session, person.member_id, proof, typed, secret(), now)

    try:
        await in_worker(limits.spend, "codes_typed", limits.client(request))
        found = await in_worker(do, token, work)
    except Refusal as refusal:
        return await _second(say, proof, refusal)
    if found is None:
        response = arrival.sent_on(f"{prefix(say)}/ways")
        response.delete_cookie(PROOF, **arrival.flags())
        return response
    response = HTMLResponse(await in_worker(_elsewhere, say, found.points), headers=HEADERS)
    response.set_cookie(PROOF, found.token, max_age=600, **arrival.flags())
    return response


async def _second(say: Language, proof: str, wrong: Refusal | None) -> Response:
    subject = await in_worker(_begun, proof)
    if not subject:
        if wrong is not None:
            raise wrong
        return arrival.sent_on(f"{prefix(say)}{PATH}")
    made = pages.code(say, await in_worker(shop_name, say), PATH, subject.partition(":")[2], wrong, 30)
    return HTMLResponse(made, wrong.status if wrong else 200, headers=HEADERS)


async def _both(request: Request, say: Language, token: str) -> Response:
    """Make one account of the two that were proved, once the one that stays has shown a fresh code."""
    typed = await typed_in(request, "both", "step", "code")
    proof = typed["both"] or request.cookies.get(PROOF, "")

    def work(session: Session, person: Person, now: datetime, known: bytes) -> None:
        reaching.make_one(session, person.member_id, proof, known, now)

    title = say.text("One account of two")
    return await with_code(request, say, token, typed, work, _sheet, path=f"{PATH}/both", title=title,
                           go=say.text("Make one account of them"), hidden={"both": proof})  # fmt: skip


async def _news(request: Request, say: Language, token: str) -> Response:
    """Have news sent to this address."""
    which = (await typed_in(request, "address"))["address"]

    def work(session: Session, person: Person, now: datetime) -> None:
        reaching.choose(session, person.member_id, which)

    await in_worker(do, token, work)
    return arrival.sent_on(f"{prefix(say)}/ways")


# --- taking one off -------------------------------------------------------------------------------------------


async def _remove(request: Request, say: Language, token: str) -> Response:
    """Take an address off; where nothing was proved lately, with a code that is sent first."""
    typed = await typed_in(request, "address", "step", "code")

    def work(session: Session, person: Person, now: datetime, known: bytes) -> None:
        reaching.remove(session, person.member_id, typed["address"], known, now)

    return await with_code(request, say, token, typed, work, _sheet, path=f"{PATH}/remove",
                           title=say.text("Take this address off"), go=say.text("Take it off"),
                           hidden={"address": typed["address"]})  # fmt: skip


# --- the pages ------------------------------------------------------------------------------------------------


def _sheet(say: Language, title: str, body: list[str]) -> str:
    back = escape(say.text("Back"))
    whole = [pages.STYLE, ways.STYLE, f"<h1>{escape(title)}</h1>", *body]
    whole.append(f'<p><a class="on" href="{prefix(say)}/ways">{back}</a></p>')
    return sheet(say, title, whole, shop=shop_name(say), path="/ways", description=title)


def _refused(say: Language, wrong: Refusal) -> Response:
    made = _sheet(say, say.text("My addresses"), [alert(say, wrong)])
    return HTMLResponse(made, wrong.status, headers=HEADERS)


def _box(say: Language, typed: str, wrong: Refusal | None) -> str:
    label, go_on = escape(say.text("E-mail or phone number")), escape(say.text("Send me a code"))
    told = escape(
        say.text("We send a code there. With it the address is yours, and what was bought with it counts.")
    )
    form = (
        f'<form class="step panel" method="post" action="{prefix(say)}{PATH}"><label for="address">{label}</label>'
        f'<input id="address" name="address" required maxlength="{pages.ADDRESS_LENGTH_MAX}" autocomplete="email" '
        f'dir="ltr" value="{escape(typed)}">{alert(say, wrong)}<button>{go_on}</button></form>'
    )
    return _sheet(say, say.text("Another address"), [f"<p>{told}</p>", form])


def _elsewhere(say: Language, points: int) -> str:
    told = say.plural("It has {n} point. You have proved that both are yours.",
                      "It has {n} points. You have proved that both are yours.", points)  # fmt: skip
    what = say.text("We can make one account of them: points, badges, rewards and ways in come here.")
    yes = escape(say.text("Make one account of them"))
    form = f'<form class="step" method="post" action="{prefix(say)}{PATH}/both"><button>{yes}</button></form>'
    title = say.text("This address opens another account of yours")
    return _sheet(say, title, [f"<p>{escape(told)}</p><p>{escape(what)}</p>", form])
