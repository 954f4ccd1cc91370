"""Wallets beside points on the home page: what is in each, and what is still to come of it."""

from __future__ import annotations

import reflex as rx

from components.words import t
from members.purse_cards import PurseCard


def purses(cards: rx.Var[tuple[PurseCard, ...]]) -> rx.Component:
    """The wallets of a member, a line each."""
    return rx.el.ul(
        rx.foreach(cards, _purse),
        aria_label=t("Besides points"),
        class_name="m-0 mt-2.5 flex list-none flex-col divide-y divide-line rounded-panel border border-line "
        "bg-raised px-4 py-1",
    )


def _purse(card: rx.Var[PurseCard]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(card.name, class_name="font-semibold"),
            rx.cond(card.words != "", rx.el.span(card.words, class_name="text-small text-soft tabular-nums")),
            class_name="flex min-w-0 flex-1 flex-col leading-snug",
        ),
        rx.el.strong(card.amount, class_name="shrink-0 text-lead font-semibold tabular-nums"),
        key=card.key,
        class_name="flex min-h-11 items-center gap-3 py-2",
    )
