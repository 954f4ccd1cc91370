"""To agree: what one of the staff asked for, and a second person lets be done, or not."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from app.door import needs
from app.frame.staff_visit import StaffVisit, act, arrive, visited_page
from app.frame.visit import spoken
from components.entries import ROWS, waiting_entries
from components.fields import text_field
from components.modal import modal
from components.primitives import ROOMY, button, document_link, section
from components.states import empty
from components.words import href, kept, t
from facts.language import N_
from facts.refusals import Refusal
from members.actions.approvals import agree, refuse, withdraw
from members.roles import Capability, Person
from members.team_cards import RequestCard, RequestsCard
from members.views.approvals import requests

TITLE = N_("To agree")


class ApprovalsState(StaffVisit, rx.State):
    """What waits. `asking` is the request that is being refused, `asking_what` what it is about."""

    card: RequestsCard = RequestsCard()
    asking: str = ""
    asking_what: str = ""

    @rx.event
    @needs(Capability.ASK_SECOND)
    async def load(self):
        """Fill the page."""
        self.asking = self.asking_what = ""
        await arrive(self, Capability.ASK_SECOND, self._view)

    @rx.event
    @needs(Capability.APPROVE)
    async def agree(self, key: str):
        """Be the second person."""

        def work(session: Session, person: Person, now: datetime) -> RequestsCard:
            agree(session, _uuid(key), person.actor, now)
            return self._view(session, person, now)

        await act(self, Capability.APPROVE, work, N_("Agreed, and done."))

    @rx.event
    @needs(Capability.APPROVE)
    def ask(self, key: str):
        """Ask why a request is refused; "" for not."""
        found = {one.key: one.what for one in self.card.waiting if one.may_agree}
        self.asking_what = found.get(str(key), "")
        self.asking = str(key) if self.asking_what else ""

    @rx.event
    @needs(Capability.APPROVE)
    async def refuse(self, form: dict[str, Any]):
        """Let it not be done."""
        wanted, why = self.asking, str(form.get("why", ""))[:600]

        def work(session: Session, person: Person, now: datetime) -> RequestsCard:
            refuse(session, _uuid(wanted), why, person.actor, now)
            return self._view(session, person, now)

        if await act(self, Capability.APPROVE, work, N_("Refused. Nothing was done.")):
            self.asking = self.asking_what = ""

    @rx.event
    @needs(Capability.ASK_SECOND)
    async def withdraw(self, key: str):
        """Take back what one asked for."""

        def work(session: Session, person: Person, now: datetime) -> RequestsCard:
            withdraw(session, _uuid(key), person.actor, now)
            return self._view(session, person, now)

        await act(self, Capability.ASK_SECOND, work, N_("Taken back."))

    def _view(self, session: Session, person: Person, now: datetime) -> RequestsCard:
        return requests(session, person, now, spoken(self))


def _uuid(text: str) -> UUID:
    try:
        return UUID(str(text)[:40])
    except ValueError:
        raise Refusal(
            "approval_unknown", N_("There is no such request."), path="approval", status=404
        ) from None


def page() -> rx.Component:
    """The page."""
    return visited_page(
        ApprovalsState,
        _content(),
        section(t(TITLE), waiting_entries(3), class_name="max-w-4xl"),
        path="/staff/approvals",
        title=t(TITLE),
        above=ApprovalsState.card.words,
        again=ApprovalsState.load,
    )


def _content() -> rx.Component:
    card = ApprovalsState.card
    nothing = empty(
        "smile",
        t("Nothing waits"),
        t("Large adjustments, long lists of badges, keys and new owners take two people. They meet here."),
    )
    return rx.el.div(
        section(t("Waiting"), rx.cond(card.waiting.length() > 0, _rows(card.waiting), nothing)),
        rx.cond(card.decided.length() > 0, section(t("Decided lately"), _rows(card.decided))),
        _question(),
        class_name="flex max-w-4xl flex-col gap-4",
    )


def _rows(cards: Any) -> rx.Component:
    return rx.el.ul(rx.foreach(cards, _row), class_name=ROWS)


def _row(card: rx.Var[RequestCard]) -> rx.Component:
    link = document_link(kept(card.what), to=href("") + card.path, class_name=f"text-ink {ROOMY}")
    return rx.el.li(
        rx.el.h3(
            rx.cond(card.path != "", link, rx.el.span(kept(card.what))),
            class_name="m-0 text-section font-semibold",
        ),
        rx.cond(
            card.reason != "",
            rx.el.p(rx.el.bdi(card.reason), class_name="m-0 text-body [overflow-wrap:anywhere]"),
        ),
        rx.el.p(kept(card.asked), class_name="m-0 text-small text-soft tabular-nums"),
        rx.cond(card.note != "", rx.el.p(kept(card.note), class_name="m-0 text-small text-ink tabular-nums")),
        rx.el.div(
            rx.cond(card.may_agree, _hand(t("Agree"), card, ApprovalsState.agree(card.key), "tinted")),
            rx.cond(card.may_agree, _hand(t("Refuse"), card, ApprovalsState.ask(card.key), "plain")),
            rx.cond(
                card.may_withdraw, _hand(t("Take back"), card, ApprovalsState.withdraw(card.key), "plain")
            ),
            class_name="mt-1 flex flex-wrap gap-2 empty:hidden",
        ),
        class_name="flex flex-col gap-1 px-4 py-4",
        key=card.key,
    )


def _hand(words: str, card: rx.Var[RequestCard], on_click: Any, tone: Any) -> rx.Component:
    return button(words, tone=tone, on_click=on_click, aria_label=rx.Var.create(words + ": ") + card.what)


def _question() -> rx.Component:
    return modal(
        rx.el.h2(t("Refuse this?"), class_name="m-0 text-title font-bold tracking-tight"),
        rx.el.p(ApprovalsState.asking_what, class_name="m-0 text-section font-semibold"),
        rx.el.form(
            text_field(t("Why (whoever asked reads it)"), name="why", max_length=500, auto_complete="off"),
            rx.el.div(
                button(t("Refuse"), tone="caution", type="submit"),
                button(t("Not now"), tone="plain", on_click=ApprovalsState.ask("")),
                class_name="flex flex-wrap gap-3",
            ),
            on_submit=ApprovalsState.refuse,
            key=ApprovalsState.asking,
            class_name="flex flex-col gap-4",
        ),
        open=ApprovalsState.asking != "",
        on_dismiss=ApprovalsState.ask(""),
        label=t("Refuse this?"),
    )
