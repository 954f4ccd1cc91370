"""Badges and challenges as staff sees them: rows with their figures, and a member's own badges."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.badge import badge_picture
from components.entries import ROWS
from components.primitives import BUTTONS, apart, button, document_link, emblem, toned_chip
from components.words import href, kept, t
from members.staff_game_cards import FigureCard, GameCard

SMALL = "m-0 text-small text-soft tabular-nums"


def game_rows(cards: rx.Var[tuple[GameCard, ...]], state: Any, *, picture: bool) -> rx.Component:
    """Badges (with a `picture`) or challenges; `state` has the handlers `pause`, `go_on` and `ask_retire`."""
    return rx.el.ul(rx.foreach(cards, lambda card: _row(card, state, picture)), class_name=ROWS)


def _row(card: rx.Var[GameCard], state: Any, picture: bool) -> rx.Component:
    drawn = (
        badge_picture(card.picture, class_name="size-14")
        if picture
        else emblem(card.icon, class_name="size-14")
    )
    named = rx.el.div(
        rx.el.h3(card.name, class_name="m-0 text-section font-semibold text-ink"),
        toned_chip(card.state, card.tone),
        class_name="flex flex-wrap items-center gap-x-2.5 gap-y-1",
    )
    told = rx.el.div(
        named,
        rx.el.p(kept(card.asks), class_name="m-0 text-body"),
        rx.cond(card.words != "", rx.el.p(apart(card.words), class_name=SMALL)),
        class_name="flex flex-col gap-1",
    )
    counted = rx.el.div(
        rx.el.dl(
            rx.foreach(card.figures, _figure),
            class_name="m-0 grid grid-cols-2 gap-x-6 gap-y-2 sm:grid-cols-4",
        ),
        rx.cond(card.steps != "", rx.el.p(apart(card.steps), class_name=SMALL)),
        class_name="flex flex-col gap-1 lg:col-span-2",
    )
    return rx.el.li(
        drawn,
        rx.el.div(
            told,
            counted,
            _hands(card, state),
            class_name="grid min-w-0 flex-1 gap-x-4 gap-y-2 lg:grid-cols-[minmax(0,1fr)_auto]",
        ),
        class_name="flex items-start gap-3.5 px-4 py-4",
        key=card.key,
    )


def _figure(card: rx.Var[FigureCard]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(card.label, class_name="text-small text-soft"),
        rx.el.dd(card.value, class_name="m-0 text-section font-semibold tabular-nums"),
        rx.cond(card.words != "", rx.el.dd(card.words, class_name="m-0 text-small text-soft tabular-nums")),
        class_name="flex flex-col",
        key=card.label,
    )


def _hands(card: rx.Var[GameCard], state: Any) -> rx.Component:
    """The buttons, each saying to screen readers what it is about."""
    return rx.el.div(
        rx.cond(card.edit != "", _link(t("Change"), card.edit, card)),
        rx.cond(card.holders != "", _link(t("Holders"), card.holders, card)),
        rx.cond(card.may_pause, _hand(t("Pause"), card, state.pause)),
        rx.cond(card.may_go_on, _hand(t("Let it go on"), card, state.go_on)),
        rx.cond(card.may_retire, _hand(t("Retire"), card, state.ask_retire)),
        class_name="flex flex-wrap gap-2 self-start empty:hidden max-sm:-ms-[4.375rem] lg:col-start-2 lg:row-start-1",
    )


def _link(words: str, to: rx.Var[str], card: rx.Var[GameCard]) -> rx.Component:
    return document_link(
        words,
        to=href("") + to,
        aria_label=rx.Var.create(words + ": ") + card.name,
        class_name=f"{BUTTONS['plain']} no-underline",
    )


def _hand(words: str, card: rx.Var[GameCard], on_click: Any) -> rx.Component:
    return button(
        words, tone="plain", on_click=on_click(card.key), aria_label=rx.Var.create(words + ": ") + card.name
    )
