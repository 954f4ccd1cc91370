"""A box of the studio, of whatever sort its card says, with its label, its hint and what is wrong with it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.fields import BOX
from components.list_box import list_box
from components.primitives import button, icon
from components.words import t
from components.workbench import LABEL
from members.staff_cards import TickCard
from members.staff_game_cards import OptionCard
from members.staff_studio_cards import BoxCard

PAUSE = 400  # milliseconds without a key, after which what was typed so far is said in words
GRID = "grid items-start gap-4 sm:grid-cols-2"
WIDE = ("list", "ticks")
SMALL = "m-0 text-small text-soft"
CROSS = "grid size-11 cursor-pointer place-items-center border-0 bg-transparent text-soft hover:text-ink"


def studio_boxes(cards: rx.Var[tuple[BoxCard, ...]], state: Any) -> rx.Component:
    """Boxes side by side; `state` has the handlers `put`, `tick`, `add_item`, `drop_item` and `drop_condition`."""
    return rx.el.div(rx.foreach(cards, lambda card: studio_box(card, state)), class_name=GRID)


def studio_box(card: rx.Var[BoxCard], state: Any) -> rx.Component:
    """One box."""
    inner = rx.match(
        card.box,
        ("choice", _choice(card, state)),
        ("ticks", _ticks(card, state)),
        ("list", _list(card, state)),
        _typed(card, state),
    )
    wide = rx.cond((card.box == "list") | (card.box == "ticks"), "sm:col-span-2", "")
    return rx.el.div(
        rx.el.div(
            _label(card),
            _remove(card, state),
            class_name="flex min-h-6 items-end justify-between gap-2 empty:hidden",
        ),
        inner,
        rx.el.div(_below(card), id=card.name + "-said"),
        class_name="flex min-w-0 flex-col gap-1.5 " + wide,
        key=card.key,
    )


def _label(card: rx.Var[BoxCard]) -> rx.Component:
    return rx.cond(
        card.label != "", rx.el.label(card.label, html_for=card.name, class_name=LABEL), rx.fragment()
    )


def _remove(card: rx.Var[BoxCard], state: Any) -> rx.Component:
    gone = rx.el.button(
        icon("x", size=18),
        type="button",
        on_click=state.drop_condition(card.remove),
        aria_label=rx.Var.create(t("Take this condition away") + ": ") + card.label,
        class_name="-my-2 -me-2 grid size-11 cursor-pointer place-items-center border-0 bg-transparent text-soft "
        "hover:text-ink",
    )
    return rx.cond(card.remove != "", gone, rx.fragment())


def _below(card: rx.Var[BoxCard]) -> rx.Component:
    return rx.cond(
        card.problem != "",
        rx.el.p(card.problem, class_name="m-0 text-small font-medium text-caution", role="alert"),
        rx.cond(card.hint != "", rx.el.p(card.hint, class_name=SMALL)),
    )


def _about(card: rx.Var[BoxCard]) -> dict[str, Any]:
    return {
        "id": card.name,
        "name": card.name,
        "aria_invalid": card.problem != "",
        "custom_attrs": {"aria-describedby": card.name + "-said", "dir": "auto", "data-box": card.name},
    }


def _typed(card: rx.Var[BoxCard], state: Any) -> rx.Component:
    numbers = (card.box == "number") | (card.box == "money")
    return rx.el.input(
        type=rx.cond(card.box == "date", "date", "text"),
        input_mode=rx.cond(numbers, "decimal", "text"),
        default_value=card.value,
        on_change=state.put(card.name).debounce(PAUSE),
        on_blur=state.put(card.name),
        auto_complete="off",
        class_name=BOX,
        **_about(card),
    )


def _option(one: rx.Var[OptionCard]) -> rx.Component:
    return rx.el.option(one.label, value=one.key)


def _choice(card: rx.Var[BoxCard], state: Any) -> rx.Component:
    return rx.el.select(
        rx.foreach(card.options, _option),
        value=card.value,
        on_change=state.put(card.name),
        class_name=BOX,
        aria_label=rx.cond(card.label != "", card.label, t("Choose one of these")),
        **_about(card),
    )


def _ticks(card: rx.Var[BoxCard], state: Any) -> rx.Component:
    def tick(one: rx.Var[TickCard]) -> rx.Component:
        box = rx.el.input(
            type="checkbox",
            checked=one.on,
            on_change=state.tick(one.name),
            class_name="size-5 accent-[var(--accent)]",
        )
        look = "flex min-h-11 cursor-pointer items-center gap-2 rounded-button border border-line px-3 py-2 font-medium"
        return rx.el.label(box, one.label, class_name=look, key=one.name)

    return rx.el.div(
        rx.foreach(card.ticks, tick), role="group", aria_label=card.label, id=card.name,
        class_name="flex flex-wrap gap-2",
    )  # fmt: skip


def _list(card: rx.Var[BoxCard], state: Any) -> rx.Component:
    def item(one: rx.Var[str]) -> rx.Component:
        gone = rx.el.button(
            icon("x", size=16),
            type="button",
            on_click=state.drop_item(card.name, one),
            aria_label=rx.Var.create(t("Take away") + ": ") + one,
            class_name=CROSS,
        )
        look = "flex items-center rounded-button bg-sunk ps-3.5 font-medium [overflow-wrap:anywhere]"
        return rx.el.li(rx.el.span(one, dir="auto"), gone, class_name=look, key=one)

    there = rx.el.ul(
        rx.foreach(card.chosen, item), class_name="m-0 flex list-none flex-wrap gap-2 p-0 empty:hidden"
    )
    known = rx.el.datalist(
        rx.foreach(card.hints, lambda one: rx.el.option(value=one, key=one)), id=card.name + "-known"
    )
    box = list_box(
        id=card.name,
        class_name=f"{BOX} min-w-0 flex-1",
        on_add=state.add_item(card.name),
        custom_attrs={
            "list": card.name + "-known",
            "aria-describedby": card.name + "-said",
            "aria-invalid": card.problem != "",
            "dir": "auto",
            "data-box": card.name,
        },
    )
    more = rx.el.div(box, button(t("Add"), tone="plain"), class_name="flex gap-2")
    return rx.el.div(there, more, known, class_name="flex flex-col gap-2")
