"""What the counter asks a member, over the page that they have open: one question, two answers."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.modal import modal
from components.primitives import button, drawing
from components.words import t
from members.cards import AskedCard


def counter_asks(card: rx.Var[AskedCard], free: rx.Var[bool], yes: Any, no: Any) -> rx.Component:
    """The sheet, while there is a question and nothing else is open (`free`). Closing it is no answer but no."""
    return modal(
        rx.el.p(
            drawing("store", class_name="size-5"),
            t("The counter asks"),
            class_name="m-0 flex items-center gap-2 font-medium text-soft",
        ),
        rx.el.h2(
            card.name,
            rx.el.span(card.words, class_name="block text-section font-semibold text-soft tabular-nums"),
            class_name="m-0 text-title font-bold leading-tight",
        ),
        rx.el.p(
            t("Say yes only when you stand at the counter. Your points are taken at once."),
            class_name="m-0 text-soft",
        ),
        button(t("Yes, take the points"), on_click=yes),
        button(t("No"), tone="plain", on_click=no),
        rx.el.p(card.until, class_name="m-0 text-center text-small text-soft tabular-nums"),
        open=(card.key != "") & free,
        on_dismiss=no,
        label=t("The counter asks"),
    )
