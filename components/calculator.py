"""A calculator that says what an amount would bring, and how much of it could be paid, tier by tier."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.fields import number_field, select_field
from components.primitives import button, panel
from components.words import kept, t
from members.cards import DepartmentCard
from members.reckoned_cards import ReckonedCard, SumCard


def calculator(
    departments: rx.Var[tuple[DepartmentCard, ...]],
    reckoned_for: rx.Var[str],
    on_submit: Any,
    problem: rx.Var[str],
    reckoned: rx.Var[list[ReckonedCard]],
    could_pay: rx.Var[str],
) -> rx.Component:
    """The form for an amount, and what it would bring, tier by tier.

    `reckoned_for` says for whom, where that matters; `could_pay` is what is said of all tiers.
    """
    form = rx.el.form(
        number_field(t("An amount"), name="amount", problem=problem, auto_complete="off", required=True),
        rx.cond(
            departments.length() > 0,
            select_field(
                t("What for"),
                rx.el.option(t("Anything else"), value=""),
                rx.foreach(departments, lambda one: rx.el.option(one.label, value=one.path)),
                name="department",
            ),
        ),
        button(t("Calculate"), type="submit"),
        rx.cond(reckoned_for != "", rx.el.p(reckoned_for, class_name="m-0 text-small text-soft")),
        on_submit=on_submit,
        class_name="flex flex-col gap-3 p-4",
    )
    results = rx.el.ul(
        rx.foreach(reckoned, _reckoned),
        rx.cond(
            could_pay != "",
            rx.el.li(kept(could_pay), class_name="arrives px-4 py-2.5 text-small text-soft tabular-nums"),
        ),
        aria_live="polite",
        class_name="m-0 list-none border-t border-line p-0 empty:hidden [&>li+li]:border-t "
        "[&>li+li]:border-line",
    )
    return panel(form, results, class_name="overflow-hidden")


def _reckoned(card: rx.Var[ReckonedCard]) -> rx.Component:
    return rx.el.li(
        rx.el.span(card.tier, class_name="flex-1 font-medium"),
        rx.cond(card.points != "", rx.fragment(*_amounts(card.points, card.worth))),
        rx.foreach(card.beside, _beside),
        rx.cond(
            card.could_pay != "",
            rx.el.p(kept(card.could_pay), class_name="m-0 basis-full text-small text-soft tabular-nums"),
        ),
        class_name="arrives flex flex-wrap items-center gap-x-3 px-4 py-2.5",
    )


def _amounts(amount: rx.Var[str], worth: rx.Var[str]) -> list[rx.Component]:
    return [
        rx.el.span(amount, class_name="font-semibold tabular-nums"),
        rx.cond(worth != "", rx.el.span(worth, class_name="min-w-16 text-end text-soft tabular-nums")),
    ]


def _beside(card: rx.Var[SumCard]) -> rx.Component:
    return rx.el.p(
        rx.el.span(card.name, class_name="flex-1 text-small text-soft"),
        *_amounts(card.amount, card.worth),
        class_name="m-0 flex basis-full items-center gap-x-3",
    )
