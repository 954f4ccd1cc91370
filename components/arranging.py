"""The shelf being arranged: which badges come first, and in which order."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.badge import badge_picture
from components.primitives import button, icon
from components.words import t
from members.game_cards import BadgeCard

ROW = "flex min-h-16 items-center gap-3 px-3 py-2"
LIST = (
    "m-0 list-none overflow-hidden rounded-panel border border-line bg-raised p-0 "
    "[&>li+li]:border-t [&>li+li]:border-line"
)
SQUARE = "!px-0 size-11 shrink-0"


def arranging(
    cards: rx.Var[tuple[BadgeCard, ...]], *, on_first: Any, on_back: Any, on_shift: Any
) -> rx.Component:
    """A list of the badges that are the member's; those that come first can be moved, the others put first."""

    def row(card: rx.Var[BadgeCard]) -> rx.Component:
        chosen = rx.fragment(
            _move("arrow-up", t("Further to the front"), card, on_shift(card.slug, True)),
            _move("arrow-down", t("Further to the back"), card, on_shift(card.slug, False)),
            _move("pin-off", t("No longer first"), card, on_back(card.slug)),
        )
        return rx.el.li(
            badge_picture(card.picture, class_name="size-11"),
            rx.el.span(card.name, class_name="min-w-0 flex-1 font-medium leading-snug [overflow-wrap:anywhere]"),
            rx.cond(card.chosen, chosen, _move("pin", t("Put first"), card, on_first(card.slug))),
            key=card.key,
            class_name=ROW,
        )  # fmt: skip

    return rx.el.div(
        rx.el.p(
            t("What you put first comes first here, and is shown on your home page."),
            class_name="m-0 mb-3 text-small text-soft",
        ),
        rx.el.ul(rx.foreach(cards, row), class_name=LIST),
    )


def _move(drawn: str, label: str, card: rx.Var[BadgeCard], on_click: Any) -> rx.Component:
    return button(
        icon(drawn, size=18),
        tone="plain",
        on_click=on_click,
        aria_label=label + ": " + card.name,
        class_name=SQUARE,
    )
