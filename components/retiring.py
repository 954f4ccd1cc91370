"""The question that staff answer before something of the programme is retired."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.modal import modal
from components.primitives import button
from components.words import t


def retire_question(state: Any, words: str) -> rx.Component:
    """Asks whether it is to be retired; `words` say what becomes of it. `state` takes `app.frame.retiring` in."""
    return modal(
        rx.el.h2(t("Retire it?"), class_name="m-0 text-title font-bold tracking-tight"),
        rx.el.p(state.retiring_name, class_name="m-0 text-section font-semibold"),
        rx.el.p(words, class_name="m-0 text-soft"),
        rx.el.div(
            button(t("Retire"), tone="caution", on_click=state.retire),
            button(t("Leave it"), tone="plain", on_click=state.ask_retire("")),
            class_name="flex flex-wrap gap-3",
        ),
        open=state.retiring != "",
        on_dismiss=state.ask_retire(""),
        label=t("Retire it?"),
    )
