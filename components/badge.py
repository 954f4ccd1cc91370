"""Badges as things on a shelf, and one of them in full."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.primitives import bar, chip, icon, panel, skeleton
from components.streak import streak_words
from components.words import t
from members.game_cards import BadgeCard

GIFT = "m-0 mt-1 flex items-center justify-center gap-1.5 text-small font-medium text-accent"
NAME = "max-w-full hyphens-auto break-words text-body leading-snug font-semibold text-ink line-clamp-3"
SHELF = "m-0 grid list-none grid-cols-3 gap-x-2 gap-y-5 p-0 sm:grid-cols-4 lg:grid-cols-6"


def badge_picture(
    address: rx.Var[str], *, dim: Any = False, class_name: str = "size-[4.75rem]"
) -> rx.Component:
    """The picture of a badge; its name stands beside it. `dim` greys one that was lost."""
    look = rx.cond(dim, "grayscale opacity-60", "")
    return rx.el.img(
        src=address,
        alt="",
        width="192",
        height="192",
        class_name=f"{class_name} shrink-0 object-contain " + look,
    )


def shelf(cards: rx.Var[tuple[BadgeCard, ...]], on_show: Any) -> rx.Component:
    """Badges beside and below one another."""
    return rx.el.ul(rx.foreach(cards, lambda card: _shelved(card, on_show)), class_name=SHELF)


def _shelved(card: rx.Var[BadgeCard], on_show: Any) -> rx.Component:
    lost = card.state == "past"
    caption = rx.el.span(
        card.caption,
        class_name="text-small leading-snug tabular-nums text-soft line-clamp-2 [overflow-wrap:anywhere]",
    )
    return rx.el.li(
        rx.el.button(
            badge_picture(card.picture, dim=lost),
            rx.el.span(card.name, class_name=NAME),
            caption,
            type="button",
            on_click=on_show(card.key),
            aria_haspopup="dialog",
            class_name="arrives flex w-full cursor-pointer flex-col items-center gap-1 rounded-panel border-0 "
            "bg-transparent px-0.5 py-1 text-center hover:bg-sunk",
        ),
        key=card.key,
        class_name="min-w-0",
    )


def waiting_shelf(count: int) -> rx.Component:
    """Badges on their way."""
    place = rx.el.li(
        skeleton("size-[4.75rem] !rounded-full"),
        skeleton("mt-2 h-4 w-16"),
        skeleton("mt-1.5 h-3 w-12"),
        class_name="flex flex-col items-center py-1",
    )
    return rx.el.ul(*[place] * count, class_name=SHELF, aria_hidden="true")


def near_badge(card: rx.Var[BadgeCard], on_show: Any) -> rx.Component:
    """A badge, or its next level, that is almost there."""
    return rx.el.li(
        rx.el.button(
            badge_picture(card.picture, class_name="size-16"),
            rx.el.span(
                rx.el.span(card.name, class_name="text-section font-semibold text-ink"),
                rx.cond(
                    card.level != "", rx.el.span(card.level, class_name="text-small text-soft tabular-nums")
                ),
                rx.el.span(card.progress, class_name="text-body text-soft tabular-nums"),
                bar(card.percent, card.progress, class_name="mt-2 bg-sunk"),
                class_name="flex min-w-0 flex-1 flex-col",
            ),
            type="button",
            on_click=on_show(card.key),
            aria_haspopup="dialog",
            class_name="flex w-full cursor-pointer items-center gap-4 rounded-panel border border-line bg-raised "
            "p-4 text-start hover:bg-sunk",
        ),
        key=card.key,
    )


def secret_row(count: rx.Var[int], picture: rx.Var[str], words: rx.Var[str]) -> rx.Component:
    """Silhouettes: how many secret badges there are, and nothing else."""
    one = rx.el.img(src=picture, alt="", width="192", height="192", class_name="size-14 object-contain")
    return panel(
        rx.el.div(
            rx.foreach(rx.Var.range(count), lambda number: rx.el.span(one, key=number.to(str))),
            class_name="flex flex-wrap gap-2",
            aria_hidden="true",
        ),
        rx.el.p(words, class_name="m-0 text-small text-soft"),
        class_name="flex flex-col gap-3 p-4",
    )


def badge_sheet(card: rx.Var[BadgeCard], close: rx.Component, *more: Any) -> rx.Component:
    """One badge in full: what, when, why, and how it goes on; then what can be done with it."""
    lost = card.state == "past"
    facts = (card.when, card.until, card.edition, card.rarity)
    small = "m-0 text-small text-soft tabular-nums"
    onward = rx.el.div(
        rx.el.p(
            rx.cond(card.state == "earned", t("To the next level"), t("So far")),
            class_name="m-0 text-small font-semibold text-soft",
        ),
        rx.el.p(card.progress, class_name="m-0 font-medium tabular-nums"),
        bar(card.percent, card.progress, class_name="mt-1 bg-sunk"),
        rx.cond(card.gift != "", rx.el.p(icon("gift", size=16), card.gift, class_name=GIFT)),
        class_name="flex w-full flex-col gap-0.5 rounded-button bg-sunk px-4 py-3",
    )  # fmt: skip
    return rx.el.div(
        rx.el.div(close, class_name="-mb-6 flex w-full justify-end"),
        badge_picture(card.large, dim=lost, class_name="size-40"),
        rx.el.h2(card.name, class_name="m-0 text-title font-bold tracking-tight"),
        rx.cond(card.level != "", chip(card.level, tone="accent")),
        rx.cond(card.description != "", rx.el.p(card.description, class_name="m-0 text-soft text-balance")),
        rx.cond(card.note != "", rx.el.p(card.note, class_name="m-0 rounded-button bg-caution-tint px-4 py-2 "
                                         "text-caution", role="note")),
        rx.cond(card.why != "", rx.el.p(card.why, class_name="m-0 font-medium text-balance tabular-nums")),
        *[rx.cond(fact != "", rx.el.p(fact, class_name=small)) for fact in facts],
        rx.cond(card.streak.length() > 0, streak_words(card.streak)),
        rx.cond(card.goal & (card.progress != ""), onward),
        *more,
        class_name="flex flex-col items-center gap-2 text-center",
    )  # fmt: skip
