"""Joining with a provider: somebody new is shown what it says of them and what they would agree to, before anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app import database
from app.door import engine, in_worker
from app.providers import Provider
from app.public import arrival, invited, oidc_pages
from app.public.entrances import same_origin
from app.public.sheet import sheet
from facts.language import N_, Language
from facts.refusals import Refusal
from members import proofs
from members.actions import joining, logins
from members.actions.logins import Vouched
from members.roles import MEMBER, Person
from members.tables import Member

STRANGER, COOKIE = "oidc_join", "regulars_oidc"
OVER = Refusal("journey_unknown", N_("That did not work. Please begin again."), status=403)
UNTICKED = N_("Tick the box to become a member.")
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def keep(one: Vouched) -> str:
    """Remember whom a provider vouched for, until they have said whether they want to join: the token."""
    data = {
        "provider": one.provider,
        "issuer": one.issuer,
        "subject": one.subject,
        "email": one.email,
        "name": one.name,
    }
    return database.attempt(
        engine(), lambda session: proofs.begin(session, STRANGER, data, datetime.now(UTC))
    )


async def ask(request: Request, provider: Provider, say: Language) -> Response:
    """The page that asks."""
    token = request.cookies.get(COOKIE, "")
    return HTMLResponse(await in_worker(_page, provider, token, say, ""), headers=HEADERS)


async def join(request: Request, provider: Provider, say: Language) -> Response:
    """Make the account, and open its first session."""
    if not same_origin(request):
        raise OVER
    async with request.form(max_files=0, max_fields=3, max_part_size=1024) as form:
        agreed, offers = bool(form.get("agreed")), bool(form.get("offers"))
    token, came = request.cookies.get(COOKIE, ""), arrival.browser(request)
    if not agreed:
        page = await in_worker(_page, provider, token, say, say.text(UNTICKED))
        return HTMLResponse(page, 422, headers=HEADERS)
    wish = joining.Wish(language=say.code, offers=offers, way=f"oidc:{provider.name}",
                        invited=invited.named(request))  # fmt: skip
    person, opened, until = await in_worker(_join, provider, token, wish, came)
    response = arrival.sent_on(arrival.way_on(request, person, say.code))
    response.delete_cookie(COOKIE, **{**arrival.flags(), "path": "/oidc"})
    return arrival.welcome(response, opened, until, came["device"])


def _join(
    provider: Provider, token: str, wish: joining.Wish, came: dict[str, str]
) -> tuple[Person, str, datetime]:
    def work(session: Session) -> tuple[Person, str, datetime]:
        now = datetime.now(UTC)
        one = _stranger(proofs.end(session, STRANGER, token, now), provider)
        if logins.enter(session, one, MEMBER, now):
            raise OVER  # a second tab was faster: they are a member by now
        logins.check_new(session, one)
        signs = arrival.signs(came, f"email:{one.email}" if one.email else "")
        member_id = _made(session, one, replace(wish, signs=signs), now)
        person = Person(str(member_id), MEMBER)
        opened = arrival.open_session(session, person, now, way=f"oidc:{provider.name}", **came)
        return person, *opened

    return database.attempt(engine(), work)


def _made(session: Session, one: Vouched, wish: joining.Wish, now: datetime) -> UUID:
    """A member of their own, known by this login from now on."""
    subject = f"email:{one.email}" if one.email else ""
    if not subject and wish.offers:
        wish = replace(wish, offers=False)
    member_id = joining.join(session, subject, wish, now)
    member = session.get(Member, member_id)
    if member and one.name and not member.name:
        member.name = one.name
        session.add(member)
    logins.link(session, Person(str(member_id), MEMBER), one, now, first=True)
    return member_id


def _stranger(kept: dict[str, Any] | None, provider: Provider) -> Vouched:
    if kept is None or kept["provider"] != provider.name:
        raise OVER
    return Vouched(**kept)


def _page(provider: Provider, token: str, say: Language, problem: str) -> str:
    now = datetime.now(UTC)
    with database.reading(engine()) as session:
        one = _stranger(proofs.look(session, STRANGER, token, now), provider)
        shop, terms = oidc_pages.shop_of(session, say), joining.terms(session, say, now)
    title = say.text("Join {shop}", shop=shop)
    return sheet(say, title, [_form(provider, one, say, title, terms, problem)], shop=shop, path="/join",
                 description=title)  # fmt: skip


def _form(provider: Provider, one: Vouched, say: Language, title: str, terms: str, problem: str) -> str:
    told = [one.name, one.email]
    known = "".join(f"<p><bdi><b>{escape(line)}</b></bdi></p>" for line in told if line)
    intro = say.text("You are new here. {provider} tells us:", provider=provider.label)
    none = say.text("{provider} tells us nothing but that it is you.", provider=provider.label)
    wrong = f'<p id="wrong" role="alert" class="wrong">{escape(problem)}</p>' if problem else ""
    marked = ' aria-invalid="true" aria-describedby="wrong"' if problem else ""
    have = say.text("I have an account already")
    return (
        f"<style>{STYLE}</style><h1>{escape(title)}</h1>"
        f'<section class="panel"><p class="soft">{escape(intro if known else none)}</p>{known}</section>'
        f'<form method="post" action="{oidc_pages.prefix(say)}/oidc/{provider.name}/join">'
        f'<label class="tick"><input type="checkbox" name="agreed" value="1" required{marked}> '
        f"<span>{escape(terms)}</span></label>{wrong}{_offers(one, say)}"
        f"<button>{escape(say.text('Join'))}</button></form>"
        f'<p class="have"><a href="{oidc_pages.sign_in("members", say)}">{escape(have)}</a></p>'
    )


STYLE = (
    ".tick{display:flex;gap:.75rem;align-items:start;color:var(--ink);font-size:1rem;padding-block:.5rem}"
    ".tick input{inline-size:1.5rem;min-block-size:1.5rem;flex:none}.wrong{color:var(--caution)}"
    ".have{margin-block-start:1rem}.have a{display:inline-flex;align-items:center;min-block-size:2.75rem}"
)


def _offers(one: Vouched, say: Language) -> str:
    if not one.email:
        return ""
    words = say.text("Write to me about offers and what is new in the shop.")
    return (
        '<label class="tick"><input type="checkbox" name="offers" value="1"> '
        f"<span>{escape(words)}</span></label>"
    )
