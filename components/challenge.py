"""Challenges with their steps."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.primitives import bar, button, chip, disc, icon
from components.streak import streak_words
from components.words import t
from members.game_cards import ChallengeCard, MilestoneCard

CARDS = "m-0 grid list-none grid-cols-[minmax(0,1fr)] gap-3 p-0 md:grid-cols-2"


def challenge_panel(card: rx.Var[ChallengeCard], on_join: Any, on_leave: Any) -> rx.Component:
    """A challenge: what it asks, how far it is, what it gives, and the way in or out."""
    joined = card.state == "joined"
    tone = rx.cond(card.soon, "text-caution", "text-soft")
    way = rx.el.div(
        rx.el.p(
            rx.el.span(card.progress, class_name="font-medium"),
            rx.el.span(card.left, class_name="font-medium " + tone),
            class_name="m-0 flex justify-between gap-3 tabular-nums",
        ),
        bar(card.percent, card.progress, class_name="bg-sunk"),
        class_name="flex flex-col gap-1.5",
    )
    time = rx.cond(card.left != "", rx.el.p(card.left, class_name="m-0 text-small tabular-nums " + tone))
    return rx.el.li(
        panel_head(card, _status(card)),
        rx.cond(joined, way, time),
        rx.el.ol(rx.foreach(card.steps, _step), class_name="m-0 flex list-none flex-col gap-2 p-0"),
        rx.cond(card.streak.length() > 0, streak_words(card.streak)),
        rx.cond(card.note != "", rx.el.p(card.note, class_name="m-0 text-small text-soft tabular-nums")),
        rx.cond(
            card.can_join,
            button(
                t("Take it on"), on_click=on_join(card.slug), aria_label=t("Take it on") + ": " + card.name
            ),
        ),
        rx.cond(
            card.can_leave,
            button(
                t("Leave the challenge"),
                tone="quiet",
                on_click=on_leave(card.slug),
                aria_label=t("Leave the challenge") + ": " + card.name,
                class_name="self-start !px-2 -ms-2 -mb-2",
            ),
        ),
        key=card.slug,
        class_name="flex flex-col gap-3 rounded-panel border border-line bg-raised p-4",
    )


def panel_head(card: Any, status: rx.Component | rx.Var[rx.Component]) -> rx.Component:
    """What a challenge, or a goal of all, is called and is about; `status` where the card has one."""
    return rx.el.div(
        disc(card.icon),
        rx.el.div(
            rx.el.div(
                rx.el.h3(card.name, class_name="m-0 min-w-0 flex-1 text-section font-semibold"),
                rx.cond(card.status != "", status),
                class_name="flex flex-wrap items-start gap-x-3 gap-y-1",
            ),
            rx.cond(card.description != "", rx.el.p(card.description, class_name="m-0 text-small text-soft")),
            class_name="min-w-0 flex-1",
        ),
        class_name="flex items-start gap-3",
    )


def _status(card: rx.Var[ChallengeCard]) -> rx.Component | rx.Var[rx.Component]:
    return rx.match(
        card.state,
        ("joined", chip(icon("check", size=14), card.status, tone="good")),
        ("done", chip(icon("check", size=14), card.status, tone="good")),
        ("open", chip(card.status, tone="accent")),
        chip(card.status),
    )


def _step(step: rx.Var[MilestoneCard]) -> rx.Component:
    mark = rx.cond(
        step.done,
        rx.el.span(icon("check", size=14), class_name="grid size-5 place-items-center rounded-full bg-good-tint "
                   "text-good"),
        rx.el.span(class_name="block size-5 rounded-full border-2 border-solid border-line"),
    )  # fmt: skip
    return rx.el.li(
        rx.el.span(mark, class_name="shrink-0"),
        rx.el.span(
            rx.cond(step.done, rx.el.span(t("Done") + ": ", class_name="sr-only")),
            step.asks,
            class_name="min-w-0 flex-1 " + rx.cond(step.done, "text-soft", "text-ink"),
        ),
        rx.el.span(step.gives, class_name="max-w-[45%] shrink-0 text-end font-medium text-accent"),
        key=step.key,
        class_name="flex items-start gap-2.5 text-small tabular-nums",
    )
