"""`/verify`: anybody checks a badge, by pasting its credential or showing the picture that carries it.

And `/credentials/<id>`, the same answer for one that we keep. What is shown is checked in memory and not kept; an
address in it is never opened.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import Session
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from app import database, limits, settings
from app.door import engine, in_worker
from app.public.answers import Shown, answer_panel, unreadable_panel
from app.public.sheet import sheet
from badges.art.address import Drawing, read
from badges.credentials import baking, reading
from facts.language import SOURCE, Language, codes, language
from facts.refusals import Refusal
from members import issuer
from members.actions.credentials import found
from members.programme.versions import in_force
from members.views import credentials as views

PART_BYTES_MAX = 2 * reading.TEXT_BYTES_MAX
EMAIL_LENGTH_MAX = 254
DRAWN, BAKED_SIZE = "/pictures/badge/", 512
Handler = Callable[[Request, Language], Awaitable[Response]]


def routes() -> list[Route]:
    """For the composition root: the page in every language, and its form."""
    found: list[Route] = []
    for code in codes():
        prefix = "" if code == SOURCE else f"/{code}"
        found.append(Route(f"{prefix}/verify", _page(code, page), methods=["GET"]))
        found.append(Route(f"{prefix}/verify", _page(code, check), methods=["POST"]))
    return found


def _page(code: str, handler: Handler) -> Any:
    async def answered(request: Request) -> Response:
        say = language(code)
        try:
            return await handler(request, say)
        except Refusal as refusal:
            return PlainTextResponse(refusal.sentence(say), refusal.status)

    return answered


async def page(request: Request, say: Language) -> Response:
    """The empty form."""
    return HTMLResponse(await in_worker(_drawn, say, None, ""))


async def check(request: Request, say: Language) -> Response:
    """What is to be said of what was sent."""
    try:
        await in_worker(limits.spend, "verify", limits.client(request))
    except Refusal as refusal:
        return PlainTextResponse(refusal.sentence(say), refusal.status, headers={"Cache-Control": "no-store"})
    try:
        async with request.form(max_files=1, max_fields=4, max_part_size=PART_BYTES_MAX) as form:
            pasted, file, email = form.get("credential"), form.get("file"), form.get("email")
            raw = pasted.encode() if isinstance(pasted, str) else b""
            if isinstance(file, UploadFile) and file.size:
                raw = await file.read(baking.PICTURE_BYTES_MAX + 1)
            known_by = email[:EMAIL_LENGTH_MAX] if isinstance(email, str) else ""
    except (HTTPException, ClientDisconnect, UnicodeEncodeError):
        raw, known_by = b"\xff", ""
    return HTMLResponse(await in_worker(_drawn, say, raw, known_by), headers={"Cache-Control": "no-store"})


def kept_page(credential_id: UUID, say: Language) -> str | None:
    """The page of a credential that we keep; None when there is none. In a worker thread."""
    now = datetime.now(UTC)
    with database.reading(engine()) as session:
        verdict = views.look_up(session, credential_id, now)
        if verdict is None:
            return None
        shown = _shown(session, say, now)
        panel = answer_panel(shown, verdict, "")
        row = found(session, credential_id)
        drawn = bool(row and picture_of(json.loads(row.document)))
    seen = verdict.seen
    title = seen.title if seen else say.text("Check a badge")
    return sheet(say, title, [_heading(say), panel, _way_on(say, credential_id, drawn)], shop=shown.shop,
                 path=f"/credentials/{credential_id}", picture=seen.picture if seen else "",
                 description=seen.description if seen else "")  # fmt: skip


def _drawn(say: Language, raw: bytes | None, email: str) -> str:
    now = datetime.now(UTC)
    with database.reading(engine()) as session:
        shown = _shown(session, say, now)
        panel = _answer(session, shown, raw, email, now) if raw is not None else ""
    intro = say.text("Find out whether {shop} issued a badge, and whether it still stands.", shop=shown.shop)
    body = [_heading(say), f'<p class="soft">{escape(intro)}</p>', panel, _form(say)]
    return sheet(
        say, say.text("Check a badge"), body, shop=shown.shop, path="/verify", description=intro, found=True
    )


def _answer(session: Session, shown: Shown, raw: bytes, email: str, now: datetime) -> str:
    try:
        presented = reading.presented(raw)
    except reading.Unreadable as problem:
        return unreadable_panel(shown, problem.why)
    who = issuer.issuer(session, settings.current().public_url, now)
    return answer_panel(shown, views.verify(session, presented, who, now), email)


def _shown(session: Session, say: Language, now: datetime) -> Shown:
    programme = in_force(session, now).programme
    return Shown(say, say_in(programme.name, say.code), programme.timezone)


def say_in(words: dict[str, str], code: str) -> str:
    """The shop's words in a language, or in its own."""
    return words.get(code) or next(iter(words.values()))


def _heading(say: Language) -> str:
    title = say.text("Check a badge")
    return f"<h1>{escape(title)}</h1>"


def _form(say: Language) -> str:
    paste, choose = say.text("Paste the credential"), say.text("or choose the badge’s picture or file")
    whose = say.text("Whose badge should it be? Their e-mail address, if you like")
    send, promise = say.text("Check it"), say.text("What you send is checked and not kept.")
    return (
        f'<form class="panel" method="post" action="{_verify(say)}" enctype="multipart/form-data">'
        f'<label for="credential">{escape(paste)}</label>'
        '<textarea id="credential" name="credential" dir="ltr" spellcheck="false" maxlength="65536"></textarea>'
        f'<label for="file">{escape(choose)}</label>'
        '<input id="file" name="file" type="file" accept=".png,.json,.jwt,.txt,image/png">'
        f'<label for="email">{escape(whose)}</label>'
        f'<input id="email" name="email" type="email" dir="ltr" autocomplete="off" maxlength="{EMAIL_LENGTH_MAX}">'
        f'<button>{escape(send)}</button><p class="soft">{escape(promise)}</p></form>'
    )


def _way_on(say: Language, credential_id: UUID, drawn: bool) -> str:
    there = f"/credentials/{credential_id}"
    ways = [(f"{there}.png", say.text("The badge as a picture that can be checked"))] if drawn else []
    ways += [
        (f"{there}.json", say.text("The credential for programs")),
        (_verify(say), say.text("Check another badge")),
    ]
    links = "".join(f'<li><a href="{way}">{escape(words)}</a></li>' for way, words in ways)
    return f'<ul class="ways">{links}</ul>'


def picture_of(document: dict[str, Any]) -> Drawing | None:
    """The badge's picture that a credential of ours names, large and as a PNG; None for one that we do not draw."""
    path = urlsplit(document["credentialSubject"]["achievement"].get("image", {}).get("id", "")).path
    what, _, name = path.removeprefix(DRAWN).partition("/")
    drawing = read(what, name.rpartition(".")[0], "png") if path.startswith(DRAWN) else None
    return replace(drawing, size=BAKED_SIZE) if drawing else None


def _verify(say: Language) -> str:
    return "/verify" if say.code == SOURCE else f"/{say.code}/verify"
