"""The studio's form: what it is, what it asks, what it gives, for whom and when."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.primitives import button, chip, icon, panel, skeleton
from components.staff_studio_boxes import studio_boxes
from components.words import t
from components.workbench import boxes, discarding, names_sheet, sheet, ticks
from members.staff_studio_cards import PartCard, StepCard

CAUTION = "m-0 font-medium text-caution"
INNER = "flex flex-col gap-4 rounded-card border border-line p-4"


def studio_form(state: Any) -> rx.Component:
    """All sheets. `state` is that of the page: its card and its handlers."""
    card = state.card
    return rx.el.div(
        rx.cond(card.wrong != "", rx.el.p(card.wrong, role="alert", class_name=CAUTION)),
        rx.cond(card.problem != "", rx.el.p(card.problem, role="alert", class_name=CAUTION)),
        rx.cond(card.stale, _stale(state)),
        names_sheet(card, state.put, fresh=card.fresh),
        _asks(state),
        _gives(state),
        _who(state),
        rx.cond(card.draft != "", discarding(state, t("The draft is gone then. What is published stays."))),
        class_name="flex max-w-3xl flex-col gap-5",
    )


def _stale(state: Any) -> rx.Component:
    words = t("Somebody changed it since this draft was begun. What would change is told beside the form.")
    return panel(
        rx.el.p(words, class_name="m-0"),
        rx.el.div(button(t("I have seen it, go on"), tone="plain", on_click=state.renew)),
        class_name="flex flex-col gap-3 p-4 md:p-5",
        role="alert",
    )


def _asks(state: Any) -> rx.Component:
    card = state.card
    missing = rx.el.p(t("Fill in what is missing, and it is said in words here."), class_name="m-0 text-soft")
    sentence = rx.el.p(card.sentence, class_name="m-0 text-section font-semibold")
    said = rx.el.div(
        rx.cond(card.sentence != "", sentence, missing),
        class_name="rounded-card bg-sunk p-4",
        role="status",
        aria_label=t("What it asks, in words"),
    )
    deep = rx.el.div(
        rx.el.p(
            t("It is more than this form can show, and stays as it is in the programme's document."),
            class_name="m-0",
        ),
        rx.el.div(button(t("Build it anew here"), tone="plain", on_click=state.anew)),
        class_name="flex flex-col gap-3",
    )
    parts = rx.el.div(
        rx.foreach(card.parts, lambda part: _part(part, state)),
        rx.cond(card.together.length() > 0, _together(state)),
        rx.el.div(button(icon("plus"), t("One more question"), tone="quiet", on_click=state.add_part)),
        class_name="flex flex-col gap-4",
    )
    return sheet(t("What it asks"), said, rx.cond(card.deep, deep, parts))


def _together(state: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(t("Together"), class_name="m-0 font-medium"),
        studio_boxes(state.card.together, state),
        class_name="flex flex-col gap-2",
    )


def _drop(title: rx.Var[str], on_drop: Any) -> rx.Component:
    """A cross, which says to screen readers what it takes away."""
    name = rx.Var.create(t("Take away") + ": ") + title
    return button(icon("x"), tone="quiet", on_click=on_drop, aria_label=name)


def _part(part: rx.Var[PartCard], state: Any) -> rx.Component:
    drop = _drop(part.title, state.drop_part(part.key))
    head = rx.el.div(
        rx.el.div(
            rx.el.p(part.title, class_name="m-0 font-medium"),
            rx.cond(part.sentence != "", rx.el.p(part.sentence, class_name="m-0 text-small text-soft")),
            class_name="min-w-0 flex-1",
        ),
        rx.cond(part.may_drop, drop),
        class_name="flex items-start gap-2",
    )
    conditions = rx.el.div(
        rx.el.p(t("Only when"), class_name="m-0 w-full text-small font-medium"),
        rx.foreach(
            part.conditions,
            lambda one: rx.el.button(
                icon("plus", size=16),
                one.label,
                type="button",
                on_click=state.add_condition(part.key, one.key),
                class_name="inline-flex min-h-11 cursor-pointer items-center gap-1.5 rounded-button border border-line "
                "bg-raised px-3 text-ink hover:bg-sunk",
                key=one.key,
            ),
        ),
        class_name="flex flex-wrap gap-2",
    )
    return rx.el.div(
        rx.cond(part.title != "", head),
        studio_boxes(part.boxes, state),
        rx.cond(part.conditions.length() > 0, conditions),
        class_name=rx.cond(part.may_drop, INNER, "flex flex-col gap-4"),
        role="group",
        aria_label=rx.cond(part.title != "", part.title, t("Question")),
        key=part.key,
    )


def _gives(state: Any) -> rx.Component:
    card = state.card
    return sheet(
        t("What it gives"),
        rx.cond(card.ladder.length() > 0, studio_boxes(card.ladder, state)),
        rx.foreach(card.steps, lambda step: _step(step, state)),
        rx.cond(
            card.may_add_step,
            rx.el.div(button(icon("plus"), t("One more step"), tone="quiet", on_click=state.add_step)),
        ),
    )


def _step(step: rx.Var[StepCard], state: Any) -> rx.Component:
    drop = _drop(step.title, state.drop_step(step.key))
    head = rx.el.div(
        rx.el.p(step.title, class_name="m-0 flex-1 self-center font-medium tabular-nums"),
        rx.cond(step.may_drop, drop),
        class_name="flex min-h-11 gap-2",
    )
    more = rx.el.details(
        rx.el.summary(
            t("More about the prize"), class_name="min-h-11 cursor-pointer py-2.5 font-medium text-accent"
        ),
        rx.el.div(studio_boxes(step.more, state), class_name="pt-1"),
        open=step.open,
    )
    return rx.el.div(
        rx.cond(step.title != "", head),
        studio_boxes(step.boxes, state),
        more,
        class_name=rx.cond(step.title != "", INNER, "flex flex-col gap-4"),
        role="group",
        aria_label=rx.cond(step.title != "", step.title, t("Prize")),
        key=step.key,
    )


def _who(state: Any) -> rx.Component:
    card = state.card
    secret = rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=card.secret,
            on_change=state.tick("secret"),
            class_name="size-5 accent-[var(--accent)]",
        ),
        t("Secret: nobody sees it before they have it"),
        class_name="flex min-h-11 cursor-pointer items-center gap-2.5 font-medium",
    )
    zone = rx.el.p(t("Times are those of the shop:"), " ", card.zone, class_name="m-0 text-small text-soft")
    return sheet(
        t("For whom, and when"),
        studio_boxes(card.who, state),
        ticks(t("Only for these tiers (none: for everybody)"), card.tiers, state.tick),
        rx.cond(card.kind == "badge", secret),
        boxes(card.times, state.put, wide=True),
        zone,
    )


def waiting_studio() -> rx.Component:
    """The form on its way."""
    return rx.el.div(
        skeleton("h-64 w-full"), skeleton("h-80 w-full"), class_name="flex max-w-3xl flex-col gap-5"
    )


def draft_chip(words: rx.Var[str], planned: rx.Var[bool]) -> rx.Component:
    """Whether a draft waits for its moment."""
    return rx.cond(planned, chip(words, tone="accent"), chip(words, tone="caution"))
