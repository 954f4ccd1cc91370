"""History: every change of my points, why it has its amount, and the order behind it."""

from __future__ import annotations

from datetime import datetime

import reflex as rx
from sqlmodel import Session

from app import door
from app.door import Admitted, needs
from app.frame.member import arriving, member_page
from app.frame.visit import Visit, arrive, follow, spoken, turn
from components.ahead import Ahead, ahead_rows, only_if, said
from components.entries import ROWS, entry_ahead, long_entry
from components.first import place, waits
from components.primitives import button, drawing, heading, icon, link_button, panel
from components.states import empty
from components.words import t
from members.cards import EntryCard, HistoryCard, LineCard
from members.roles import Capability, Person
from members.views.history import FIRST, history, order_lines


class HistoryState(Visit, rx.State):
    """The ledger of whoever is behind the cookie, as far as it was leafed through."""

    balance: str = ""
    pending: str = ""
    looked_at: str = ""
    entries: list[EntryCard] = []
    older: str = ""
    opened: str = ""
    lines: list[LineCard] = []

    def _show(self, value: HistoryCard) -> None:
        self.shop, self.balance, self.pending = value.shop, value.balance, value.pending
        self.looked_at = value.looked_at
        keys = [entry.key for entry in value.entries]
        known = next((i for i, entry in enumerate(self.entries) if keys and entry.key == keys[-1]), None)
        leafed = self.entries[known + 1 :] if known is not None else []
        self.entries, self.older = [*value.entries, *leafed], self.older if leafed else value.older

    @rx.event
    @needs(Capability.SEE_OWN)
    async def load(self):
        """Fill the page with the newest entries."""
        self.opened, self.lines, self.entries = "", [], []
        await arrive(self, self._view())

    @rx.event(background=True)
    @needs(Capability.SEE_OWN)
    async def keep_up(self):
        """Show what happens while the page is open."""
        await follow(self, self._view())

    @rx.event
    @needs(Capability.SEE_OWN)
    async def more(self):
        """Leaf further back."""
        if not self.older.isdecimal():
            return
        answer = await door.look(self, Capability.SEE_OWN, self._view(int(self.older)))
        if isinstance(answer, Admitted):
            self.entries, self.older = [*self.entries, *answer.value.entries], answer.value.older
        else:
            await turn(self, answer)

    @rx.event
    @needs(Capability.SEE_OWN)
    async def open_order(self, key: str):
        """Open the order behind an entry, or close it."""
        if key == self.opened or not key.isdecimal() or len(key) > 18:
            self.opened, self.lines = "", []
            return
        self.opened, self.lines = key, []
        language = spoken(self)

        def view(session: Session, person: Person, _now: datetime) -> tuple[LineCard, ...]:
            return order_lines(session, person.member_id, int(key), language)

        answer = await door.look(self, Capability.SEE_OWN, view)
        if isinstance(answer, Admitted):
            self.lines = list(answer.value)
        else:
            self.opened = ""
            self.said = answer.sentence(language)

    def _view(self, before: int | None = None):
        language = spoken(self)

        def view(session: Session, person: Person, now: datetime) -> HistoryCard:
            return history(session, person.member_id, now, language, before)

        return view


def page() -> rx.Component:
    """The page."""
    return member_page(HistoryState, _content(), path="/history", again=HistoryState.load)


def _content() -> rx.Component:
    nothing = empty(
        "shopping-basket",
        t("Nothing yet"),
        t("What you earn appears here as soon as you shop."),
        link_button(t("See how to earn"), to="/rules", tone="plain"),
    )
    there = HistoryState.balance != ""
    return rx.el.div(
        heading(t("History")),
        rx.el.p(
            place(HistoryState, "balance", there, tag=rx.el.strong, class_name="block font-semibold"),
            place(HistoryState, "pending", there, class_name="block text-small text-soft"),
            class_name=waits(there, "m-0 w-fit tabular-nums"),
        ),
        rx.cond(HistoryState.looked_at != "", _held(HistoryState.looked_at)),
        arriving(
            HistoryState,
            rx.fragment(
                only_if("looked_at", _held(Ahead(rx.Var.create("looked_at"))), class_name="mb-3"),
                ahead_rows("entries", FIRST, entry_ahead, ROWS),
                only_if("!entries", nothing),
            ),
            rx.cond(HistoryState.entries.length() > 0, _entries(), nothing),
        ),
        class_name="mx-auto flex max-w-3xl flex-col gap-3 pt-2",
    )


def _held(words: rx.Var[str] | Ahead) -> rx.Component:
    return panel(
        icon("hourglass", class_name="text-soft"),
        said(words, class_name="m-0"),
        class_name="flex items-center gap-3 p-4",
    )


def _entries() -> rx.Component:
    return rx.fragment(
        rx.el.ul(rx.foreach(HistoryState.entries, _entry), class_name=ROWS),
        rx.cond(
            HistoryState.older != "",
            button(
                drawing("rotate-ccw", class_name="size-4"),
                t("Show older"),
                tone="plain",
                on_click=HistoryState.more,
            ),
        ),
    )


def _entry(card: rx.Var[EntryCard]) -> rx.Component:
    return long_entry(
        card, HistoryState.opened == card.key, HistoryState.lines, HistoryState.open_order(card.key)
    )
