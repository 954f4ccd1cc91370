"""`/ways`: where somebody is signed in, and how they come in: sessions, devices, passkeys, linked accounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from app import database, settings
from app.door import cookie_token, engine, in_worker, secret
from app.public import arrival, ways
from app.public.coming_in_ends import AGAIN, HEADERS, typed_in
from app.public.coming_in_pages import prefix
from app.public.entrances import same_origin
from app.public.sheet import sheet
from facts.language import N_, SOURCE, Language, codes, language
from facts.refusals import Refusal
from members import devices, letting_know, sessions, takeover
from members.actions import card, reaching
from members.addresses import veiled
from members.letters import EMAIL, PHONE
from members.programme.versions import in_force
from members.roles import Person
from members.tables import BrowserSession, Identity
from members.views.saying import shop as shop_card
from members.views.saying import timed

WAYS = {
    "code": N_("with a code"),
    "passkey": N_("with a passkey"),
    "demo": N_("by the demo's entrance"),
    "invitation": N_("by an invitation"),
}


def routes() -> list[Route]:
    """For the composition root."""
    found: list[Route] = []
    for code in codes():
        start = "" if code == SOURCE else f"/{code}"
        found += [
            Route(f"{start}/ways", _look(code), methods=["GET"]),
            Route(f"{start}/ways/end", _ending(code, _end_one), methods=["POST"]),
            Route(f"{start}/ways/end-others", _ending(code, _end_others), methods=["POST"]),
        ]
    return found


def _look(code: str) -> Any:
    async def route(request: Request) -> Response:
        say = language(code)
        made = await in_worker(_page, cookie_token(request.headers.get("cookie", "")), say)
        return HTMLResponse(made, headers=HEADERS) if made else arrival.sent_on(f"{prefix(say)}/sign-in")

    return route


def _ending(code: str, end: Callable[[Session, Person, str, str, datetime], None]) -> Any:
    async def route(request: Request) -> Response:
        say = language(code)
        if not same_origin(request):
            return PlainTextResponse(say.text(AGAIN), 403)
        try:
            which = (await typed_in(request, "which"))["which"]
        except Refusal:
            which = ""
        token = cookie_token(request.headers.get("cookie", ""))

        def work(session: Session) -> None:
            now = datetime.now(UTC)
            person = sessions.person_of(session, token, now)
            if person:
                end(session, person, token, which, now)

        await in_worker(database.attempt, engine(), work)
        return arrival.sent_on(f"{prefix(say)}/ways")

    return route


def _end_one(session: Session, person: Person, token: str, which: str, now: datetime) -> None:
    sessions.end_one(session, person, which, now)
    _renew_card(session, person)


def _end_others(session: Session, person: Person, token: str, which: str, now: datetime) -> None:
    sessions.end_others(session, person, token, now)
    _renew_card(session, person)


def _renew_card(session: Session, person: Person) -> None:
    """A phone that is signed out from afar may never hear of it: its card shows nothing any more that is good."""
    if person.is_member:
        card.renew(session, person.member_id, secret())


def _page(token: str, say: Language) -> str:
    now = datetime.now(UTC)
    with database.reading(engine()) as session:
        person = sessions.person_of(session, token, now)
        if person is None:
            return ""
        version = in_force(session, now)
        zone = version.programme.zone
        here = sessions.digest(token)
        mine = sessions.of(session, person, now)
        rows = [_row(one, one.digest == here, say, zone, now) for one in mine]
        body = [ways.STYLE, _heading(say), _sessions(rows, say)]
        if person.is_member:
            body += [_addresses(session, person, say), _devices(session, person, say, zone)]
        body.append(ways.ways_of(session, person, say))
        shop = shop_card(version, say).name
    back = escape(say.text("Back"))
    body.append(f'<p><a class="on" href="{arrival.home_of(person, say.code)}">{back}</a></p>')
    title = say.text("Ways in")
    return sheet(say, title, body, shop=shop, path="/ways", description=title)


def _heading(say: Language) -> str:
    title, told = (
        escape(say.text("Ways in")),
        escape(say.text("Where you are signed in, and how you come in.")),
    )
    return f"<h1>{title}</h1><p>{told}</p>"


def _sessions(rows: list[str], say: Language) -> str:
    title, others = escape(say.text("Signed in")), escape(say.text("End all others"))
    all_others = (
        f'<form method="post" action="{prefix(say)}/ways/end-others"><button class="plain">{others}</button></form>'
        if len(rows) > 1
        else ""
    )
    return (
        f'<section class="panel"><h2>{title}</h2><ul class="mine">{"".join(rows)}</ul>{all_others}</section>'
    )


def _row(one: BrowserSession, here: bool, say: Language, zone: ZoneInfo, now: datetime) -> str:
    name = escape(devices.named(one.label, say))
    since = say.text("Since {date}", date=_moment(one.created_at, say, zone))
    this_one = say.text("this one")
    mark = f" · {this_one}" if here else ""
    told = [since, _way(one.way, say), "" if here else _last_seen(one.seen_at, say, zone, now)]
    end, this = escape(say.text("End")), escape(" · ".join(part for part in told if part))
    form = (
        f'<form method="post" action="{prefix(say)}/ways/end"><input type="hidden" name="which" '
        f'value="{sessions.ident_of(one)}"><button aria-label="{end}: {name}">{end}</button></form>'
    )
    return f'<li><b>{name}</b>{escape(mark)}<p class="soft">{this}</p>{"" if here else form}</li>'


def _last_seen(at: datetime | None, say: Language, zone: ZoneInfo, now: datetime) -> str:
    """The day on which somebody was there last; it is known to the hour."""
    if at is None:
        return ""
    days = (now.astimezone(zone).date() - at.astimezone(zone).date()).days
    if days <= 1:
        return say.text("Last seen yesterday") if days == 1 else say.text("Last seen today")
    this_year = at.astimezone(zone).year == now.astimezone(zone).year
    return say.text("Last seen on {date}", date=say.date(at, "day" if this_year else "long", zone))


def _way(way: str, say: Language) -> str:
    kind, _, name = way.partition(":")
    if kind == "oidc":
        label = next((one.label for one in settings.current().providers if one.name == name), name)
        return say.text("by {provider}", provider=label)
    return say.text(WAYS[kind]) if kind in WAYS else ""


def _moment(at: datetime, say: Language, zone: ZoneInfo) -> str:
    return timed(say.date(at, "medium", zone), at, say, zone)


def _addresses(session: Session, person: Person, say: Language) -> str:
    found = takeover.addresses(session, person.member_id)
    title = escape(say.text("Where we send codes"))
    news = {letting_know.address_of(session, person.member_id, channel) for channel in (EMAIL, PHONE)}
    rows = "".join(_address(one, len(found) > 1, one.key.partition(":")[2] in news, say) for one in found)
    none, more = escape(say.text("No address yet.")), escape(say.text("Add another address"))
    inside = f'<ul class="mine">{rows}</ul>' if rows else f"<p>{none}</p>"
    add = f'<p><a class="on" href="{prefix(say)}/ways/address">{more}</a></p>'
    return f'<section class="panel"><h2>{title}</h2>{inside}{add}</section>'


def _address(one: Identity, several: bool, news: bool, say: Language) -> str:
    """An address, and what can be done with it: both in one form, so that they stand side by side."""
    take, name, base = escape(say.text("Take it off")), escape(veiled(one.key)), f"{prefix(say)}/ways/address"
    here, choose = escape(say.text("News of your points goes here")), escape(say.text("Send news here"))
    told = f'<p class="soft">{here}</p>' if several and news else ""
    pick = f'<button formaction="{base}/news" aria-label="{choose}: {name}">{choose}</button>'
    form = (
        f'<form method="post" action="{base}/remove"><input type="hidden" name="address" '
        f'value="{reaching.ident_of(one)}">{pick if several and not news else ""}'
        f'<button aria-label="{take}: {name}">{take}</button></form>'
    )
    return f'<li><bdi dir="ltr">{name}</bdi>{told}{form}</li>'


def _devices(session: Session, person: Person, say: Language, zone: ZoneInfo) -> str:
    title = escape(say.text("Devices that were here"))
    rows = ""
    for one in devices.of(session, person.member_id)[:20]:
        first = say.text("First on {date}, last on {last}", date=say.date(one.first_at, "medium", zone),
                         last=say.date(one.seen_at, "medium", zone))  # fmt: skip
        rows += f'<li><b>{escape(devices.named(one.label, say))}</b><p class="soft">{escape(first)}</p></li>'
    return f'<section class="panel"><h2>{title}</h2><ul class="mine">{rows}</ul></section>' if rows else ""
