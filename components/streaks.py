"""Streaks in full, the rules of all of them, and the days on which a member is away."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.ahead import bar_of, item, not_there, said, shown, there
from components.badge import badge_picture
from components.fields import text_field
from components.primitives import button, chip, disc, icon, panel
from components.streak import streak_words
from components.words import kept, t
from facts.language import N_
from members.game_cards import AbsenceCard

ROWS = (
    "m-0 list-none overflow-hidden rounded-panel border border-line bg-raised p-0 "
    "[&>li+li]:border-t [&>li+li]:border-line"
)
FREEZE = N_(
    "A freeze keeps a streak when you miss once. It is used by itself, and never makes a streak longer."
)
FEW = N_(
    "A month has two freezes at most; for streaks by the month, a year has. What is left over is not saved."
)
HOLIDAY = N_(
    "When you are away, a streak waits: nothing breaks it, and nothing that you miss counts. "
    "A week or a month waits when you are away for half of it."
)
RETURN = N_("When an order goes back, what it counted for goes too. A streak can end by that.")
CLOCK = N_(
    "Days, weeks and months follow your own clock. Travelling, or a change of the clocks, costs you nothing."
)
RULES = (
    ("snowflake", FREEZE),
    ("calendar-days", FEW),
    ("luggage", HOLIDAY),
    ("undo-2", RETURN),
    ("globe", CLOCK),
)


def streak_panel(card: Any) -> rx.Component:
    """A streak in full: what it asks, how far it is, and what became of its freezes."""
    head = rx.el.div(
        there(card.picture, badge_picture(card.picture, class_name="size-12")),
        not_there(card.picture, disc(shown(card.icon), large=True)),
        rx.el.div(
            said(card.name, tag=rx.el.h3, class_name="m-0 text-section font-semibold", bar=True),
            said(card.asks, class_name="m-0 text-small text-soft"),
            class_name="min-w-0 flex-1",
        ),
        class_name="flex items-center gap-3",
    )
    way = rx.el.div(
        said(card.progress, class_name="m-0 font-medium tabular-nums"),
        bar_of(card.percent, card.progress),
        class_name="flex flex-col gap-1.5",
    )
    return rx.el.li(
        head,
        there(card.progress, way),
        there(card.lines, streak_words(card.lines)),
        class_name="flex flex-col gap-3 rounded-panel border border-line bg-raised p-4",
        **item(card, card.key),
    )


def streak_rules() -> rx.Component:
    """What freezes do and do not do, once for all streaks."""
    return rx.el.ul(*[_rule(drawn, t(said)) for drawn, said in RULES], class_name=ROWS)


def _rule(drawn: str, said: str) -> rx.Component:
    return rx.el.li(
        icon(drawn, class_name="mt-0.5 text-soft"),
        rx.el.span(said, class_name="text-body"),
        class_name="flex items-start gap-3 px-4 py-3",
    )


def absences(cards: rx.Var[tuple[AbsenceCard, ...]], on_back: Any) -> rx.Component:
    """When the member is away, with the way back."""

    def row(card: rx.Var[AbsenceCard]) -> rx.Component:
        words = rx.cond(card.now != "", t("I am back"), t("Call it off"))
        return rx.el.li(
            rx.el.span(
                rx.el.span(kept(card.days), class_name="font-medium tabular-nums"),
                rx.cond(card.now != "", chip(card.now, tone="accent")),
                class_name="flex min-w-0 flex-1 flex-wrap items-center gap-2",
            ),
            button(
                words, tone="quiet", on_click=on_back(card.since, card.until), aria_label=words + ": " + card.days,
                class_name="!px-2",
            ),
            key=card.since + card.until,
            class_name="flex min-h-14 items-center gap-3 ps-4 pe-2",
        )  # fmt: skip

    return rx.el.ul(rx.foreach(cards, row), class_name=ROWS)


def absence_form(
    on_submit: Any, *, first: rx.Var[str], left: rx.Var[str], problem: rx.Var[str]
) -> rx.Component:
    """The first and the last day of an absence."""
    days = {"type": "date", "min": first, "required": True}
    return panel(
        rx.el.form(
            rx.el.div(
                text_field(t("First day"), name="since", **days),
                text_field(t("Last day"), name="until", **days),
                class_name="grid gap-3 sm:grid-cols-2",
            ),
            rx.el.div(
                button(icon("luggage"), t("I will be away"), type="submit", tone="plain"),
                rx.el.span(left, class_name="text-small text-soft tabular-nums"),
                class_name="flex flex-wrap items-center gap-3",
            ),
            rx.cond(
                problem != "",
                rx.el.p(problem, role="alert", class_name="m-0 text-small font-medium text-caution"),
            ),
            on_submit=on_submit,
            class_name="m-0 flex flex-col gap-3",
        ),
        class_name="p-4",
    )  # fmt: skip
