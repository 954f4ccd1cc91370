"""Who holds a badge: one row for each member, the newest first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app.door import needs
from app.frame.staff_visit import Looked, StaffVisit, arrive, visited_page
from app.frame.visit import spoken
from components.badge import badge_picture
from components.entries import ROWS, waiting_entries
from components.primitives import apart, button, crumb
from components.staff_person import member_row
from components.states import empty
from components.words import t
from facts.language import N_
from members.roles import Capability, Person
from members.staff_game_cards import HolderRow, HoldersCard
from members.views.staff_holders import holders

TITLE = N_("Holders")


class HoldersState(StaffVisit, rx.State):
    """The holders of the badge of the address."""

    card: HoldersCard = HoldersCard()
    _badge: str = ""

    @rx.event
    @needs(Capability.SEE_MEMBERS)
    async def load(self):
        """Begin with the newest."""
        self._badge = str(self.router.url.query_parameters.get("slug", ""))[:100]
        await self._leaf("", ())

    @rx.event
    @needs(Capability.SEE_MEMBERS)
    async def older(self):
        """Show those who hold it for longer."""
        if self.card.after:
            await self._leaf(self.card.after, self.card.rows)

    async def _leaf(self, after: str, shown: tuple[HolderRow, ...]) -> None:
        def view(session: Session, _person: Person, now: datetime) -> HoldersCard:
            card = holders(session, self._badge, now, spoken(self), after)
            return replace(card, rows=(*shown, *card.rows))

        def listed(card: HoldersCard) -> dict[str, Any]:
            return {"members": [one.key for one in card.rows[len(shown) :]]}

        thing = f"badge:{self._badge}" + (f":{after.partition(' ')[2]}" if after else "")
        looked = Looked("badge.holders_viewed", thing, listed)
        await arrive(self, Capability.SEE_MEMBERS, view, looked=looked, rate="look_up")


def page() -> rx.Component:
    """The page."""
    card = HoldersState.card
    above = rx.el.span(
        crumb(t("Badges"), "/staff/badges"), rx.cond(card.name != "", rx.el.span(" / ", card.name))
    )
    return visited_page(
        HoldersState,
        _content(),
        waiting_entries(8),
        path="/staff/badges/",
        title=t(TITLE),
        above=above,
        again=HoldersState.load,
    )


def _content() -> rx.Component:
    card = HoldersState.card
    more = button(t("Show older"), tone="plain", on_click=HoldersState.older, class_name="w-full")
    listed = rx.el.ul(rx.foreach(card.rows, _row), class_name=ROWS)
    nobody = empty("medal", t("Nobody holds it"), t("Whoever earns it, or is given it by hand, stands here."))
    return rx.el.div(
        rx.el.div(
            badge_picture(card.picture, class_name="size-14"),
            rx.el.p(card.words, class_name="m-0 text-soft"),
            class_name="flex items-center gap-3.5",
        ),
        rx.cond(card.rows.length() > 0, listed, nobody),
        rx.cond(card.after != "", more),
        class_name="flex max-w-3xl flex-col gap-4",
    )


def _row(card: rx.Var[HolderRow]) -> rx.Component:
    return member_row(
        card,
        rx.el.p(apart(card.words), class_name="m-0 text-small text-ink tabular-nums"),
        rx.cond(card.note != "", rx.el.p(card.note, class_name="m-0 text-small text-soft")),
    )
