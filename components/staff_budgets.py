"""A banner for staff: budgets that are nearly gone, with what is left of each."""

from __future__ import annotations

import reflex as rx

from components.primitives import icon
from components.words import t


def budget_banner(alerts: rx.Var[tuple[str, ...]]) -> rx.Component:
    """Each alert in a line of its own; said to screen readers as soon as it is there."""
    return rx.el.div(
        icon("circle-alert", class_name="mt-0.5"),
        rx.el.ul(
            rx.foreach(alerts, lambda said: rx.el.li(said, key=said)),
            class_name="m-0 flex list-none flex-col gap-1 p-0 tabular-nums",
        ),
        role="status",
        aria_label=t("Budgets that are nearly gone"),
        class_name="flex items-start gap-3 rounded-panel bg-caution-tint p-4 font-medium text-caution",
    )
