"""The audit: who did what to what, when, and how it was before and after."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app.door import needs
from app.frame.staff_visit import StaffVisit, arrive, visited_page
from app.frame.visit import spoken
from components.entries import ROWS, waiting_entries
from components.fields import select_field, text_field
from components.primitives import ROOMY, button, document_link, icon
from components.states import empty
from components.words import href, t
from facts.language import N_
from members.roles import Capability, Person
from members.team_cards import AuditCard, AuditRow
from members.views.audit import Wanted, audit_card

TITLE = N_("Audit")
MAY = Capability.SEE_AUDIT


class AuditState(StaffVisit, rx.State):
    """A stretch of the audit, and what it was asked for."""

    card: AuditCard = AuditCard()
    thing: str = ""
    _wanted: Wanted = Wanted()

    @rx.event
    @needs(MAY)
    async def load(self):
        """Begin with the newest; an address may ask for one object."""
        self._wanted = Wanted.of({"object": self.router.url.query_parameters.get("object", "")})
        self.thing = self._wanted.object
        await arrive(self, MAY, self._view)

    @rx.event
    @needs(MAY)
    async def search(self, form: dict[str, Any]):
        """Look for what somebody did, or what was done to something."""
        before, self._wanted = self._wanted, Wanted.of(form)
        await arrive(self, MAY, self._view)
        if self.said:
            self._wanted = before

    @rx.event
    @needs(MAY)
    async def older(self):
        """Show the rows before the ones that are shown."""
        before, shown, wanted = self.card.older, self.card.rows, self._wanted
        if not before:
            return

        def view(session: Session, person: Person, now: datetime) -> AuditCard:
            card = audit_card(session, wanted, person, now, spoken(self), int(before))
            return replace(card, rows=(*shown, *card.rows))

        await arrive(self, MAY, view)

    def _view(self, session: Session, person: Person, now: datetime) -> AuditCard:
        return audit_card(session, self._wanted, person, now, spoken(self))


def page() -> rx.Component:
    """The page."""
    return visited_page(
        AuditState, _content(), _waiting(), path="/staff/audit", title=t(TITLE), again=AuditState.load,
        actions=[rx.cond(AuditState.card.may_export, _exports())],
    )  # fmt: skip


def _exports() -> rx.Component:
    return rx.el.div(
        *[
            document_link(
                icon("download", size=18), kind.upper(), to=f"/staff/audit.{kind}?" + AuditState.card.query,
                class_name="inline-flex min-h-11 items-center gap-2 px-2 font-medium text-accent",
            )
            for kind in ("csv", "jsonl")
        ],
        class_name="flex gap-2",
    )  # fmt: skip


def _content() -> rx.Component:
    card = AuditState.card
    rows = rx.el.ul(rx.foreach(card.rows, _row), class_name=ROWS)
    nothing = empty("smile", t("Nothing like this"), t("Nobody did anything like this, or not on this day."))
    return rx.el.div(
        _search(),
        rx.cond(card.rows.length() > 0, rows, nothing),
        rx.cond(card.older != "", button(t("Show older"), tone="plain", on_click=AuditState.older)),
        class_name="flex max-w-4xl flex-col gap-4",
    )


def _options(cards: Any) -> list[rx.Component]:
    return [
        rx.el.option(t("All"), value=""),
        rx.foreach(cards, lambda one: rx.el.option(one.label, value=one.key, key=one.key)),
    ]


def _search() -> rx.Component:
    card = AuditState.card
    return rx.el.form(
        select_field(t("Who"), *_options(card.actors), name="actor"),
        select_field(t("What"), *_options(card.actions), name="action"),
        text_field(t("To what"), hint=t("Such as reward:coffee"), name="object", default_value=AuditState.thing,
                   auto_complete="off"),
        text_field(t("Day"), name="day", type="date"),
        button(icon("search"), t("Find"), type="submit",
               class_name="col-span-2 lg:col-span-1 lg:mt-[1.625rem] lg:self-start"),
        on_submit=AuditState.search,
        reset_on_submit=False,
        role="search",
        class_name="grid grid-cols-2 gap-3 lg:grid-cols-[repeat(4,minmax(0,1fr))_auto]",
        key=AuditState.thing,
    )  # fmt: skip


def _row(card: rx.Var[AuditRow]) -> rx.Component:
    called = rx.cond(card.name != "", rx.el.bdi(card.name), rx.el.span(card.thing))
    link = document_link(called, to=href("") + card.path, class_name=f"text-accent {ROOMY}")
    return rx.el.li(
        rx.el.div(
            rx.el.span(card.what, class_name="text-section font-semibold"),
            rx.el.span(card.who, class_name="text-body"),
            rx.el.span(card.when, class_name="ms-auto text-small text-soft tabular-nums"),
            class_name="flex flex-wrap items-baseline gap-x-3",
        ),
        rx.el.p(
            rx.cond(card.path != "", link, called),
            rx.cond(card.name != "", rx.el.span(card.thing, class_name="hidden text-soft sm:inline")),
            rx.cond(card.what != card.code, rx.el.span(card.code, class_name="hidden text-soft sm:inline")),
            class_name="m-0 flex flex-wrap gap-x-2 text-small [overflow-wrap:anywhere]",
        ),
        rx.foreach(
            card.changes,
            lambda said: rx.el.p(
                said,
                class_name="m-0 text-small tabular-nums [overflow-wrap:anywhere]",
                custom_attrs={"dir": "auto"},
            ),
        ),
        class_name="flex flex-col gap-0.5 px-4 py-3",
        key=card.key,
    )


def _waiting() -> rx.Component:
    return rx.el.div(waiting_entries(8), class_name="flex max-w-4xl flex-col gap-4")
