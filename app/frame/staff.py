"""The frame of the staff pages: navigation at the side, the thing being edited, its consequences beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from app.frame.member import settings_button, settings_sheet, skip_link, tabs
from components.primitives import icon, page_link
from components.primitives import notice as notice_at_the_foot
from components.words import t
from facts.language import N_

STAFF_NAVIGATION = (
    ("/staff", N_("Rewards"), "gift"),
    ("/staff/badges", N_("Badges"), "medal"),
    ("/staff/members", N_("Members"), "users"),
    ("/staff/boards", N_("Boards"), "trophy"),
    ("/staff/cases", N_("Cases"), "shield"),
)


def staff_page(
    title: Any,
    *content: rx.Component,
    path: str,
    above: Any = None,
    actions: Sequence[rx.Component] = (),
    aside: rx.Component | None = None,
    here: rx.Var[bool] | bool = True,
    notice: tuple[rx.Var[str], Any] | None = None,
) -> rx.Component:
    """A staff page. `path` lights its entry in the navigation; `above` is a small line over the title (where am I).

    `actions` stand at the end of the title's line. `aside` is beside the content on wide screens, below it on
    narrow ones, once the page is `here`. `notice` is a sentence of ours, and the handler that closes it.
    """
    main = rx.el.div(
        rx.el.div(
            rx.el.div(
                *([rx.el.p(above, class_name="m-0 text-small text-soft")] if above is not None else []),
                rx.el.h1(title, class_name="m-0 text-title font-bold tracking-tight"),
                class_name="min-w-0 grow basis-44",
            ),
            *([rx.el.div(*actions, class_name="flex flex-wrap gap-3")] if actions else []),
            class_name="flex max-w-4xl flex-wrap items-center gap-3",
        ),
        *content,
        class_name="flex min-w-0 flex-1 flex-col gap-4 px-4 py-6 md:px-8",
    )
    beside = rx.el.aside(
        aside or "",
        class_name="w-full shrink-0 border-t border-line bg-raised px-4 py-6 md:px-6 lg:min-h-dvh lg:w-[25rem] "
        "lg:border-t-0 lg:border-s",
    )
    return rx.el.div(
        _side(path),
        rx.el.main(
            main,
            *([rx.cond(here, beside)] if aside is not None else []),
            id="content",
            tab_index=-1,
            class_name="outline-none flex min-w-0 flex-1 flex-col pb-20 md:pb-0 lg:flex-row",
        ),
        tabs((to, label, drawn, _lit(to, path)) for to, label, drawn in STAFF_NAVIGATION),
        *([notice_at_the_foot(*notice)] if notice else []),
        class_name="flex min-h-dvh flex-col md:flex-row",
    )


def _side(path: str) -> rx.Component:
    return rx.el.header(
        skip_link(),
        rx.el.div(
            rx.el.span(
                icon("store", size=18),
                class_name="grid size-8 place-items-center rounded-lg bg-accent text-on-accent",
            ),
            rx.el.span(t("Regulars"), class_name="flex-1 text-section font-semibold"),
            settings_button(),
            class_name="flex items-center gap-3 px-2",
        ),
        rx.el.nav(
            *[_side_link(to, label, drawn, path) for to, label, drawn in STAFF_NAVIGATION],
            aria_label=t("Main"),
            class_name="mt-4 hidden flex-col gap-1 md:flex",
        ),
        settings_sheet(path),
        class_name="w-full shrink-0 bg-sunk p-2 md:sticky md:top-0 md:h-dvh md:w-60 md:border-e "
        "md:border-line md:p-3",
    )


def _lit(to: str, path: str) -> bool:
    return path == to or (to != "/staff" and path.startswith(f"{to}/"))


def _side_link(to: str, label: str, drawn: str, path: str) -> rx.Component:
    lit = _lit(to, path)
    look = "bg-raised font-semibold text-ink shadow-[var(--shade)]" if lit else "text-soft hover:bg-raised"
    return page_link(
        icon(drawn, size=20),
        t(label),
        to=to,
        class_name=f"flex min-h-11 items-center gap-3 rounded-button px-3.5 font-medium no-underline {look}",
        **({"aria_current": "page"} if lit else {}),
    )
