"""A fresh code in place: what a page asks for before something that is worth a lot, and the box to type it in.

A page's State takes `Fresh` in, opens it with `self._ask_for_code(…)`, and its handler `confirm` is called again when
the code was right. The token of what was begun stays on the server, out of the browser's reach.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app import door
from app.door import Admitted, everybody, needs
from app.frame.visit import spoken
from components.modal import modal
from components.primitives import button
from components.words import t
from facts.language import N_
from facts.refusals import Refusal
from members import sessions, takeover
from members.roles import Capability, Person

SENT = N_("We have sent you a code.")


def session_of(state: Any) -> bytes:
    """The digest of the browser session behind a page."""
    return sessions.digest(door.cookie_token(door.cookies(state)))


class Fresh(rx.State, mixin=True):
    """Whether a code is being asked for, whether it was sent, and what is wrong with it."""

    proving: bool = False
    code_sent: bool = False
    code_said: str = ""
    _code_token: str = ""

    def _ask_for_code(self, said: str) -> None:
        """Open the sheet, with the reason."""
        self.proving, self.code_sent, self.code_said = True, False, said

    @rx.event
    @everybody
    def let_it_be(self):
        """Close it: nothing is taken."""
        self.proving = self.code_sent = False
        self.code_said = self._code_token = ""

    @rx.event
    @needs(Capability.REDEEM_OWN)
    async def send_code(self):
        """Send a code to the member's address."""
        language = spoken(self)

        def work(session: Session, person: Person, now: datetime) -> str:
            begun = takeover.send(
                session, person.member_id, session.info["secret"], now, language=language.code
            )
            return begun.token

        answer = await door.enter(self, Capability.REDEEM_OWN, work, rate="codes_sent")
        if isinstance(answer, Admitted):
            self._code_token, self.code_sent, self.code_said = answer.value, True, language.text(SENT)
        else:
            self.code_said = answer.sentence(language)

    @rx.event
    @needs(Capability.REDEEM_OWN)
    async def prove(self, form: dict[str, Any]):
        """Look at the code, and go on with what it was for."""
        language, known, token = spoken(self), session_of(self), self._code_token
        typed = str(form.get("code", ""))[:40]

        def work(session: Session, person: Person, now: datetime) -> None:
            takeover.prove(session, person.member_id, known, token, typed, session.info["secret"], now)

        answer = await door.enter(self, Capability.REDEEM_OWN, work, rate="codes_tried")
        if not isinstance(answer, Admitted):
            self.code_said = answer.sentence(language)
            return None
        self.proving = self.code_sent = False
        self.code_said = self._code_token = ""
        return type(self).confirm


def needs_code(refusal: Refusal) -> bool:
    """Whether a refusal asks for a fresh code."""
    return refusal.code == takeover.NEEDED


def fresh_sheet(state: Any) -> rx.Component:
    """The sheet: why a code is needed, a button that sends it, and the box for it."""
    box = rx.el.input(
        id="fresh-code",
        name="code",
        input_mode="numeric",
        auto_complete="one-time-code",
        required=True,
        max_length=12,
        aria_label=t("Code"),
        aria_describedby="fresh-said",
        class_name="min-h-12 w-full rounded-button border border-field bg-surface px-3 text-center text-section "
        "tracking-[0.3em] text-ink tabular-nums",
        dir="ltr",
    )
    form = rx.el.form(
        box,
        button(t("Continue"), type="submit"),
        on_submit=state.prove,
        class_name="flex flex-col gap-3",
    )
    return modal(
        rx.el.h2(t("One more step"), class_name="m-0 text-section font-semibold"),
        rx.el.p(state.code_said, id="fresh-said", role="status", class_name="m-0 text-soft"),
        rx.cond(state.code_sent, form, button(t("Send me a code"), on_click=state.send_code)),
        button(t("Not now"), tone="plain", on_click=state.let_it_be),
        open=state.proving,
        on_dismiss=state.let_it_be,
        label=t("One more step"),
    )
