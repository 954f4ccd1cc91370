"""Posters: short ways to join, each with a QR code to print, and how many came by it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from app.door import needs
from app.frame.staff_visit import StaffVisit, act, arrive, visited_page
from app.frame.visit import shop_address, spoken
from components.entries import ROWS, waiting_entries
from components.fields import of_turn, select_field, text_field
from components.primitives import button, document_link, section
from components.states import empty
from components.words import t
from facts.language import N_
from members.actions.joining import LABEL_LENGTH_MAX, make_link, retire_link
from members.audit import audit
from members.poster_cards import PostersCard, WayCard
from members.roles import Capability, Person
from members.views.staff_posters import KINDS, posters_card

TITLE = N_("Posters")
SEE, EDIT = Capability.SEE_CATALOGUE, Capability.EDIT_CATALOGUE


class PostersState(StaffVisit, rx.State):
    """The ways to join."""

    card: PostersCard = PostersCard()

    @rx.event
    @needs(SEE)
    async def load(self):
        """Fill the page."""
        await arrive(self, SEE, self._view)

    @rx.event
    @needs(EDIT)
    async def make(self, form: dict[str, Any]):
        """Make a way to join."""
        if self._passed(form):
            return
        label, channel = str(form.get("label", ""))[:200], str(form.get("channel", ""))[:20]

        def work(session: Session, person: Person, now: datetime) -> PostersCard:
            made = make_link(session, label, channel, person.actor, now)
            audit(
                session, person.actor, "join_link.made", f"join_link:{made.code}", {"channel": channel}, now
            )
            return self._view(session, person, now)

        if await act(self, EDIT, work, N_("Made. Its poster is ready to print.")):
            self.turn += 1

    @rx.event
    @needs(EDIT)
    async def retire(self, code: str):
        """Take a way to join away; who still comes by it joins all the same, and is not counted."""

        def work(session: Session, person: Person, now: datetime) -> PostersCard:
            retire_link(session, str(code)[:20], now)
            audit(session, person.actor, "join_link.retired", f"join_link:{str(code)[:20]}", {}, now)
            return self._view(session, person, now)

        await act(self, EDIT, work, N_("Taken away. Nobody is counted there any more."))

    def _view(self, session: Session, person: Person, now: datetime) -> PostersCard:
        return posters_card(session, person, shop_address(), spoken(self))


def page() -> rx.Component:
    """The page."""
    return visited_page(
        PostersState,
        _content(),
        section(t(TITLE), waiting_entries(3), class_name="max-w-4xl"),
        path="/staff/posters",
        title=t(TITLE),
        aside=rx.cond(PostersState.card.may_edit, _new()),
        again=PostersState.load,
    )


def _content() -> rx.Component:
    ways = PostersState.card.ways
    none = empty("store", t("No poster yet"), t("Make one: whoever scans it joins in three taps."))
    return section(
        t("Ways to join"),
        rx.cond(ways.length() > 0, rx.el.ul(rx.foreach(ways, _way), class_name=ROWS), none),
        class_name="max-w-4xl",
    )


def _way(card: rx.Var[WayCard]) -> rx.Component:
    look = (
        "inline-flex min-h-11 items-center rounded-button px-3 font-medium text-accent hover:bg-accent-tint"
    )
    files = [
        document_link(words, to=to, class_name=look, target="_blank")
        for words, to in (("PDF", card.pdf), ("PNG", card.png), ("SVG", card.svg))
    ]
    return rx.el.li(
        rx.el.div(
            rx.el.p(card.label, class_name="m-0 text-section font-semibold"),
            rx.el.p(card.address, class_name="m-0 text-small text-soft [overflow-wrap:anywhere]", dir="ltr"),
            rx.el.p(card.kind, " · ", card.joined, class_name="m-0 text-small text-soft tabular-nums"),
            class_name="min-w-0 flex-1 basis-52",
        ),
        rx.el.div(*files, class_name="flex"),
        rx.cond(
            PostersState.card.may_edit,
            button(t("Take away"), tone="plain", on_click=PostersState.retire(card.code),
                   aria_label=rx.Var.create(t("Take away") + ": ") + card.label),
        ),
        class_name="flex flex-wrap items-center gap-3 px-4 py-3",
        key=card.code,
    )  # fmt: skip


def _new() -> rx.Component:
    options = [rx.el.option(t(words), value=kind) for kind, words in KINDS.items()]
    return section(
        t("A new poster"),
        rx.el.form(
            of_turn(PostersState.turn),
            text_field(t("Where will it hang?"), name="label", required=True, max_length=LABEL_LENGTH_MAX,
                       auto_complete="off"),
            select_field(t("What is it for?"), *options, name="channel", default_value="poster"),
            button(t("Make it"), type="submit"),
            on_submit=PostersState.make,
            key=PostersState.turn,
            class_name="mt-2 flex flex-col gap-4",
        ),
    )  # fmt: skip
