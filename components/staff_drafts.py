"""Drafts in the list of badges and challenges, and the ways to begin one."""

from __future__ import annotations

import reflex as rx

from components.entries import ROWS
from components.primitives import chip, document_link, icon, link_button
from components.words import href, t
from members.staff_game_cards import DraftRow

SMALL = "m-0 text-small text-soft tabular-nums"


def new_ones() -> rx.Component:
    """To a new badge, and to a new challenge."""
    return rx.el.div(
        link_button(icon("plus"), t("New challenge"), to="/staff/badges/edit?kind=challenge", tone="plain"),
        link_button(icon("plus"), t("New badge"), to="/staff/badges/edit?kind=badge"),
        class_name="flex flex-wrap gap-3",
    )


def draft_list(cards: rx.Var[tuple[DraftRow, ...]]) -> rx.Component:
    """All drafts, each a way back to its form."""
    return rx.el.ul(rx.foreach(cards, _row), class_name=ROWS)


def _row(card: rx.Var[DraftRow]) -> rx.Component:
    state = rx.cond(card.planned, chip(t("Scheduled"), tone="accent"), chip(t("Draft"), tone="caution"))
    return rx.el.li(
        document_link(
            rx.el.div(
                rx.el.div(
                    rx.el.h3(card.name, class_name="m-0 text-section font-semibold text-ink"),
                    state,
                    class_name="flex flex-wrap items-center gap-x-2.5 gap-y-1",
                ),
                rx.el.p(card.kind, " · ", card.words, class_name=SMALL),
                rx.cond(
                    card.problem != "",
                    rx.el.p(card.problem, class_name="m-0 text-small font-medium text-caution"),
                ),
                class_name="min-w-0 flex-1",
            ),
            icon("chevron-right", size=18, class_name="mirrored text-soft"),
            to=href("") + card.path,
            class_name="flex items-center gap-3.5 px-4 py-3 no-underline hover:bg-sunk",
        ),
        key=card.key,
    )
