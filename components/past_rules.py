"""The versions of the programme that were in force, with what each of them changed."""

from __future__ import annotations

import reflex as rx

from components.primitives import panel
from components.words import kept, t
from members.rules_cards import VersionCard

SMALL = "text-small text-soft tabular-nums"
Versions = rx.Var[tuple[VersionCard, ...]]


def history(past: Versions, older: Versions) -> rx.Component:
    """The newest versions, and those before them folded away."""
    folded = rx.el.details(
        rx.el.summary(
            t("Older versions"),
            class_name="flex min-h-11 cursor-pointer items-center font-medium text-accent",
        ),
        rx.el.div(rx.foreach(older, _version), class_name="flex flex-col gap-4 pt-1"),
    )
    return panel(
        rx.foreach(past, _version),
        rx.cond(older.length() > 0, folded),
        class_name="flex flex-col gap-4 p-4",
    )


def _version(card: rx.Var[VersionCard]) -> rx.Component:
    return rx.el.div(
        rx.el.h3(kept(card.title), class_name="m-0 text-body font-semibold tabular-nums"),
        rx.el.ul(
            rx.foreach(card.changes, lambda change: rx.el.li(kept(change))),
            class_name=f"m-0 flex list-disc flex-col gap-1 py-0 ps-5 pe-0 wrap-anywhere {SMALL}",
        ),
        rx.cond(card.more != "", rx.el.p(card.more, class_name=f"m-0 {SMALL}")),
        class_name="flex flex-col gap-1",
        key=card.key,
    )
