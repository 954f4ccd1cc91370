"""What people fill in: a label, a box of 44 px, a hint, and what is wrong with it, tied together for everybody."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.primitives import Text

TURN = "turn"
BOX = (
    "min-h-11 w-full rounded-button border border-[var(--field)] bg-raised px-3.5 py-2 text-body text-ink "
    "placeholder:text-soft disabled:opacity-60"
)


def field(label: Text, box: rx.Component, *, name: str, hint: Text = "", problem: Text = "") -> rx.Component:
    """A box under its label; `problem` stands below it as soon as there is one, else the hint."""
    below = rx.cond(
        problem != "" if isinstance(problem, rx.Var) else rx.Var.create(bool(problem)),
        rx.el.p(problem, class_name="m-0 text-small font-medium text-caution", role="alert"),
        rx.el.p(hint, class_name="m-0 text-small text-soft")
        if not isinstance(hint, str) or hint
        else rx.fragment(),
    )
    return rx.el.div(
        rx.el.label(label, html_for=name, class_name="text-small font-medium text-ink"),
        box,
        rx.el.div(below, id=f"{name}-said", class_name="empty:hidden"),
        class_name="flex flex-col gap-1.5",
    )


def of_turn(turn: rx.Var[int]) -> rx.Component:
    """Says which turn a form was drawn for: what was sent before the answer to the last one came is known by it."""
    return rx.el.input(type="hidden", name=TURN, value=turn)


def text_field(label: Text, *, name: str, hint: Text = "", problem: Text = "", **props: Any) -> rx.Component:
    """One line of text."""
    props.setdefault("type", "text")
    box = rx.el.input(
        id=name, name=name, class_name=BOX, custom_attrs={"aria-describedby": f"{name}-said"}, **props
    )
    return field(label, box, name=name, hint=hint, problem=problem)


def number_field(
    label: Text, *, name: str, hint: Text = "", problem: Text = "", **props: Any
) -> rx.Component:
    """A number, with the phone's number keys. What comes back is text: parse it strictly."""
    return text_field(label, name=name, hint=hint, problem=problem, input_mode="decimal", **props)


def area_field(label: Text, *, name: str, hint: Text = "", problem: Text = "", **props: Any) -> rx.Component:
    """Several lines of text."""
    props.setdefault("rows", "4")
    box = rx.el.textarea(
        id=name, name=name, class_name=BOX, custom_attrs={"aria-describedby": f"{name}-said"}, **props
    )
    return field(label, box, name=name, hint=hint, problem=problem)


def select_field(
    label: Text, *options: rx.Component, name: str, hint: Text = "", problem: Text = "", **props: Any
) -> rx.Component:
    """One of several; `options` are `rx.el.option` or an `rx.foreach` of them."""
    box = rx.el.select(
        *options,
        id=name,
        name=name,
        class_name=BOX,
        custom_attrs={"aria-describedby": f"{name}-said"},
        **props,
    )
    return field(label, box, name=name, hint=hint, problem=problem)
