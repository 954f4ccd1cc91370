"""`/r/<code>`: what a friend's link leads to, for people and for messengers that run no script, with its picture.

Who opens it is remembered in a cookie of our own for as long as the programme says, and is put down to whose link it
was when they join. Nothing else about them is kept; a link is counted once for each browser, and not without end. Who
looks at links goes by a rate of their own, whosever links they are: what many people open is there for all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app import database, limits, mail, settings
from app.door import engine, in_worker
from app.pictures import invitation
from app.pictures.invitation import Invitation
from app.pictures.routes import drawn_answer, in_turn
from app.public import arrival
from app.public import coming_in_pages as pages
from app.public.coming_in_pages import prefix
from facts.language import N_, SOURCE, Language, codes, language
from facts.refusals import Refusal
from members.actions import joining, referring
from members.cards import WelcomeCard
from members.channels import TAGS, kept, tag_of
from members.programme.versions import in_force
from members.referral_cards import InvitationCard
from members.referral_codes import by_code, over, read, terms_of
from members.views.inviting import gift
from members.views.inviting import invitation as told
from members.views.rules import welcome
from members.views.saying import shop, wording

INVITED = "regulars_invited"
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "X-Robots-Tag": "noindex"}
NOT_KEPT = "no-cache"  # asked again each time: a name on it can be taken back, and whoever has it be erased
DAY_SECONDS = 24 * 3600
RATE, TOO_MANY, WAIT = "invited", 429, {"Retry-After": "60"}


def routes() -> list[Route]:
    """For the composition root: the page and its picture in each language."""
    found: list[Route] = []
    for code in codes():
        start = "" if code == SOURCE else f"/{code}"
        found.append(Route(f"{start}/r/{{code}}", _page_in(code), methods=["GET", "HEAD"]))
        found.append(Route(f"{start}/r/{{code}}/card.png", _picture_in(code), methods=["GET", "HEAD"]))
    return found


def named(request: Request) -> str:
    """The code of whoever invited this browser, if anybody has, with the tag of the link that it opened."""
    typed = request.cookies.get(INVITED, "")[:80]
    return kept(read(typed), tag_of(typed))


def _page_in(spoken: str) -> Callable[[Request], Any]:
    async def page(request: Request) -> Response:
        code, seen = read(str(request.path_params["code"])[:60]), named(request)
        before, tag = read(seen), request.query_params.get("by", "")
        tag = tag if tag in TAGS else ""
        old = tag_of(seen) if before == code else ""
        client = limits.client(request)
        made, status, days, first = await in_worker(lambda: _page(code, spoken, client))
        response = HTMLResponse(made, status, headers=HEADERS | (WAIT if status == TOO_MANY else {}))
        if not days or request.method == "HEAD":
            return response
        if not (before and first):
            response.set_cookie(
                INVITED, kept(code, tag or old), max_age=days * DAY_SECONDS, **arrival.flags()
            )
        if before != code and request.headers.get("sec-fetch-mode") == "navigate":
            response.background = BackgroundTask(in_worker, _count, code, tag, client)
        return response

    return page


async def too_often(request: Request) -> Response | None:
    """The answer to who looks at links more often than anybody reads them: without words, in the place of a picture."""
    if await in_worker(limits.allowed, RATE, limits.client(request)):
        return None
    return Response(status_code=TOO_MANY, headers=WAIT)


def _count(code: str, tag: str, client: str) -> None:
    if not limits.allowed("clicked", client):
        return

    def work(session: Session) -> None:
        referring.clicked(session, code, datetime.now(UTC), tag or "link")

    database.attempt(engine(), work)


def _page(code: str, spoken: str, client: str) -> tuple[str, int, int, bool]:
    """The page, its status, for how many days a click counts (0: it leads nowhere), and whether the first one does."""
    say, now = language(spoken), datetime.now(UTC)
    try:
        limits.spend(RATE, client)
        with database.reading(engine()) as session:
            link, programme = by_code(session, code), in_force(session, now).programme
            card, found = welcome(session, now, say), told(session, link, now, say)
            terms = joining.terms(session, say, now)
    except Refusal as refusal:
        return _nowhere(say, refusal), refusal.status, 0, False
    if over(link, now):
        ended = say.text("This invitation is over. You are welcome all the same.")
        return _made(say, card, None, ended, terms, code), 200, 0, False
    referrals = programme.referrals
    return (
        _made(say, card, found, found.text, terms, code),
        200,
        referrals.window_days,
        referrals.touch == "first",
    )


def _nowhere(say: Language, refusal: Refusal) -> str:
    """The page of a code that nobody has, or that was taken back; joining is open all the same."""
    with database.reading(engine()) as session:
        name = shop(in_force(session, datetime.now(UTC)), say).name
    return pages.trouble(say, name, refusal.sentence(say), (N_("Join"), "/join"))


def _made(
    say: Language, card: WelcomeCard, found: InvitationCard | None, text: str, terms: str, code: str
) -> str:
    channels, path = sorted(mail.senders(settings.current())), f"/r/{code}"
    picture = f"{settings.current().public_url}{prefix(say)}{path}/card.png" if found else ""
    return pages.invited(say, card, found, text, terms, channels, picture, path)


def _picture_in(spoken: str) -> Callable[[Request], Any]:
    async def picture(request: Request) -> Response:
        if wait := await too_often(request):
            return wait
        code = read(str(request.path_params["code"])[:60])
        response = drawn_answer(request, await in_turn(_drawn, code, spoken), NOT_KEPT)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return picture


def _drawn(code: str, spoken: str) -> tuple[str, bytes] | None:
    say, now = language(spoken), datetime.now(UTC)
    try:
        with database.reading(engine()) as session:
            link = by_code(session, code)
            if over(link, now):
                return None
            card, version = told(session, link, now, say), in_force(session, now)
    except Refusal:
        return None
    share = terms_of(link.terms).friend
    figure = say.number(share.points) if share and share.points else ""
    unit = gift(share, wording(version, say)).replace(figure, "", 1).strip()
    return invitation.drawn(Invitation(card.shop.name, card.title, card.text, figure, unit, spoken))
