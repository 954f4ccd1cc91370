"""The game at home, and the switches with which it is made quiet."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.ahead import press
from components.badge import badge_picture
from components.primitives import bar, chip, disc, drawing, icon, page_link, panel
from components.words import t
from facts.language import N_
from members.cards import PlayCard
from members.game_cards import SwitchCard


def switches(cards: rx.Var[tuple[SwitchCard, ...]], on_switch: Any) -> rx.Component:
    """The parts of the game, each on or off."""
    return rx.el.ul(
        rx.foreach(cards, lambda card: _switch(card, on_switch)),
        class_name="m-0 list-none overflow-hidden rounded-panel border border-line bg-raised p-0 "
        "[&>li+li]:border-t [&>li+li]:border-line",
    )


def _switch(card: rx.Var[SwitchCard], on_switch: Any) -> rx.Component:
    knob = rx.el.span(
        rx.el.span(
            class_name="turns block size-5 rounded-full bg-raised shadow-sm "
            + rx.cond(card.on, "translate-x-5 rtl:-translate-x-5", "")
        ),
        class_name="block h-7 w-12 shrink-0 rounded-chip p-1 "
        + rx.cond(card.on, "bg-accent", "bg-[var(--field)]"),
    )
    return rx.el.li(
        rx.el.button(
            rx.el.span(
                rx.el.span(card.label, class_name="font-medium text-ink"),
                rx.el.span(card.text, class_name="text-small text-soft"),
                class_name="flex min-w-0 flex-1 flex-col",
            ),
            knob,
            type="button",
            role="switch",
            aria_checked=card.on,
            on_click=on_switch(card.name),
            class_name="flex min-h-14 w-full cursor-pointer items-center gap-4 border-0 bg-transparent px-4 py-2.5 "
            "text-start hover:bg-sunk",
        ),
        key=card.name,
    )


def quiet_note(card: Any, on_wake: Any, *, what: str = N_("The game is switched off")) -> rx.Component:
    """The game, or a part of it, is off: said once, with the way back. `card` is the page's, or the one ahead."""
    return panel(
        rx.el.p(t(what), class_name="m-0 text-section font-semibold"),
        rx.el.p(
            t("Your points and rewards are the same with or without it."), class_name="m-0 max-w-sm text-soft"
        ),
        press(card, t("Switch it on again"), tone="plain", on_click=on_wake, class_name="mt-2"),
        class_name="flex flex-col items-center gap-1 px-6 py-8 text-center",
    )


def first_badges(cards: rx.Var[tuple[PlayCard, ...]]) -> rx.Component:
    """The badges that the member puts first, side by side, on the way to all of them."""
    one = rx.foreach(
        cards,
        lambda card: rx.el.li(
            badge_picture(card.picture, class_name="size-12"),
            rx.el.span(card.name, class_name="sr-only"),
            key=card.name,
        ),
    )
    return page_link(
        rx.el.ul(one, class_name="m-0 flex list-none flex-wrap gap-2 p-0"),
        to="/badges",
        class_name="mb-2.5 flex rounded-panel border border-line bg-raised p-2.5 no-underline hover:bg-sunk",
    )


def play_link(drawn: str, title: str, text: str, to: str) -> rx.Component:
    """The way to another page of the game."""
    return page_link(
        drawing(drawn, class_name="size-5"),
        rx.el.span(
            rx.el.span(title, class_name="font-semibold"),
            rx.el.span(text, class_name="text-small text-soft"),
            class_name="flex min-w-0 flex-1 flex-col leading-snug",
        ),
        icon("chevron-right", size=18, class_name="mirrored"),
        to=to,
        class_name="mt-3 flex min-h-[3.75rem] items-center gap-3 rounded-panel border border-line bg-raised px-4 py-2 "
        "text-ink no-underline hover:bg-sunk",
    )


def home_play(card: rx.Var[PlayCard], to: str, *, picture: bool) -> rx.Component:
    """A badge or a challenge at home."""
    drawn = badge_picture(card.picture, class_name="size-12") if picture else disc(card.icon, large=True)
    return page_link(
        drawn,
        rx.el.span(
            rx.el.span(
                rx.el.span(card.name, class_name="truncate font-semibold text-ink"),
                rx.cond(card.chip != "", chip(card.chip, tone="accent")),
                class_name="flex items-center gap-2",
            ),
            rx.el.span(
                card.words, class_name="-mb-1 truncate pb-1 text-small leading-snug text-soft tabular-nums"
            ),
            rx.cond(card.chip == "", bar(card.percent, card.words, class_name="mt-1.5 bg-line")),
            class_name="flex min-w-0 flex-1 flex-col",
        ),
        to=to,
        class_name="flex min-h-[5.25rem] items-center gap-3.5 rounded-panel border border-line bg-raised p-3 "
        "text-ink no-underline hover:bg-sunk",
    )
