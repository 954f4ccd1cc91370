"""What is a member's own, outside the pages: the download of their data, and erasing it.

`POST /me/export` gives a zip archive; `/me/erase` says what happens, sends a code and, with it, erases. A session that
was opened in the last few minutes is proof enough.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import escape
from typing import IO, Any
from uuid import UUID

from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from app import database, limits, live, settings
from app.door import COOKIE, Turned, admit, cookie_token, engine, in_worker, secret
from app.public import marks
from app.public.entrances import same_origin
from app.public.own_archive import write_archive
from app.public.sheet import sheet
from facts.language import N_, SOURCE, Language, codes, language
from facts.refusals import Refusal
from members import sessions, takeover
from members.actions.codes import answer, begin
from members.actions.erase import erase
from members.audit import audit
from members.programme import versions
from members.roles import Capability, Person
from members.tables import BrowserSession, Identity

FRESH = timedelta(minutes=10)
PROOF = "regulars_proof"
CHUNK = 1 << 16
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
FORM = {"max_files": 0, "max_fields": 4, "max_part_size": 1024}
GONE = (
    N_("Your name, your addresses, what you bought, your badges and your vouchers are deleted at once."),
    N_("Your points are gone, and nobody can bring them back."),
    N_("What remains are sums without a name, which the shop needs for its books."),
)


def routes() -> list[Route]:
    """For the composition root."""
    found = [Route("/me/export", export, methods=["POST"])]
    for code in codes():
        start = "" if code == SOURCE else f"/{code}"
        found.append(Route(f"{start}/me/erase", _erasing(language(code)), methods=["GET", "POST"]))
    return found


async def export(request: Request) -> Response:
    """Everything that is theirs, as JSON and CSV in one archive."""
    token = cookie_token(request.headers.get("cookie", ""))
    if not same_origin(request):
        return PlainTextResponse("This came from another site.", 403)
    try:
        await in_worker(limits.spend, "own_data", sessions.digest(token).hex())
        made = await in_worker(_archive, token)
    except Refusal as refusal:
        return PlainTextResponse(refusal.sentence(), refusal.status)
    headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="my-data.zip"'}
    return StreamingResponse(_chunks(made), media_type="application/zip", headers=headers)


def _archive(token: str) -> IO[bytes]:
    def noted(session: Session, person: Person, now: datetime) -> Person:
        audit(session, person.actor, "member.exported_own", f"member:{person.member_id}", {}, now)
        return person

    allowed = admit(token, Capability.OWN_DATA, noted)
    if isinstance(allowed, Turned):
        raise allowed.refusal
    made: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it was sent
    with database.reading(engine()) as session:
        write_archive(session, allowed.value.member_id, made, datetime.now(UTC))
    made.seek(0)
    return made


def _chunks(made: IO[bytes]) -> Iterator[bytes]:
    with made:
        while part := made.read(CHUNK):
            yield part


def _erasing(say: Language) -> Any:
    async def route(request: Request) -> Response:
        token = cookie_token(request.headers.get("cookie", ""))
        who = await in_worker(_who, token)
        if who is None:
            return RedirectResponse("/" if say.code == SOURCE else f"/{say.code}", 303, headers=HEADERS)
        if request.method == "GET":
            return HTMLResponse(await in_worker(_page, say, token), headers=HEADERS)
        if not same_origin(request):
            return PlainTextResponse("This came from another site.", 403)
        try:
            async with request.form(**FORM) as form:
                step, code = str(form.get("step", "")), str(form.get("code", ""))[:40]
        except (HTTPException, ClientDisconnect):
            step, code = "", ""
        return await in_worker(_act, say, token, request.cookies.get(PROOF, ""), step, code)

    return route


def _who(token: str) -> Person | None:
    with database.reading(engine()) as session:
        person = sessions.person_of(session, token, datetime.now(UTC))
    return person if person and person.may(Capability.OWN_DATA) else None


def _act(say: Language, token: str, proof: str, step: str, code: str) -> Response:
    try:
        limits.spend("codes_tried", sessions.digest(token).hex())
        if step == "send":
            sent, until = _sent(say, token)
            response = HTMLResponse(_page(say, token, typing=True), headers=HEADERS)
            response.set_cookie(PROOF, sent, expires=until, httponly=True, samesite="lax",
                                secure=settings.current().secure_cookies)  # fmt: skip
            return response
        _erased(token, proof, code if step == "code" else "")
    except Refusal as refusal:
        page = _page(say, token, typing=step == "code", wrong=refusal)
        return HTMLResponse(page, refusal.status, headers=HEADERS)
    response = HTMLResponse(_done(say), headers={**HEADERS, "Clear-Site-Data": '"cache", "storage"'})
    for name in (COOKIE, PROOF):
        response.delete_cookie(name, httponly=True, samesite="lax", secure=settings.current().secure_cookies)
    marks.forget(response)
    return response


def _sent(say: Language, token: str) -> tuple[str, datetime]:
    def work(session: Session, person: Person, now: datetime) -> tuple[str, datetime]:
        subject = _address(session, person)
        if not subject:
            raise Refusal("no_address", N_("We know no address of yours. Sign in anew, and come back here."))
        begun = begin(session, "erase", subject, secret(), now, language=say.code, person=person.id)
        return begun.token, begun.expires_at

    found = admit(token, Capability.OWN_DATA, work)
    if isinstance(found, Turned):
        raise found.refusal
    return found.value


def _erased(token: str, proof: str, code: str) -> None:
    """Erase whoever holds the session and has proved anew that it is theirs."""

    def work(session: Session, person: Person, now: datetime) -> None:
        if code or not _is_fresh(session, token, now):
            proved = answer(session, "erase", proof, code, secret(), now)
            if session.get_one(Identity, proved.subject).member_id != person.member_id:
                raise Refusal("code_wrong", N_("That did not work. Please begin again."), status=403)
        erase(session, person.member_id, person.actor, now)

    found = admit(token, Capability.OWN_DATA, work)
    if isinstance(found, Turned):
        raise found.refusal
    database.fold_in(engine())
    live.nudge()


def _is_fresh(session: Session, token: str, now: datetime) -> bool:
    """Whether a code was typed just now; for who has no address to send one to, whether they have just signed in."""
    row = session.get(BrowserSession, sessions.digest(token))
    if row is None or takeover.addresses(session, UUID(row.person)):
        return takeover.is_fresh(row, now, FRESH)
    return bool(row.proved_at and row.proved_at > now - FRESH)


def _address(session: Session, person: Person) -> str:
    """Where a code goes: to the address that they have had the longest, so not to one that somebody has just added."""
    found = takeover.addresses(session, person.member_id)
    return found[0].key if found else ""


# --- the page -------------------------------------------------------------------------------------------------


def _page(say: Language, token: str, *, typing: bool = False, wrong: Refusal | None = None) -> str:
    start = "" if say.code == SOURCE else f"/{say.code}"
    with database.reading(engine()) as session:
        person = sessions.person_of(session, token, datetime.now(UTC))
        shop = versions(session).latest.programme
        fresh = _is_fresh(session, token, datetime.now(UTC))
        sendable = bool(person and _address(session, person))
    title = say.text("Erase everything")
    told = "".join(f"<p>{escape(say.text(one))}</p>" for one in GONE)
    said = f'<p role="alert" class="soft" id="said">{escape(wrong.sentence(say))}</p>' if wrong else ""
    if typing:
        label = escape(say.text("The code that we have sent you"))
        field = (
            f'<label for="code">{label}</label>'
            '<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" '
            'maxlength="12" required aria-describedby="said">'
        )
        form = _form(start, "code", field + said, say.text("Erase everything"))
    elif fresh:
        form = _form(start, "now", said, say.text("Erase everything"))
    elif sendable:
        form = _form(start, "send", said, say.text("Send me a code"))
    else:
        form = f"<p>{escape(say.text('We know no address of yours. Sign in anew, and come back here.'))}</p>"
    first = escape(say.text("Download my data first"))
    copy = f'<form method="post" action="/me/export"><button class="plain">{first}</button></form>'
    back = f'<ul class="ways"><li><a href="{start}/me/">{escape(say.text("Back, I stay"))}</a></li></ul>'
    body = [f"<h1>{escape(title)}</h1>", f'<section class="panel caution">{told}</section>', copy, form, back]
    return sheet(say, title, body, shop=shop.words(shop.name, say.code), path="/me/erase", description=title)


def _form(start: str, step: str, inside: str, button: str) -> str:
    return (
        f'<form class="panel" method="post" action="{start}/me/erase"><input type="hidden" name="step" value="{step}">'
        f"{inside}<button>{escape(button)}</button></form>"
    )


def _done(say: Language) -> str:
    with database.reading(engine()) as session:
        shop = versions(session).latest.programme
    title = say.text("You are erased")
    words = say.text("Nothing here names you any more. Thank you for having been with us.")
    return sheet(say, title, [f"<h1>{escape(title)}</h1><p>{escape(words)}</p>"],
                 shop=shop.words(shop.name, say.code), path="/", description=title)  # fmt: skip
