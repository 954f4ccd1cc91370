"""Badges as things on a shelf, and one of them in full."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.ahead import SRC, Ahead, bar_of, item, rows, said, there
from components.primitives import bar, chip, icon, panel
from components.streak import streak_words
from components.words import kept, t
from members.game_cards import BadgeCard

GIFT = "m-0 mt-1 flex items-center justify-center gap-1.5 text-small font-medium text-accent"
NAME = "max-w-full px-1 hyphens-auto break-words text-body leading-snug font-semibold text-ink line-clamp-3"
SIZE = {"width": 192, "height": 192}  # as attributes: as properties they would be a style
SHELF = "m-0 grid list-none grid-cols-3 gap-x-1 gap-y-5 p-0 sm:grid-cols-4 lg:grid-cols-6"


def badge_picture(
    address: Any, *, dim: Any = False, class_name: str = "size-[4.75rem]", lazy: bool = False
) -> rx.Component:
    """The picture of a badge; its name stands beside it. `dim` greys one that was lost.

    One that is ahead and `lazy` is fetched only when it is seen.
    """
    look = f"{class_name} shrink-0 object-contain "
    if isinstance(
        address, Ahead
    ):  # without `src`: React would write its own into the picture when it takes it over
        look += " [&:not([src])]:rounded-full [&:not([src])]:bg-sunk"
        when = {"loading": "lazy"} if lazy else {}
        return rx.el.img(alt="", class_name=look, custom_attrs={SRC: address.text(), **SIZE}, **when)
    return rx.el.img(
        src=address, alt="", class_name=look + rx.cond(dim, "grayscale opacity-60", ""), custom_attrs=SIZE
    )


def shelf(cards: Any, on_show: Any, *, ahead: int = 0, lazy: bool = False) -> rx.Component:
    """Badges beside and below one another; `ahead` is how many of those that are ahead."""
    return rows(cards, ahead, lambda card: _shelved(card, on_show, lazy), SHELF)


def _shelved(card: Any, on_show: Any, lazy: bool) -> rx.Component:
    lost = False if isinstance(card, Ahead) else card.state == "past"
    caption = (
        "text-small leading-snug tabular-nums text-soft text-balance line-clamp-3 [overflow-wrap:anywhere]"
    )
    return rx.el.li(
        _opener(
            card,
            on_show,
            badge_picture(card.picture, dim=lost, lazy=lazy),
            said(card.name, tag=rx.el.span, class_name=f"{NAME} !min-w-16", bar=True),
            said(card.caption, tag=rx.el.span, class_name=caption),
            class_name="flex w-full cursor-pointer flex-col items-center gap-1 rounded-panel border-0 "
            "bg-transparent px-0 py-1 text-center hover:bg-sunk",
        ),
        class_name="min-w-0",
        **item(card, card.key),
    )


def _opener(card: Any, on_show: Any, *inside: Any, class_name: str) -> rx.Component:
    """What opens the detail of a badge; of one that is ahead, what looks like it."""
    if isinstance(card, Ahead):
        return rx.el.div(*inside, class_name=class_name)
    return rx.el.button(
        *inside, type="button", on_click=on_show(card.key), aria_haspopup="dialog", class_name=class_name
    )


def near_badge(card: Any, on_show: Any) -> rx.Component:
    """A badge, or its next level, that is almost there."""
    level = there(
        card.level, said(card.level, tag=rx.el.span, class_name="text-small text-soft tabular-nums")
    )
    return rx.el.li(
        _opener(
            card,
            on_show,
            badge_picture(card.picture, class_name="size-16"),
            rx.el.span(
                said(card.name, tag=rx.el.span, class_name="text-section font-semibold text-ink", bar=True),
                level,
                said(card.progress, tag=rx.el.span, class_name="text-body text-soft tabular-nums"),
                rx.el.span(bar_of(card.percent, card.progress), class_name="mt-2 block"),
                class_name="flex min-w-0 flex-1 flex-col",
            ),
            class_name="flex w-full cursor-pointer items-center gap-4 rounded-panel border border-line bg-raised "
            "p-4 text-start hover:bg-sunk",
        ),
        **item(card, card.key),
    )


def secret_row(count: rx.Var[int], picture: rx.Var[str], words: rx.Var[str]) -> rx.Component:
    """Silhouettes: how many secret badges there are, and nothing else."""
    one = rx.el.img(src=picture, alt="", class_name="size-14 object-contain", custom_attrs=SIZE)
    return panel(
        rx.el.div(
            rx.foreach(rx.Var.range(count), lambda number: rx.el.span(one, key=number.to(str))),
            class_name="flex flex-wrap gap-2",
            aria_hidden="true",
        ),
        rx.el.p(words, class_name="m-0 min-w-40 flex-1 text-small text-soft"),
        class_name="flex flex-wrap items-center gap-3 p-4",
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
        rx.el.p(kept(card.progress), class_name="m-0 font-medium tabular-nums"),
        bar(card.percent, card.progress, class_name="mt-1 bg-line"),
        rx.cond(card.gift != "", rx.el.p(icon("gift", size=16), kept(card.gift), class_name=GIFT)),
        class_name="flex w-full flex-col gap-0.5 rounded-button bg-sunk px-4 py-3",
    )  # fmt: skip
    return rx.el.div(
        rx.el.div(close, class_name="-mb-6 flex w-full justify-end"),
        badge_picture(card.large, dim=lost, class_name="size-40"),
        rx.el.h2(card.name, class_name="m-0 text-title font-bold tracking-tight"),
        rx.cond(card.level != "", chip(card.level, tone="accent")),
        rx.cond(card.description != "", rx.el.p(kept(card.description), class_name="m-0 text-soft text-balance")),
        rx.cond(card.note != "", rx.el.p(kept(card.note), class_name="m-0 rounded-button bg-caution-tint px-4 py-2 "
                                         "text-caution", role="note")),
        rx.cond(card.why != "", rx.el.p(kept(card.why), class_name="m-0 font-medium text-balance tabular-nums")),
        *[rx.cond(fact != "", rx.el.p(kept(fact), class_name=small)) for fact in facts],
        rx.cond(card.streak.length() > 0, streak_words(card.streak)),
        rx.cond(card.goal & (card.progress != ""), onward),
        *more,
        class_name="flex flex-col items-center gap-2 text-center",
    )  # fmt: skip
