"""What all members reach together, as a card with everybody's bar and one's own part."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.ahead import bar_of, item, said
from components.challenge import done_chip, panel_head
from components.words import t


def goal_panel(card: Any) -> rx.Component:
    """A goal: what it is, how far all are, what is mine and what everybody gets."""
    way = rx.el.div(
        rx.el.p(
            rx.el.span(
                t("All together") + ": ", said(card.progress, tag=rx.el.span), class_name="font-medium"
            ),
            said(card.left, tag=rx.el.span, class_name="font-medium text-soft"),
            class_name="m-0 flex flex-wrap justify-between gap-x-3 tabular-nums",
        ),
        bar_of(card.percent, card.progress),
        class_name="flex flex-col gap-1.5",
    )
    return rx.el.li(
        panel_head(card, done_chip(card)),
        way,
        said(card.mine, class_name="m-0 tabular-nums", optional=True),
        said(card.gives, class_name="m-0 text-small font-medium text-accent tabular-nums", optional=True),
        class_name="flex flex-col gap-3 rounded-panel border border-line bg-raised p-4",
        **item(card, card.key),
    )
