"""A streak in its lines."""

from __future__ import annotations

from functools import partial
from typing import Any

import reflex as rx

from components.ahead import Ahead, rows, said
from components.words import t

LINES_AHEAD = 7  # all that can be said of one


def streak_words(lines: Any) -> rx.Component:
    """A streak: its length, the best, the freezes, and why one could not help."""

    def line(words: Any) -> rx.Component:
        key = {} if isinstance(words, Ahead) else {"key": words}
        return said(words, tag=partial(rx.el.li, **key), optional=True)

    look = (
        "m-0 flex w-full list-none flex-col gap-0.5 rounded-button bg-sunk px-4 py-3 text-start text-small "
        "tabular-nums"
    )
    return rows(lines, LINES_AHEAD, line, look, tag=partial(rx.el.ul, aria_label=t("The streak")))
