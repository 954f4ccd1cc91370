"""What needs a fresh code, done from a form: it is tried, and where nothing was proved lately a code is sent first.

The form that asks for the code carries what is to be done along (`hidden`), so that it is done as soon as it was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app import limits
from app.door import Turned, admit, in_worker, secret
from app.public import arrival
from app.public.coming_in_ends import HEADERS, PROOF
from app.public.coming_in_pages import prefix
from facts.language import Language
from facts.refusals import Refusal
from members import sessions, takeover
from members.actions import codes as one_time
from members.roles import Capability, Person

Work = Callable[[Session, Person, datetime, bytes], None]
Page = Callable[[Language, str, list[str]], str]
DIGITS = 'class="digits" inputmode="numeric" autocomplete="one-time-code" required maxlength="12"'


def do(token: str, work: Any) -> Any:
    """Do something that is somebody's own, or refuse."""
    found = admit(token, Capability.OWN_DATA, work)
    if isinstance(found, Turned):
        raise found.refusal
    return found.value


async def with_code(request: Request, say: Language, token: str, typed: Mapping[str, str], work: Work, page: Page,
                    *, path: str, title: str, go: str, hidden: Mapping[str, str],
                    then: str = "/ways") -> Response:  # fmt: skip
    """Do `work` (which is told the digest of the session), after a code where it asks for one; then on to `then`.

    `typed` has `step` and `code`; `path` is where the form goes, `title` and `go` are its words.
    """
    known, proof, step = sessions.digest(token), request.cookies.get(PROOF, ""), typed["step"]

    def send(session: Session, person: Person, now: datetime) -> one_time.Begun:
        return takeover.send(session, person.member_id, secret(), now, language=say.code)

    def proved(session: Session, person: Person, now: datetime) -> None:
        takeover.prove(session, person.member_id, known, proof, typed["code"], secret(), now)

    def form(step: str, wrong: Refusal | None) -> str:
        return page(say, title, [_form(say, step, wrong, path, go, hidden)])

    try:
        if step == "send":
            await in_worker(limits.spend, "codes_asked", limits.client(request))
            begun = await in_worker(do, token, send)
            response = HTMLResponse(await in_worker(form, "code", None), headers=HEADERS)
            response.set_cookie(PROOF, begun.token, max_age=600, **arrival.flags())
            return response
        if step == "code":
            await in_worker(limits.spend, "codes_typed", limits.client(request))
            await in_worker(do, token, proved)
        await in_worker(do, token, lambda session, person, now: work(session, person, now, known))
        return arrival.sent_on(f"{prefix(say)}{then}")
    except Refusal as refusal:
        if step not in ("send", "code") and refusal.code != takeover.NEEDED:
            raise
        wrong = refusal
    made = await in_worker(form, "code" if step == "code" else "send", wrong)
    return HTMLResponse(made, wrong.status, headers=HEADERS)


def alert(say: Language, wrong: Refusal | None) -> str:
    """What is wrong, said beside the box."""
    return f'<p role="alert" id="said">{escape(wrong.sentence(say))}</p>' if wrong else ""


def _form(
    say: Language, step: str, wrong: Refusal | None, path: str, go: str, hidden: Mapping[str, str]
) -> str:
    kept = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in {**hidden, "step": step}.items()
    )
    if step == "code":
        label = escape(say.text("The code that we have sent you"))
        box = f'<label for="code">{label}</label><input id="code" name="code" {DIGITS}>'
        inside = f"{box}{alert(say, wrong)}<button>{escape(go)}</button>"
    else:
        inside = f"{alert(say, wrong)}<button>{escape(say.text('Send me a code'))}</button>"
    return f'<form class="step panel" method="post" action="{prefix(say)}{path}">{kept}{inside}</form>'
