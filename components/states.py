"""What a list shows when it has nothing to show: empty with the next thing to do, or an error with a way on."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.primitives import Text, button, drawing, icon
from components.words import t


def empty(picture: str, title: Text, text: Text, action: rx.Component | None = None) -> rx.Component:
    """Nothing here yet: what will be, and what to do for it."""
    return rx.el.div(
        rx.el.div(
            drawing(picture),
            class_name="grid size-14 place-items-center rounded-button bg-accent-tint text-accent",
        ),
        rx.el.p(title, class_name="m-0 text-section font-semibold text-ink"),
        rx.el.p(text, class_name="m-0 max-w-xs text-balance text-soft"),
        *([rx.el.div(action, class_name="mt-2")] if action else []),
        class_name="flex flex-col items-center gap-2 rounded-panel border border-line bg-raised px-6 "
        "py-8 text-center",
    )


def failed(sentence: Text, again: Any) -> rx.Component:
    """It did not work, and can be tried again."""
    return rx.el.div(
        rx.el.div(
            icon("cloud-off", size=24),
            class_name="grid size-14 place-items-center rounded-button bg-caution-tint text-caution",
        ),
        rx.el.p(t("This did not work"), class_name="m-0 text-section font-semibold text-ink"),
        rx.el.p(sentence, class_name="m-0 max-w-xs text-balance text-soft"),
        rx.el.div(button(t("Try again"), tone="plain", on_click=again), class_name="mt-2"),
        role="alert",
        class_name="flex flex-col items-center gap-2 rounded-panel border border-line bg-raised px-6 "
        "py-8 text-center",
    )
