"""One question about the member at the end of home: answered in a line, or put off for some weeks."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.fields import text_field
from components.primitives import button, panel
from components.words import t


def one_question(question: rx.Var[str], on_answer: Any, on_later: Any) -> rx.Component:
    """A calm card with one box; nothing where nothing is asked."""
    name = text_field(
        t("What may we call you?"), name="name", max_length=60, auto_complete="name", required=True
    )
    birthday = text_field(t("Your birthday"), name="birthday", type="date", auto_complete="bday", required=True,
                          hint=t("Only if you like. It can be corrected once a year."))  # fmt: skip
    form = rx.el.form(
        rx.match(question, ("name", name), birthday),
        rx.el.div(
            button(t("Save"), type="submit"),
            button(t("Later"), tone="plain", on_click=on_later),
            class_name="flex flex-wrap gap-2",
        ),
        on_submit=on_answer,
        class_name="flex flex-col gap-3",
        key=question,
    )
    return rx.cond(question != "", panel(form, class_name="mt-6 p-4 md:col-start-2"))
