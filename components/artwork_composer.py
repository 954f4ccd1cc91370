"""The composer of a badge's artwork: every layer there is. What it looks like is in `components.artwork_preview`.

Both take the State of `pages.staff.artwork`; a page may place them beside each other or one below the other.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.artwork_preview import CHIP, dot
from components.fields import BOX
from components.primitives import Text, button, icon, panel, section
from components.words import t
from components.workbench import PICTURE_BYTES_MAX, drop_row
from members.artwork_cards import ArtworkCard, LayerCard, PaintCard

UPLOAD = "badge-emblem"
CHOICE = (
    "grid min-h-11 cursor-pointer justify-items-center overflow-hidden rounded-button border border-line "
    "bg-raised hover:bg-sunk aria-pressed:border-ink aria-pressed:bg-sunk aria-pressed:outline aria-pressed:outline-1 "
    "aria-pressed:outline-ink"
)
SMALL = "m-0 text-small text-soft tabular-nums"


def layers(state: Any) -> rx.Component:
    """Everything that can be chosen. `state` has the handlers `choose`, `tick`, `search`, `undo` and `take_emblem`."""
    card = state.card
    back = button(
        icon("undo-2", size=18), t("Undo"), tone="quiet", on_click=state.undo, disabled=~card.may_undo
    )
    return rx.el.div(
        _part(t("Shape"), _pictures(card.shapes, "shape", state), more=back),
        _part(t("Colour"), _swatches(card, state)),
        _part(t("Emblem"), _emblems(card, state)),
        rx.el.div(
            _part(t("Ring"), _pictures(card.rings, "ring", state)),
            _part(t("Field"), _pictures(card.fields, "field", state)),
            _part(t("Ribbon"), _pictures(card.ribbons, "ribbon", state)),
            class_name="flex flex-col gap-5",
        ),
        _numbered(card, state),
        class_name="flex max-w-3xl flex-col gap-5",
    )


def _part(title: Text, *children: rx.Component, more: rx.Component | None = None) -> rx.Component:
    return section(title, *children, more=more)


def _pictures(cards: rx.Var[tuple[LayerCard, ...]], layer: str, state: Any) -> rx.Component:
    return rx.el.div(
        rx.foreach(cards, lambda one: _picture(one, layer, state)),
        class_name="grid grid-cols-4 gap-2 sm:grid-cols-8",
        role="group",
    )


def _picture(one: rx.Var[LayerCard], layer: str, state: Any) -> rx.Component:
    return rx.el.button(
        rx.el.img(src=one.picture, alt="", width="52", height="52", class_name="size-13 object-contain"),
        rx.el.span(one.label, class_name="max-w-full text-[0.75rem] leading-tight [overflow-wrap:anywhere]"),
        type="button",
        on_click=state.choose(layer, one.key),
        aria_pressed=one.on,
        class_name=f"{CHOICE} content-start gap-1 px-0.5 pt-1.5 pb-2 text-center",
        key=one.key,
    )


def _swatches(card: rx.Var[ArtworkCard], state: Any) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.foreach(card.colours, lambda one: _swatch(one, state)),
            class_name="flex flex-wrap gap-2",
            role="group",
        ),
        rx.el.div(
            rx.foreach(card.paints, lambda one: _paint(one, state)),
            class_name="flex flex-wrap gap-x-6 gap-y-3",
        ),
        class_name="flex flex-col gap-4",
    )


def _swatch(one: rx.Var[LayerCard], state: Any) -> rx.Component:
    return rx.el.button(
        dot(one.colour, "size-6 rounded-lg"),
        one.label,
        type="button",
        on_click=state.choose("colour", one.key),
        aria_pressed=one.on,
        class_name=f"{CHIP} inline-flex items-center gap-2.5 ps-2.5",
        key=one.key,
    )


def _paint(one: rx.Var[PaintCard], state: Any) -> rx.Component:
    """A colour of one's own, and the way back to the one that follows."""
    name = rx.Var.create("paint-") + one.layer
    back = button(t("As before"), tone="quiet", on_click=state.choose(one.layer, ""))
    return rx.el.div(
        rx.el.label(one.label, html_for=name, class_name="text-small font-medium"),
        rx.el.div(
            rx.el.input(
                type="color",
                id=name,
                value=one.shown,
                on_change=state.choose(one.layer).debounce(250),
                class_name="h-11 w-16 cursor-pointer rounded-button border border-[var(--field)] bg-raised p-1",
            ),
            rx.cond(one.own & (one.layer != "colour"), back),
            class_name="flex items-center gap-1",
        ),
        class_name="flex flex-col gap-1.5",
        key=one.layer,
    )


def _emblems(card: rx.Var[ArtworkCard], state: Any) -> rx.Component:
    find = rx.el.input(
        id="emblem-wanted",
        type="search",
        placeholder=t("Find an emblem"),
        aria_label=t("Find an emblem"),
        auto_complete="off",
        on_change=state.search.debounce(200),
        class_name=f"{BOX} max-w-sm",
    )
    shown = rx.el.div(
        rx.foreach(card.emblems, lambda one: _emblem(one, state)),
        class_name="grid max-h-80 grid-cols-[repeat(auto-fill,minmax(3rem,1fr))] gap-2 overflow-y-auto p-px",
        role="group",
        aria_label=t("Emblem"),
    )
    return rx.el.div(
        rx.el.div(find, rx.el.p(card.emblem_words, class_name=SMALL, role="status"),
                  class_name="flex flex-wrap items-center gap-x-4 gap-y-1"),
        shown,
        _upload(state),
        class_name="flex flex-col gap-3",
    )  # fmt: skip


def _emblem(one: rx.Var[LayerCard], state: Any) -> rx.Component:
    return rx.el.button(
        rx.el.img(
            src=one.picture,
            alt="",
            loading="lazy",
            width="44",
            height="44",
            class_name="size-12 max-w-none scale-[1.7] object-contain",
        ),
        type="button",
        title=one.label,
        on_click=state.choose("emblem", one.key),
        aria_pressed=one.on,
        aria_label=one.label,
        class_name=f"{CHOICE} h-14 content-center justify-center",
        key=one.key,
    )


def _upload(state: Any) -> rx.Component:
    """Anything may be dropped here: what cannot be taken is answered with its reason."""
    return rx.el.div(
        drop_row(
            "image-up",
            t("Upload an emblem"),
            t("PNG, JPEG or WebP, 96 pixels or more, up to 8 MB"),
            id=UPLOAD,
            max_size=PICTURE_BYTES_MAX,
            on_drop=state.take_emblem(rx.upload_files(upload_id=UPLOAD)),
            on_drop_rejected=state.not_taken,
        ),
        rx.cond(
            state.problem != "",
            rx.el.p(state.problem, role="alert", class_name="m-0 font-medium text-caution"),
        ),
        class_name="flex flex-col gap-2",
    )


def _numbered(card: rx.Var[ArtworkCard], state: Any) -> rx.Component:
    return panel(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                checked=card.numbered,
                on_change=state.tick,
                class_name="size-5 accent-[var(--accent)]",
            ),
            rx.el.span(
                rx.el.span(t("Show the holder's number"), class_name="font-medium"),
                rx.el.span(
                    t("For a badge of which there are only so many: #17"), class_name="text-small text-soft"
                ),
                class_name="flex flex-col",
            ),
            class_name="flex min-h-11 cursor-pointer items-center gap-3",
        ),
        class_name="px-4 py-2",
    )
