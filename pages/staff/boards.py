"""Boards for staff: who leads them, and an alias taken away with a reason that the member reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app.door import needs
from app.frame.staff_visit import StaffVisit, act, arrive, visited_page
from app.frame.visit import spoken
from components.board import place_list
from components.entries import waiting_entries
from components.fields import text_field
from components.primitives import button, chip, panel, section
from components.states import empty
from components.words import t
from facts.language import N_
from members.actions.boards import take_alias_named
from members.board_cards import StaffBoardCard, StaffBoardsCard
from members.roles import Capability, Person
from members.views.staff_boards import staff_boards

TITLE = N_("Boards")
TAKEN = N_("The alias is taken away, and its member reads why.")


class StaffBoardsState(StaffVisit, rx.State):
    """The boards of the programme."""

    card: StaffBoardsCard = StaffBoardsCard()

    @rx.event
    @needs(Capability.SEE_CASES)
    async def load(self):
        """Fill the page."""
        await arrive(self, Capability.SEE_CASES, self._view)

    @rx.event
    @needs(Capability.DECIDE_CASES)
    async def take(self, form: dict[str, Any]):
        """Take an alias away."""
        alias, reason = str(form.get("alias", ""))[:100], str(form.get("alias_reason", ""))[:500]

        def work(session: Session, person: Person, now: datetime) -> StaffBoardsCard:
            take_alias_named(session, alias, reason, person.actor, now)
            return self._view(session, person, now)

        await act(self, Capability.DECIDE_CASES, work, TAKEN)

    def _view(self, session: Session, person: Person, now: datetime) -> StaffBoardsCard:
        return staff_boards(session, now, spoken(self))


def page() -> rx.Component:
    """The page."""
    return visited_page(
        StaffBoardsState,
        _content(),
        section(t(TITLE), waiting_entries(4), class_name="max-w-4xl"),
        path="/staff/boards",
        title=t(TITLE),
        again=StaffBoardsState.load,
    )


def _content() -> rx.Component:
    card = StaffBoardsState.card
    nothing = empty("trophy", t("No boards just now"), t("Boards are written in the programme document."))
    lists = rx.el.div(
        rx.foreach(card.boards, _board),
        class_name="grid grid-cols-[minmax(0,1fr)] items-start gap-8 md:grid-cols-2",
    )
    return rx.el.div(
        rx.cond(card.boards.length() > 0, rx.fragment(lists, _take()), nothing),
        class_name="flex max-w-4xl flex-col gap-6",
    )


def _board(card: rx.Var[StaffBoardCard]) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(card.name, class_name="m-0 min-w-0 flex-1 text-section font-semibold"),
            chip(card.state),
            class_name="flex min-h-11 items-center gap-3",
        ),
        rx.el.p(
            rx.el.span(card.players),
            rx.cond(card.closed != "", rx.el.span(card.closed)),
            class_name="m-0 flex flex-wrap gap-x-3 text-small text-soft tabular-nums",
        ),
        place_list(card.rows, card.name),
        key=card.slug,
        class_name="flex flex-col gap-2",
    )


def _take() -> rx.Component:
    form = rx.el.form(
        text_field(t("Alias"), name="alias", auto_complete="off", required=True),
        text_field(
            t("Reason"),
            name="alias_reason",
            auto_complete="off",
            required=True,
            hint=t("The member reads it."),
        ),
        button(t("Take the alias away"), type="submit", tone="caution", class_name="self-start"),
        on_submit=StaffBoardsState.take,
        reset_on_submit=False,
        class_name="flex flex-col gap-3",
    )
    return panel(
        rx.el.h2(t("An alias that should not be read"), class_name="m-0 text-section font-semibold"),
        rx.el.p(
            t("Its member is on no board until they choose another. The alias comes back for nobody."),
            class_name="m-0 text-soft",
        ),
        form,
        class_name="flex max-w-xl flex-col gap-3 p-4",
    )
