"""The catalogue for staff: every reward with its stage, its price and what is left of it."""

from __future__ import annotations

import reflex as rx

from app.door import needs
from app.frame.routes import address
from app.frame.staff_visit import StaffVisit, arrive, visited_page
from app.frame.visit import STRANGER, spoken
from components.entries import ROWS, waiting_entries
from components.primitives import (
    DOT,
    apart,
    chip,
    document_link,
    emblem,
    icon,
    link_button,
    section,
    toned_chip,
)
from components.states import empty
from components.words import href, t
from facts.language import N_
from members.roles import Capability
from members.staff_cards import CatalogueCard, StockedCard
from members.views.staff_catalogue import catalogue

TITLE = N_("Rewards")


class CatalogueState(StaffVisit, rx.State):
    """The list, as of when the page was opened."""

    card: CatalogueCard = CatalogueCard()

    @rx.event
    @needs(Capability.SEE_CATALOGUE)
    async def load(self):
        """Fill the page."""
        words = spoken(self)
        await arrive(
            self,
            Capability.SEE_CATALOGUE,
            lambda session, person, now: catalogue(session, person, now, words),
        )
        if self.status == STRANGER and self.desk.home:
            return rx.redirect(address(self.desk.home, words.code))  # the first page of theirs
        return None


def page() -> rx.Component:
    """The page."""
    card = CatalogueState.card
    new = rx.cond(card.may_edit, link_button(icon("plus"), t("New reward"), to="/staff/reward"))
    return visited_page(
        CatalogueState,
        _content(),
        _waiting(),
        path="/staff",
        title=t(TITLE),
        above=rx.cond(card.version != "", card.version, t("The programme")),
        actions=[new],
        again=CatalogueState.load,
    )


def _content() -> rx.Component:
    card = CatalogueState.card
    nothing = empty("gift", t("No rewards yet"), t("Members see here what their points are good for."))
    waiting = rx.el.p(
        icon("package"),
        card.waiting,
        class_name="m-0 flex items-center gap-2 rounded-panel bg-caution-tint px-4 py-3 font-medium text-caution "
        "tabular-nums",
    )
    return rx.el.div(
        rx.cond(card.waiting != "", waiting),
        _group(N_("Drafts"), card.drafts),
        rx.cond(card.live.length() > 0, _group(N_("Live"), card.live), nothing),
        _group(N_("To come"), card.coming),
        _group(N_("Past"), card.past),
        class_name="flex max-w-4xl flex-col gap-4",
    )


def _group(title: str, cards: rx.Var[tuple[StockedCard, ...]]) -> rx.Component:
    return rx.cond(cards.length() > 0, section(t(title), rx.el.ul(rx.foreach(cards, _row), class_name=ROWS)))


def _row(card: rx.Var[StockedCard]) -> rx.Component:
    return rx.el.li(
        document_link(
            emblem(card.icon, card.picture, class_name="size-12"),
            rx.el.div(
                _named(card),
                rx.el.div(
                    rx.el.span(card.price, class_name="font-semibold text-ink"),
                    rx.el.span(card.stock, class_name="text-small text-soft"),
                    class_name="flex shrink-0 items-baseline gap-x-2 tabular-nums sm:flex-col sm:items-end",
                ),
                class_name="flex min-w-0 flex-1 flex-wrap items-center gap-x-3.5 gap-y-0.5",
            ),
            rx.el.div(
                toned_chip(card.stage, card.tone),
                rx.cond(card.drafted & (card.price != ""), chip(t("Draft"), tone="caution")),
                class_name="hidden w-28 shrink-0 flex-col items-end gap-1 sm:flex",
            ),
            icon("chevron-right", size=18, class_name="mirrored text-soft"),
            to=href("") + card.path,
            class_name="flex items-center gap-3.5 px-4 py-3 no-underline hover:bg-sunk",
        ),
        key=card.slug,
    )


def _named(card: rx.Var[StockedCard]) -> rx.Component:
    return rx.el.div(
        rx.el.p(card.name, class_name="m-0 text-section font-semibold text-ink"),
        rx.el.p(
            apart(
                rx.cond(
                    (card.kind != "") & (card.words != ""),
                    card.kind + DOT + card.words,
                    card.kind + card.words,
                )
            ),
            class_name="m-0 text-small text-soft tabular-nums",
        ),
        class_name="min-w-0 grow basis-40",
    )


def _waiting() -> rx.Component:
    return section(t("Live"), waiting_entries(8), class_name="max-w-4xl")
