"""What lies over a page while it has lost its server: a quiet line, in the language of the document."""

from __future__ import annotations

import reflex as rx
from reflex_base.components.memo import memo
from reflex_components_core.core.banner import has_too_many_connection_errors

from components.primitives import icon
from facts.language import N_, spoken

LOST = N_("Connecting again…")


def connection(stateful: bool) -> rx.Component | None:
    """The overlay around all pages; pages without state cannot lose anything."""
    return rx.fragment(memo(lost_connection)()) if stateful else None


def lost_connection() -> rx.Component:
    """One line for each language; the stylesheet shows that of the document (`html[lang]`)."""
    words = [
        rx.el.span(one.text(LOST), lang=one.code, class_name=f"spoken spoken-{one.code}") for one in spoken()
    ]
    line = rx.el.p(
        icon("wifi-off", size=18),
        *words,
        role="status",
        class_name="rises m-0 flex items-center gap-2 rounded-chip bg-ink px-4 py-2 text-small "
        "font-medium text-surface",
    )
    place = "pointer-events-none fixed inset-x-4 bottom-36 z-40 flex justify-center md:bottom-24"
    return rx.cond(has_too_many_connection_errors, rx.el.div(line, class_name=place))
