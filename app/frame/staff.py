"""The frame of the staff pages: navigation at the side, the thing being edited, its consequences beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx

from app.frame.member import LINE, settings_button, settings_sheet, skip_link, tab, tab_bar
from components.primitives import chip, document_link, icon, page_link
from components.primitives import notice as notice_at_the_foot
from components.words import href, t
from facts.language import N_
from members.roles import Capability
from members.team_cards import DeskCard

STAFF_NAVIGATION = (
    ("/staff", N_("Rewards"), "gift", Capability.SEE_CATALOGUE),
    ("/staff/badges", N_("Badges"), "medal", Capability.SEE_CATALOGUE),
    ("/staff/members", N_("Members"), "users", Capability.SEE_MEMBERS),
    ("/staff/counter", N_("Counter"), "scan-line", Capability.SERVE_COUNTER),
    ("/staff/boards", N_("Boards"), "trophy", Capability.SEE_CASES),
    ("/staff/referrals", N_("Friends"), "user-plus", Capability.SEE_CATALOGUE),
    ("/staff/cases", N_("Cases"), "shield", Capability.SEE_CASES),
    ("/staff/approvals", N_("To agree"), "check-check", Capability.ASK_SECOND),
    ("/staff/posters", N_("Posters"), "qr-code", Capability.SEE_CATALOGUE),
    ("/staff/team", N_("Team"), "user-cog", Capability.SEE_TEAM),
    ("/staff/keys", N_("Keys"), "key-round", Capability.EDIT_KEYS),
    ("/staff/audit", N_("Audit"), "scroll-text", Capability.SEE_AUDIT),
)
TABS = 5  # under the thumb; the others are in the settings
OUTSIDE = frozenset({"/staff/counter"})  # a document of its own (`app.public.counter`)
NOBODY = DeskCard()


def staff_page(
    title: Any,
    *content: rx.Component,
    path: str,
    above: Any = None,
    actions: Sequence[rx.Component] = (),
    stays: bool = False,
    aside: rx.Component | None = None,
    here: rx.Var[bool] | bool = True,
    notice: tuple[rx.Var[str], Any] | None = None,
    desk: Any = NOBODY,
    known: rx.Var[bool] | bool = True,
) -> rx.Component:
    """A staff page. `path` lights its entry in the navigation; `above` is a small line over the title (where am I).

    `actions` stand at the end of the title's line, which `stays` in sight on wide screens while a long form is
    scrolled. `aside` is beside the content on wide screens, below it on narrow ones, once the page is `here`. `notice`
    is a sentence of ours, and the handler that closes it. The navigation has what is on the `desk`; until that is
    `known`, the places of all its links are kept free.
    """
    main = rx.el.div(
        rx.el.div(
            rx.el.div(
                *([rx.el.p(above, class_name="m-0 text-small text-soft")] if above is not None else []),
                rx.el.h1(title, class_name="m-0 text-title font-bold tracking-tight"),
                class_name="min-w-0 grow basis-44",
            ),
            *([rx.el.div(*actions, class_name="flex flex-wrap gap-3")] if actions else []),
            class_name="flex max-w-4xl flex-wrap items-center gap-3 "
            + ("lg:sticky lg:top-0 lg:z-10 lg:-my-3 lg:bg-surface lg:py-3" if stays else ""),
        ),
        *content,
        class_name="flex min-w-0 flex-1 flex-col gap-4 px-4 py-6 md:px-8",
    )
    beside = rx.el.aside(
        rx.el.div(
            aside or "", class_name="px-4 py-6 md:px-6 lg:sticky lg:top-0 lg:max-h-dvh lg:overflow-y-auto"
        ),
        id="beside",
        class_name="w-full shrink-0 border-t border-line bg-raised lg:min-h-dvh lg:w-[25rem] lg:border-t-0 lg:border-s",
    )
    return rx.el.div(
        _side(path, desk, known),
        rx.el.main(
            main,
            *([rx.cond(here, beside)] if aside is not None else []),
            id="content",
            tab_index=-1,
            class_name="outline-none flex min-w-0 flex-1 flex-col pb-20 md:pb-0 lg:flex-row",
        ),
        tab_bar(
            _when(
                to,
                desk,
                known,
                lambda hidden, to=to, label=label, drawn=drawn: tab(
                    to, label, drawn, _lit(to, path), class_name=f"flex-1 {hidden}", link=_link
                ),
            )
            for to, label, drawn, _ in STAFF_NAVIGATION[:TABS]
        ),
        *([notice_at_the_foot(*notice)] if notice else []),
        class_name="flex min-h-dvh flex-col md:flex-row",
    )


def _when(to: str, desk: Any, known: Any, draw: Callable[[str], rx.Component]) -> rx.Component:
    """A link of the navigation, for those whose page it is."""
    return rx.cond(known, rx.cond(rx.Var.create(desk.paths).contains(to), draw("")), draw("invisible"))


def _side(path: str, desk: Any, known: Any) -> rx.Component:
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
            *[
                _when(
                    to,
                    desk,
                    known,
                    lambda hidden, to=to, label=label, drawn=drawn: _side_link(
                        to, label, drawn, path, hidden, desk.waiting if to == "/staff/approvals" else ""
                    ),
                )
                for to, label, drawn, _ in STAFF_NAVIGATION
            ],
            aria_label=t("Main"),
            class_name="mt-4 hidden flex-col gap-1 md:flex",
        ),
        rx.el.p(
            desk.name,
            rx.el.span(desk.role, class_name="block text-soft"),
            class_name="m-0 mt-auto hidden px-3.5 py-2 text-small font-medium md:block",
        ),
        settings_sheet(
            path,
            [
                _when(
                    to,
                    desk,
                    known,
                    lambda hidden, to=to, label=label, drawn=drawn: _link(
                        icon(drawn, size=18), t(label), to=to, class_name=f"{LINE} md:hidden {hidden}"
                    ),
                )
                for to, label, drawn, _ in STAFF_NAVIGATION[TABS:]
            ],
        ),
        class_name="w-full shrink-0 bg-sunk p-2 md:flex md:flex-col md:sticky md:top-0 md:h-dvh md:w-60 "
        "md:overflow-y-auto md:border-e md:border-line md:p-3",
    )


def _link(*children: Any, to: str, **props: Any) -> rx.Component:
    """A link of the navigation; what is no page of the frame is loaded as a document."""
    if to in OUTSIDE:
        return document_link(*children, to=href(to), **props)
    return page_link(*children, to=to, **props)


def _lit(to: str, path: str) -> bool:
    return path == to or (to != "/staff" and path.startswith(f"{to}/"))


def _side_link(to: str, label: str, drawn: str, path: str, hidden: str, count: Any) -> rx.Component:
    lit = _lit(to, path)
    look = (
        "bg-raised font-semibold text-ink shadow-[var(--shade)] dark:bg-line"
        if lit
        else "text-soft hover:bg-raised"
    )
    return _link(
        icon(drawn, size=20),
        t(label),
        *([rx.cond(count != "", chip(count, tone="accent"))] if isinstance(count, rx.Var) else []),
        to=to,
        class_name=f"flex min-h-11 items-center gap-3 rounded-button px-3.5 font-medium no-underline {look} {hidden}",
        **({"aria_current": "page"} if lit else {}),
    )
