"""What all members reach together, as a card with everybody's bar and one's own part."""

from __future__ import annotations

import reflex as rx

from components.challenge import panel_head
from components.primitives import bar, chip, icon
from components.words import t
from members.game_cards import GoalCard


def goal_panel(card: rx.Var[GoalCard]) -> rx.Component:
    """A goal: what it is, how far all are, what is mine and what everybody gets."""
    done = chip(icon("check", size=14), card.status, tone="good")
    way = rx.el.div(
        rx.el.p(
            rx.el.span(t("All together") + ": ", card.progress, class_name="font-medium"),
            rx.el.span(card.left, class_name="font-medium text-soft"),
            class_name="m-0 flex flex-wrap justify-between gap-x-3 tabular-nums",
        ),
        bar(card.percent, card.progress, class_name="bg-sunk"),
        class_name="flex flex-col gap-1.5",
    )
    return rx.el.li(
        panel_head(card, done),
        way,
        rx.cond(card.mine != "", rx.el.p(card.mine, class_name="m-0 tabular-nums")),
        rx.cond(
            card.gives != "",
            rx.el.p(card.gives, class_name="m-0 text-small font-medium text-accent tabular-nums"),
        ),
        key=card.key,
        class_name="flex flex-col gap-3 rounded-panel border border-line bg-raised p-4",
    )
