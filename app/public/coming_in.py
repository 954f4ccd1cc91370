"""Joining and signing in: `/join`, `/j/<code>` and `/sign-in`, in every language, without a line of script.

An address, a code that was sent to it, and one is in. Whoever joins with an address that has an account is simply
signed in; whoever signs in with one that has none may join with a tick. So nothing is said about who is known here,
before the address was proved. What was begun in a browser is kept under a cookie of its own, and is ended there.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app import database, limits, mail, settings
from app.door import cookie_token, engine, in_worker, secret
from app.public import arrival, invited, ways
from app.public import coming_in_pages as pages
from app.public.coming_in_ends import (
    AGAIN,
    HEADERS,
    PATHS,
    PROOF,
    Came,
    agree,
    come,
    follow,
    led_on,
    look,
    may_agree,
    shop_name,
    typed_in,
    with_proof,
)
from app.public.coming_in_pages import Draft, prefix
from app.public.entrances import same_origin
from facts.language import N_, SOURCE, Language, codes, language
from facts.refusals import Refusal
from members import addresses, sessions
from members.actions import codes as one_time
from members.actions import joining
from members.actions.joining import Wish
from members.programme.versions import in_force
from members.roles import MEMBER
from members.views.rules import welcome
from members.views.saying import shop as shop_card

Handler = Callable[[Request, Language, str], Awaitable[Response]]


def routes() -> list[Route]:
    """For the composition root."""
    found: list[Route] = []
    for code in codes():
        start = "" if code == SOURCE else f"/{code}"

        def add(
            path: str, handler: Handler, method: str, purpose: str, start: str = start, code: str = code
        ) -> None:
            found.append(Route(f"{start}{path}", _answered(code, handler, purpose), methods=[method]))

        add("/j/{link}", begin, "GET", "join")
        add("/join/agree", may_agree, "GET", "join")
        add("/join/agree", agree, "POST", "join")
        add("/sign-in/link/{link}", look, "GET", "sign_in")
        add("/sign-in/link/{link}", follow, "POST", "sign_in")
        for purpose, path in PATHS.items():
            add(path, begin, "GET", purpose)
            add(path, ask, "POST", purpose)
            add(f"{path}/code", type_it, "GET", purpose)
            add(f"{path}/code", prove, "POST", purpose)
            add(f"{path}/again", again, "POST", purpose)
    return found


def _answered(code: str, handler: Handler, purpose: str) -> Any:
    async def route(request: Request) -> Response:
        say = language(code)
        try:
            if request.method == "POST" and not same_origin(request):
                raise Refusal("not_here", AGAIN, status=403)
            return await handler(request, say, purpose)
        except Refusal as refusal:
            made = await in_worker(_trouble, say, refusal.sentence(say))
            return HTMLResponse(made, refusal.status, headers=HEADERS)

    return route


def _trouble(say: Language, sentence: str) -> str:
    try:
        return pages.trouble(say, shop_name(say), sentence)
    except Refusal:
        return pages.trouble(say, "Regulars", sentence)


# --- the first page ------------------------------------------------------------------------------------------


async def begin(request: Request, say: Language, purpose: str) -> Response:
    """The first page; who is in already is led on."""
    token = cookie_token(request.headers.get("cookie", ""))
    draft = Draft(link=str(request.path_params.get("link", "")))
    made = await in_worker(_begin, say, purpose, token, draft)
    return HTMLResponse(made, headers=HEADERS) if made else arrival.sent_on(f"{prefix(say)}/")


def _begin(say: Language, purpose: str, token: str, draft: Draft) -> str:
    with database.reading(engine()) as session:
        person = sessions.person_of(session, token, datetime.now(UTC))
    return "" if person and person.is_member else _first(say, purpose, draft, None)


def _first(say: Language, purpose: str, draft: Draft, wrong: Refusal | None) -> str:
    channels, now = sorted(mail.senders(settings.current())), datetime.now(UTC)
    if purpose == "sign_in":
        return pages.signing_in(say, shop_name(say), draft, channels, ways.ways_in(MEMBER, say.code), wrong)
    with database.reading(engine()) as session:
        card, terms = welcome(session, now, say), joining.terms(session, say, now)
    others = "" if channels else ways.providers_in(MEMBER, say)
    return pages.joining(say, card, terms, draft, channels, others, wrong)


async def ask(request: Request, say: Language, purpose: str) -> Response:
    """Send a code to the address that was typed."""
    typed = await typed_in(request, "address", "link", "agree", "offers")
    draft = Draft(typed["address"], typed["link"], bool(typed["agree"]), bool(typed["offers"]))
    wish = Wish(say.code, draft.link[:20], draft.offers, invited=invited.named(request))
    try:
        begun = await in_worker(_send, purpose, draft, wish, limits.client(request))
    except Refusal as refusal:
        made = await in_worker(_first, say, purpose, draft, refusal)
        return HTMLResponse(made, refusal.status, headers=HEADERS)
    return with_proof(f"{prefix(say)}{PATHS[purpose]}/code", begun.token)


def _send(purpose: str, draft: Draft, wish: Wish, client: str) -> one_time.Begun:
    if purpose == "join" and not draft.agree:
        raise Refusal(
            "agree_missing", N_("Please tick the box: without it we may not keep your points."), path="agree"
        )
    with database.reading(engine()) as session:
        zone = in_force(session, datetime.now(UTC)).programme.timezone
    subject = addresses.subject_of(draft.address, addresses.region_of(zone))
    if subject.partition(":")[0] not in mail.senders(settings.current()):
        raise Refusal(
            "channel_closed",
            N_("We cannot send anything there. Please type another address."),
            path="address",
        )
    return _sent(purpose, subject, wish, client)


def _sent(purpose: str, subject: str, wish: Wish, client: str) -> one_time.Begun:
    limits.spend("codes_asked", client)
    limits.spend("codes_sent", subject)
    site = settings.current().public_url

    def work(session: Session) -> one_time.Begun:
        return one_time.begin(session, purpose, subject, secret(), datetime.now(UTC), language=wish.language,
                              data=wish.data, site=site)  # fmt: skip

    return database.attempt(engine(), work)


# --- the code ------------------------------------------------------------------------------------------------


async def type_it(request: Request, say: Language, purpose: str) -> Response:
    """The second page, while there is a code to type."""
    return await _second(request, say, purpose, None)


async def _second(request: Request, say: Language, purpose: str, wrong: Refusal | None) -> Response:
    made = await in_worker(_code_page, say, purpose, request.cookies.get(PROOF, ""), wrong)
    if not made:
        return arrival.sent_on(f"{prefix(say)}{PATHS[purpose]}")
    return HTMLResponse(made, wrong.status if wrong else 200, headers=HEADERS)


def _code_page(say: Language, purpose: str, token: str, wrong: Refusal | None) -> str:
    now = datetime.now(UTC)
    with database.reading(engine()) as session:
        proof = one_time.begun_with(session, token, now)
        if proof is None or proof.purpose != purpose:
            return ""
        shop = shop_card(in_force(session, now), say).name
    wait = max(0, round((proof.created_at + one_time.PAUSE - now).total_seconds()))
    return pages.code(say, shop, PATHS[purpose], proof.subject.partition(":")[2], wrong, wait)


async def again(request: Request, say: Language, purpose: str) -> Response:
    """Send a new code to the same address; the one before is worth nothing."""
    try:
        begun = await in_worker(_send_again, purpose, request.cookies.get(PROOF, ""), limits.client(request))
    except Refusal as refusal:
        return await _second(request, say, purpose, refusal)
    if begun is None:
        return arrival.sent_on(f"{prefix(say)}{PATHS[purpose]}")
    return with_proof(f"{prefix(say)}{PATHS[purpose]}/code", begun.token)


def _send_again(purpose: str, token: str, client: str) -> one_time.Begun | None:
    with database.reading(engine()) as session:
        proof = one_time.begun_with(session, token, datetime.now(UTC))
    if proof is None or proof.purpose != purpose:
        return None
    return _sent(purpose, proof.subject, Wish.of(json.loads(proof.data)), client)


async def prove(request: Request, say: Language, purpose: str) -> Response:
    """The code was typed: come in."""
    typed, token = await typed_in(request, "code"), request.cookies.get(PROOF, "")

    def work(session: Session) -> Came:
        now = datetime.now(UTC)
        proof = one_time.answer(session, purpose, token, typed["code"], secret(), now)
        return come(session, proof.purpose, proof.subject, json.loads(proof.data), now, came)

    came = arrival.browser(request)
    try:
        await in_worker(limits.spend, "codes_typed", limits.client(request))
        found = await in_worker(database.attempt, engine(), work)
    except Refusal as refusal:
        return await _second(request, say, purpose, refusal)
    return led_on(found, say, came, request)
