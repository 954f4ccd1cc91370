"""A streak in its lines."""

from __future__ import annotations

import reflex as rx

from components.words import t


def streak_words(lines: rx.Var[tuple[str, ...]]) -> rx.Component:
    """A streak: its length, the best, the freezes, and why one could not help."""
    return rx.el.ul(
        rx.foreach(lines, lambda line: rx.el.li(line, key=line)),
        class_name="m-0 flex w-full list-none flex-col gap-0.5 rounded-button bg-sunk px-4 py-3 text-start "
        "text-small tabular-nums",
        aria_label=t("The streak"),
    )
