"""A badge's artwork as it is now: on light and on dark, large and at 48 px; how well it is seen; how it is shared."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.primitives import button, icon
from components.words import t
from members.artwork_cards import ArtworkCard, ContrastCard, LayerCard

CHIP = (
    "min-h-11 cursor-pointer rounded-button border border-line bg-raised px-3.5 font-medium text-soft "
    "aria-pressed:border-ink aria-pressed:bg-sunk aria-pressed:text-ink"
)


def preview(state: Any) -> rx.Component:
    """The badge on light and on dark, large and at 48 px; how well it is seen; and how it is shared."""
    card = state.card
    return rx.el.div(
        rx.el.div(_ground(card, "light"), _ground(card, "dark"), class_name="grid grid-cols-2 gap-3"),
        _seen(card, state),
        rx.el.div(
            rx.el.h2(t("When it is shared"), class_name="m-0 text-section font-semibold"),
            rx.el.div(
                rx.foreach(card.languages, lambda one: _chip(one, state.share_in(one.key))),
                role="group",
                aria_label=t("Language"),
                class_name="flex flex-wrap gap-2",
            ),
            rx.el.img(
                src=card.share,
                alt=t("The picture that messengers show beside a link"),
                class_name="aspect-[1200/630] w-full rounded-button border border-line bg-sunk",
            ),
            class_name="mt-2 flex flex-col gap-3",
        ),
        class_name="flex flex-col gap-3",
    )


def strip(state: Any) -> rx.Component:
    """The same in little, for narrow pages: it stays in sight while something is chosen further down."""
    card = state.card
    return rx.el.div(
        *[
            rx.el.img(src=card.small_twice, alt="", width="48", height="48",
                      class_name=f"{ground} size-12 box-content rounded-button border border-line bg-surface p-1.5")
            for ground in ("light", "dark")
        ],
        _verdict(card, "min-w-0 flex-1 text-small"),
        class_name="sticky top-0 z-10 -mx-4 flex items-center gap-3 border-b border-line bg-surface px-4 py-2 "
        "lg:hidden",
        aria_hidden="true",
    )  # fmt: skip


def _ground(card: rx.Var[ArtworkCard], ground: str) -> rx.Component:
    """One side: always light, or always dark, whatever the page is."""
    tints = {"light": "light bg-surface text-ink border-line", "dark": "dark bg-surface text-ink border-line"}
    small = "size-12 object-contain"
    twice = {"srcSet": card.small + " 1x, " + card.small_twice + " 2x"}
    return rx.el.div(
        rx.el.img(
            src=card.large, alt="", width="128", height="128", class_name="size-32 max-w-full object-contain"
        ),
        rx.el.div(
            rx.el.img(src=card.small, alt="", width="48", height="48", class_name=small, custom_attrs=twice),
            rx.el.img(src=card.locked, alt="", width="48", height="48", class_name=small),
            class_name="flex gap-3",
        ),
        role="img",
        aria_label=t("On a light page") if ground == "light" else t("On a dark page"),
        class_name=f"flex flex-col items-center gap-3 rounded-panel border px-2 py-5 {tints[ground]}",
    )


def _seen(card: rx.Var[ArtworkCard], state: Any) -> rx.Component:
    return rx.el.div(
        _verdict(card, "justify-center"),
        rx.el.ul(
            rx.foreach(card.contrast, lambda one: _pair(one, state)),
            class_name="m-0 list-none divide-y divide-line rounded-panel border border-line bg-raised p-0",
        ),
        class_name="flex flex-col gap-2",
        role="status",
    )


def _verdict(card: rx.Var[ArtworkCard], class_name: str) -> rx.Component:
    return rx.el.p(
        rx.cond(card.well_seen, icon("check", size=18, class_name="text-good"),
                icon("triangle-alert", size=18, class_name="text-caution")),
        card.seen,
        class_name=f"m-0 flex items-center gap-2 font-medium tabular-nums {class_name}",
    )  # fmt: skip


def _pair(one: rx.Var[ContrastCard], state: Any) -> rx.Component:
    short = rx.el.div(
        rx.el.p(one.advice, class_name="m-0 text-small font-medium text-caution"),
        button(
            dot(one.better, "size-4 rounded-full"),
            t("Use this colour"),
            tone="plain",
            on_click=state.choose(one.layer, one.better),
            class_name="self-start",
        ),
        class_name="mt-1 flex w-full flex-col gap-2",
    )
    return rx.el.li(
        rx.el.span(one.label, class_name="min-w-0 flex-1 text-small"),
        rx.el.span(
            one.value,
            rx.cond(one.enough, icon("check", size=16, class_name="text-good"),
                    icon("triangle-alert", size=16, class_name="text-caution")),
            class_name="flex items-center gap-1.5 text-small font-semibold tabular-nums",
        ),
        rx.cond(one.enough, rx.fragment(), short),
        class_name="flex flex-wrap items-center gap-x-3 px-3.5 py-2.5",
        key=one.key,
    )  # fmt: skip


def dot(colour: rx.Var[str], class_name: str) -> rx.Component:
    """A spot of a colour that data gives."""
    return rx.el.span(
        class_name=f"inline-block shrink-0 border border-line {class_name}",
        custom_attrs={"style": rx.Var.create({"background": colour})},
        aria_hidden="true",
    )


def _chip(one: rx.Var[LayerCard], on_click: Any) -> rx.Component:
    return rx.el.button(
        one.label, type="button", on_click=on_click, aria_pressed=one.on, class_name=CHIP, key=one.key
    )
