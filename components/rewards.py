"""Rewards: to look forward to, to have, and to show at the till."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.ahead import Ahead, item, not_there, only_if, said, there, value
from components.primitives import (
    BUTTONS,
    CHIPS,
    Text,
    bar,
    button,
    chip,
    drawing,
    emblem,
    icon,
    link_button,
    page_link,
    panel,
    ring,
    skeleton,
)
from components.states import empty
from components.words import kept, t
from members.cards import RewardCard, VoucherCard

ROW = "flex items-center gap-3.5 p-3"


def closest_reward(card: rx.Var[RewardCard]) -> rx.Component:
    """The reward that is nearest, with its ring."""
    return page_link(
        emblem(card.icon, card.picture),
        rx.el.div(
            rx.el.p(card.name, class_name="m-0 text-section font-semibold text-ink line-clamp-2"),
            rx.el.p(
                kept(card.words), class_name="m-0 text-body leading-snug text-soft tabular-nums line-clamp-2"
            ),
            class_name="min-w-0 flex-1",
        ),
        rx.cond(
            card.group == "now",
            rx.el.span(
                icon("check", size=20),
                class_name="grid size-12 shrink-0 place-items-center rounded-full bg-good-tint text-good",
            ),
            ring(card.percent, card.percent_words),
        ),
        to="/rewards",
        class_name=f"{ROW} min-h-[5.75rem] rounded-panel border border-line bg-raised text-ink "
        f"no-underline hover:bg-sunk",
    )


def waiting_reward() -> rx.Component:
    """A reward on its way."""
    return panel(
        skeleton("size-14 !rounded-button"),
        rx.el.div(skeleton("h-5 w-40"), skeleton("mt-1.5 h-4 w-28"), class_name="flex-1"),
        class_name=f"{ROW} min-h-[5.75rem]",
    )


def reward_row(card: rx.Var[RewardCard], action: rx.Component | None = None) -> rx.Component:
    """A reward in the catalogue; with a button when it can be had, else with its bar and the words why not."""
    said = rx.el.div(
        rx.el.div(
            rx.el.p(kept(card.name), class_name="m-0 text-section font-semibold"),
            rx.cond(card.stock != "", chip(kept(card.stock), tone="caution")),
            class_name="flex flex-wrap items-center gap-x-2 gap-y-1",
        ),
        rx.cond(
            card.description != "", rx.el.p(kept(card.description), class_name="m-0 text-small text-soft")
        ),
        rx.el.p(kept(card.words), class_name="m-0 text-small font-medium tabular-nums"),
        rx.cond(card.pot != "", rx.el.p(kept(card.pot), class_name="m-0 text-small text-soft tabular-nums")),
        *(
            []
            if action
            else [rx.cond(card.missing, bar(card.percent, card.percent_words, class_name="mt-1.5 bg-line"))]
        ),
        class_name="flex min-w-0 flex-1 flex-col gap-0.5",
    )
    return rx.el.li(
        emblem(card.icon, card.picture), said, *([action] if action else []), class_name=ROW, key=card.slug
    )


TILE = "grid size-14 shrink-0 place-items-center overflow-hidden rounded-button bg-accent-tint text-accent"


def _emblem_ahead(card: Ahead) -> rx.Component:
    """The drawing at once; a picture when the State has come."""
    drawn = drawing(value(card.icon), class_name="size-6")
    return rx.el.div(only_if(rx.Var.create("!") + card.picture.text(), drawn), class_name=TILE)


def reward_ahead(card: Ahead, *, now: bool) -> rx.Component:
    """`reward_row` in the first paint."""
    percent = rx.Var.create({"inlineSize": value(card.percent) + "%"})
    fill = rx.el.div(class_name="h-full rounded-chip bg-accent", custom_attrs={"style": percent})
    track = only_if(card.missing, fill, class_name="mt-1.5 h-2 overflow-hidden rounded-chip bg-line")
    looks_like_button = rx.el.span(t("Get it"), class_name=BUTTONS["tinted"], aria_hidden="true")
    return rx.el.li(
        _emblem_ahead(card),
        rx.el.div(
            rx.el.div(
                said(card.name, class_name="m-0 text-section font-semibold", bar=True),
                said(card.stock, tag=rx.el.span, class_name=CHIPS["caution"], optional=True),
                class_name="flex flex-wrap items-center gap-x-2 gap-y-1",
            ),
            said(card.description, class_name="m-0 text-small text-soft", optional=True),
            said(card.words, class_name="m-0 text-small font-medium tabular-nums"),
            said(card.pot, class_name="m-0 text-small text-soft tabular-nums", optional=True),
            *([] if now else [track]),
            class_name="flex min-w-0 flex-1 flex-col gap-0.5",
        ),
        *([only_if(card, looks_like_button)] if now else []),
        class_name=ROW,
        **item(card, ""),
    )


def voucher_ahead(card: Ahead) -> rx.Component:
    """`voucher` in the first paint: without its code, and its button only looks like one."""
    take = rx.el.span(said(card.button, tag=rx.el.span), class_name=BUTTONS["accent"], aria_hidden="true")
    show = rx.el.span(
        only_if(card.issued, icon("qr-code"), tag=rx.el.span),
        said(card.button, tag=rx.el.span),
        class_name=BUTTONS["plain"],
        aria_hidden="true",
    )
    return rx.el.li(
        _emblem_ahead(card),
        rx.el.div(
            said(card.name, class_name="m-0 text-section font-semibold"),
            said(card.words, class_name="m-0 text-small text-soft tabular-nums"),
            class_name="min-w-0 flex-1",
        ),
        there(card.won, take),
        not_there(card.won, only_if(card.button, show)),
        class_name=ROW,
        **item(card, ""),
    )


def redeem_button(card: rx.Var[RewardCard], on_click: Any) -> rx.Component:
    """Asks for the confirmation."""
    return button(
        t("Get it"),
        tone="tinted",
        on_click=on_click,
        aria_label=t("Get it") + ": " + card.name,
        aria_haspopup="dialog",
    )


def voucher(card: rx.Var[VoucherCard], on_show: Any, on_take: Any = None) -> rx.Component:
    """A reward that the member has. `on_take` gives the code of one that was won."""
    show = rx.cond(
        card.issued,
        button(icon("qr-code"), t("Code"), tone="plain", on_click=on_show, aria_haspopup="dialog"),
        rx.cond(
            card.returnable,
            button(t("Details"), tone="plain", on_click=on_show, aria_haspopup="dialog"),
        ),
    )
    if on_take is not None:
        label = t("Take it") + ": " + card.name
        take = button(t("Take it"), on_click=on_take, aria_label=label, aria_haspopup="dialog")
        show = rx.cond(card.won, take, show)
    return rx.el.li(
        emblem(card.icon, card.picture),
        rx.el.div(
            rx.el.p(kept(card.name), class_name="m-0 text-section font-semibold"),
            rx.el.p(kept(card.words), class_name="m-0 text-small text-soft tabular-nums"),
            class_name="min-w-0 flex-1",
        ),
        show,
        class_name=ROW,
        key=card.key,
    )


def code_sheet(card: rx.Var[VoucherCard], on_return: Any, on_reveal: Any) -> rx.Component:
    """What is held under the scanner: the QR picture on white, and the code in letters. And the way back.

    A code that is hidden is shown when its owner asks for it: from then on there is no way back.
    """
    letters = rx.el.p(
        card.code,
        class_name="m-0 text-center font-mono text-section font-semibold tracking-wider "
        "[overflow-wrap:anywhere]",
        custom_attrs={"dir": "ltr"},
    )
    picture = rx.el.img(
        src=card.qr, alt=t("The code as a QR picture"), class_name="size-52 rounded-button bg-white"
    )
    hint = rx.el.p(card.hint, class_name="m-0 text-center text-small")
    once = rx.el.div(
        rx.el.p(
            t("Nobody has seen this code yet. Once you have, it counts as used and cannot be given back."),
            class_name="m-0 text-center",
        ),
        button(icon("eye"), t("Show the code"), on_click=on_reveal),
        class_name="flex flex-col items-center gap-3",
    )
    about = rx.el.p(card.terms, class_name="m-0 text-center text-small text-soft")
    there = rx.el.a(
        t("Open their page"),
        icon("external-link", size=16),
        href=card.link,
        target="_blank",
        rel="noopener noreferrer",
        class_name="inline-flex min-h-11 items-center gap-1.5 font-semibold text-accent",
    )
    back = rx.el.div(
        rx.el.p(kept(card.back), class_name="m-0 flex-1 text-small text-soft tabular-nums"),
        button(t("Give it back"), tone="quiet", on_click=on_return),
        class_name="flex w-full items-center gap-3 border-t border-line pt-3",
    )
    return rx.el.div(
        rx.cond(card.hidden, once),
        rx.cond(card.code != "", rx.fragment(picture, letters, hint)),
        rx.cond(card.terms != "", about),
        rx.cond(card.link != "", there),
        rx.el.p(kept(card.words), class_name="m-0 text-center text-soft tabular-nums"),
        rx.cond(card.returnable, back),
        class_name="flex flex-col items-center gap-3",
    )


def nothing_now() -> rx.Component:
    """Where nothing can be had yet."""
    return _nothing(t("Not enough points yet"), t("The first rewards are nearer than they look."))


def nothing_at_all() -> rx.Component:
    """Where the shop offers no reward."""
    return _nothing(t("No rewards yet"), t("What the shop offers appears here."))


def _nothing(title: Text, words: Text) -> rx.Component:
    return empty("gift", title, words, link_button(t("See how to earn"), to="/rules", tone="plain"))
