"""How coming in ends: an address was proved, by a code or by the button behind a link, and a session is opened.

Whoever proved one that nobody has joined with may do so with a tick (`/join/agree`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app import database, limits
from app.door import engine, in_worker
from app.public import arrival
from app.public import coming_in_pages as pages
from app.public.coming_in_pages import prefix
from facts.language import N_, Language
from facts.refusals import Refusal
from members import addresses, proofs, sessions
from members.actions import codes as one_time
from members.actions import joining
from members.actions.joining import Wish
from members.programme.versions import in_force
from members.roles import MEMBER, Person
from members.views.saying import shop as shop_card
from members.way_tables import Proof

PROOF = "regulars_proof"
PATHS = {"join": "/join", "sign_in": "/sign-in"}
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
AGAIN = N_("That did not work. Please begin again.")


@dataclass(frozen=True, slots=True)
class Came:
    """A session that was opened; or the token of somebody who has proved an address, and is not a member yet."""

    token: str
    until: datetime | None = None


def come(
    session: Session, purpose: str, subject: str, data: dict[str, Any], now: datetime, came: dict[str, str]
) -> Came:
    """Who proved `subject` comes in: who joins at once, who signs in when they are a member."""
    wish = replace(Wish.of(data), signs=arrival.signs(came, subject))
    known = joining.joined(session, subject)
    if purpose != "join" and known is None:
        return Came(proofs.begin(session, "agree", {"subject": subject, **data}, now))
    member_id = known or joining.join(session, subject, wish, now)
    person = Person(str(member_id), MEMBER)
    return Came(*arrival.open_session(session, person, now, way="code", **came))


def led_on(found: Came, say: Language, came: dict[str, str], request: Request) -> Response:
    """To the dashboard, or a gift, with the new session; to the one tick that is left, where there is none."""
    if found.until is None:
        return with_proof(f"{prefix(say)}/join/agree", found.token)
    on = arrival.way_on(request, Person("", MEMBER), say.code)
    response = arrival.welcome(arrival.sent_on(on), found.token, found.until, came["device"])
    response.delete_cookie(PROOF, **arrival.flags())
    return response


async def may_agree(request: Request, say: Language, purpose: str) -> Response:
    """One tick is left."""
    made = await in_worker(_agreeing, say, request.cookies.get(PROOF, ""), None)
    return HTMLResponse(made, headers=HEADERS) if made else arrival.sent_on(f"{prefix(say)}{PATHS[purpose]}")


def _agreeing(say: Language, token: str, wrong: Refusal | None) -> str:
    now = datetime.now(UTC)
    with database.reading(engine()) as session:
        if proofs.look(session, "agree", token, now) is None:
            return ""
        shop, terms = shop_card(in_force(session, now), say).name, joining.terms(session, say, now)
    return pages.agreeing(say, shop, terms, wrong)


async def agree(request: Request, say: Language, purpose: str) -> Response:
    """The tick was made: join."""
    typed, token, came = (
        await typed_in(request, "agree", "offers"),
        request.cookies.get(PROOF, ""),
        arrival.browser(request),
    )

    def work(session: Session) -> Came | None:
        now = datetime.now(UTC)
        kept = proofs.end(session, "agree", token, now)
        if kept is None:
            return None
        link, friend = str(kept.get("link", "")), str(kept.get("invited", ""))
        wish = Wish(say.code, link, bool(typed["offers"]), invited=friend)
        return come(session, "join", str(kept["subject"]), wish.data, now, came)

    if not typed["agree"]:
        return await may_agree(request, say, purpose)
    found = await in_worker(database.attempt, engine(), work)
    return led_on(found, say, came, request) if found else arrival.sent_on(f"{prefix(say)}{PATHS[purpose]}")


async def look(request: Request, say: Language, purpose: str) -> Response:
    """The page of a one-time link. Looking uses nothing up, so a scanner of letters does no harm."""
    made = await in_worker(_link_page, say, request.path_params["link"], request.cookies.get(PROOF, ""))
    return HTMLResponse(made, headers=HEADERS)


def _link_page(say: Language, link: str, token: str) -> str:
    now = datetime.now(UTC)
    with database.reading(engine()) as session:
        proof = one_time.by_link(session, link, now)
        if proof is None:
            raise one_time.link_over()
        here = _here(proof, token)
        shop = shop_card(in_force(session, now), say).name
    action = f"{prefix(say)}/sign-in/link/{link}"
    return pages.link(say, shop, action, addresses.veiled(proof.subject), here)


def _here(proof: Proof, token: str) -> bool:
    """Whether it was begun in the browser that holds this token."""
    return token != "" and sessions.digest(token) == proof.digest


async def follow(request: Request, say: Language, purpose: str) -> Response:
    """The button behind the link was pressed: come in, in this browser.

    Only the browser that asked has seen its ticks. In another one a link signs in, and nobody joins by it unasked.
    """
    link, token, came = (
        request.path_params["link"],
        request.cookies.get(PROOF, ""),
        arrival.browser(request),
    )
    await in_worker(limits.spend, "sign_in", limits.client(request))

    def work(session: Session) -> Came:
        now = datetime.now(UTC)
        proof = one_time.follow(session, link, now)
        purpose = proof.purpose if _here(proof, token) else "sign_in"
        return come(session, purpose, proof.subject, json.loads(proof.data), now, came)

    return led_on(await in_worker(database.attempt, engine(), work), say, came, request)


async def typed_in(request: Request, *names: str) -> dict[str, str]:
    """What was typed into these boxes of a form, no longer than an address may be."""
    try:
        async with request.form(max_files=0, max_fields=8, max_part_size=2048) as form:
            return {name: str(form.get(name, ""))[: pages.ADDRESS_LENGTH_MAX + 1] for name in names}
    except (HTTPException, ClientDisconnect):
        raise Refusal("form_unreadable", AGAIN, status=400) from None


def with_proof(to: str, token: str) -> Response:
    """On to one of our addresses, with the token of what was begun."""
    response = RedirectResponse(to, 303, headers=HEADERS)
    response.set_cookie(PROOF, token, max_age=int(one_time.LASTS.total_seconds()), **arrival.flags())
    return response


def shop_name(say: Language) -> str:
    """What the shop is called."""
    with database.reading(engine()) as session:
        return shop_card(in_force(session, datetime.now(UTC)), say).name
