"""Members: found by name, number or address."""

from __future__ import annotations

from typing import Any

import reflex as rx

from app.door import needs
from app.frame.staff_visit import Looked, StaffVisit, arrive, search_of, visited_page
from app.frame.visit import spoken
from components.entries import ROWS, waiting_entries
from components.primitives import chip
from components.staff_person import member_row, member_search
from components.words import t
from facts.language import N_
from members.roles import Capability
from members.staff_cards import FoundCard, PersonRow
from members.views.staff_people import find

TITLE = N_("Members")


class PeopleState(StaffVisit, rx.State):
    """What the last search found."""

    card: FoundCard = FoundCard()

    @rx.event
    @needs(Capability.SEE_MEMBERS)
    async def load(self):
        """Begin with the newest."""
        await self._find("")

    @rx.event
    @needs(Capability.SEE_MEMBERS)
    async def search(self, form: dict[str, Any]):
        """Look for somebody."""
        await self._find(str(form.get("wanted", ""))[:200])

    async def _find(self, text: str) -> None:
        words = spoken(self)
        await arrive(
            self,
            Capability.SEE_MEMBERS,
            lambda session, _person, now: find(session, text, now, words),
            looked=Looked("members.searched", search_of(text.strip()), _found),
            rate="look_up",
        )


def _found(card: FoundCard) -> dict[str, Any]:
    return {"members": [one.key for one in card.people]}


def page() -> rx.Component:
    """The page."""
    return visited_page(
        PeopleState, _content(), _waiting(), path="/staff/members", title=t(TITLE), again=PeopleState.load
    )


def _content() -> rx.Component:
    card = PeopleState.card
    return rx.el.div(
        _search(),
        rx.cond(card.words != "", rx.el.p(card.words, class_name="m-0 text-soft", role="status")),
        rx.cond(card.people.length() > 0, rx.el.ul(rx.foreach(card.people, _row), class_name=ROWS)),
        class_name="flex max-w-3xl flex-col gap-4",
    )


def _search() -> rx.Component:
    return member_search(PeopleState.search)


def _row(card: rx.Var[PersonRow]) -> rx.Component:
    return member_row(
        card,
        aside=(
            rx.el.span(card.balance, class_name="shrink-0 font-semibold text-ink tabular-nums"),
            rx.el.div(chip(card.tier), class_name="hidden w-20 justify-end sm:flex"),
        ),
    )


def _waiting() -> rx.Component:
    return rx.el.div(_search(), waiting_entries(8), class_name="flex max-w-3xl flex-col gap-4")
