"""The frame of the member pages: the shop's sign, navigation under the thumb, settings, a welcome for strangers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import reflex as rx
from reflex.style import set_color_mode
from reflex_components_core.el.element import Element

from app.frame.routes import address, names
from app.frame.visit import FAILED, STRANGER, WAITING
from components.first import place, waits
from components.primitives import disc, document_link, drawing, icon, notice, page_link, panel
from components.states import failed
from components.words import spoken, t
from facts.language import N_
from members.cards import StepCard

NAVIGATION = (
    ("/", N_("Home"), "house"),
    ("/rewards", N_("Rewards"), "gift"),
    ("/badges", N_("Badges"), "award"),
    ("/challenges", N_("Challenges"), "flag"),
    ("/history", N_("History"), "receipt-text"),
    ("/rules", N_("Rules"), "book-open"),
)
TABS = NAVIGATION[:5]  # under the thumb there is room for five; the rules are in the settings too
ENTRANCES = (
    ("new", N_("Come in as a new member"), "sprout"),
    ("middling", N_("Come in as a regular"), "shopping-basket"),
    ("top", N_("Come in as one of the best"), "star"),
)


LINE = (
    "flex min-h-11 w-full cursor-pointer items-center gap-3 rounded-button border-0 "
    "bg-transparent px-3 text-start text-ink no-underline hover:bg-sunk"
)
"""The look of a line of the settings."""


class NativeForm(Element):
    """A form that the browser sends itself, to a route outside of the pages."""

    tag = "form"

    action: rx.Var[str]
    method: rx.Var[str]


class Anchor(Element):
    """A link to a part of the page that it stands on: the browser's own, which moves the focus too."""

    tag = "a"

    href: rx.Var[str]


def member_page(state: Any, content: rx.Component, *, path: str, again: Any) -> rx.Component:
    """`content` inside the frame. `state` takes `Visit` in; what has not come yet is `arriving` in the content."""
    return rx.fragment(
        _header(state, path),
        rx.el.main(
            rx.match(
                state.status,
                (STRANGER, _welcome(state)),
                (FAILED, failed(state.said, again)),
                content,
            ),
            id="content",
            tab_index=-1,
            class_name="mx-auto w-full max-w-5xl px-4 pb-28 outline-none md:pb-12",
        ),
        tabs((to, label, drawn, to == path) for to, label, drawn in TABS),
        rx.cond(state.status == FAILED, rx.fragment(), notice(state.said, state.hush)),
    )


def arriving(state: Any, waiting: rx.Component, content: rx.Component) -> rx.Component:
    """A part of a page: `waiting` has its shape until it is there."""
    held = rx.el.div(waiting, aria_busy="true", key="waiting", class_name="contents")
    return rx.cond(state.status == WAITING, held, rx.fragment(content, key="here"))


def _header(state: Any, path: str) -> rx.Component:
    there = state.shop.name != ""
    sign = place(
        state,
        "shop.initial",
        there,
        aria_hidden="true",
        class_name="grid size-[1.875rem] shrink-0 place-items-center rounded-lg bg-accent text-section "
        "font-bold text-on-accent",
    )
    name = place(
        state,
        "shop.name",
        there,
        class_name=waits(there, "truncate text-[1.0625rem] font-semibold"),
    )
    return rx.el.header(
        skip_link(),
        page_link(
            sign, name, to="/", class_name="flex min-h-11 min-w-0 items-center gap-2.5 text-ink no-underline"
        ),
        rx.el.nav(
            *[_wide_link(to, label, to == path) for to, label, _ in NAVIGATION],
            aria_label=t("Main"),
            class_name="ms-auto hidden gap-1 md:flex",
        ),
        settings_button("-me-2.5 ms-auto md:ms-0"),
        settings_sheet(path),
        class_name="mx-auto flex h-[3.75rem] w-full max-w-5xl items-center gap-3 px-4",
    )


def skip_link() -> rx.Component:
    """For those who come by keyboard: past the navigation."""
    look = (
        "sr-only focus:not-sr-only focus:fixed focus:z-40 focus:m-2 focus:rounded-button "
        "focus:bg-raised focus:p-3"
    )
    return Anchor.create(t("To the content"), href="#content", class_name=look)


def settings_button(class_name: str = "") -> rx.Component:
    """Opens the settings; the browser does it, without a script."""
    return rx.el.button(
        icon("settings-2", size=22),
        type="button",
        aria_label=t("Language and appearance"),
        custom_attrs={"popoverTarget": "settings"},
        class_name="grid size-11 shrink-0 cursor-pointer place-items-center rounded-button border-0 "
        "bg-transparent "
        f"hover:bg-sunk {class_name}",
    )


def _wide_link(to: str, label: str, current: bool) -> rx.Component:
    look = "bg-accent-tint text-accent" if current else "text-soft hover:bg-sunk"
    return page_link(
        t(label),
        to=to,
        class_name=f"inline-flex min-h-11 items-center rounded-button px-3.5 font-medium no-underline {look}",
        **({"aria_current": "page"} if current else {}),
    )


def tabs(links: Iterable[tuple[str, str, str, bool]]) -> rx.Component:
    """The navigation under the thumb: address, label and drawing of each link, and whether one is there now."""
    return tab_bar(tab(*link) for link in links)


def tab_bar(drawn: Iterable[rx.Component]) -> rx.Component:
    """The bar under the thumb, with links that are drawn already."""
    return rx.el.nav(
        *drawn,
        aria_label=t("Main"),
        class_name="fixed inset-x-0 bottom-0 z-20 flex border-t border-line bg-raised "
        "pb-[env(safe-area-inset-bottom)] md:hidden",
    )


def tab(to: str, label: str, drawn: str, current: bool, class_name: str = "") -> rx.Component:
    """A link in the bar."""
    return page_link(
        icon(drawn, size=20),
        rx.el.span(t(label), class_name="text-[0.75rem] font-medium leading-tight"),
        to=to,
        class_name=f"flex h-16 min-w-0 flex-1 flex-col items-center justify-center gap-1 no-underline {class_name} "
        + ("text-accent" if current else "text-soft"),
        **({"aria_current": "page"} if current else {}),
    )


def settings_sheet(path: str, more: Iterable[rx.Component] = ()) -> rx.Component:
    """Language, appearance, `more` and the way out: a popover of the browser's own."""
    chosen, row = spoken().code, LINE
    languages = [
        document_link(
            rx.el.span(name, lang=code, class_name="flex-1"),
            *([icon("check", size=18)] if code == chosen else []),
            to=address(path, code),
            class_name=row,
            **({"aria_current": "true"} if code == chosen else {}),
        )
        for code, name in names()
    ]
    modes = [
        rx.el.button(
            icon(drawn, size=18), t(label), type="button", on_click=set_color_mode(mode), class_name=row
        )
        for mode, label, drawn in (
            ("light", N_("Light"), "sun"),
            ("dark", N_("Dark"), "moon"),
            ("system", N_("As the device"), "smartphone"),
        )
    ]
    leave = NativeForm.create(
        rx.el.button(
            icon("log-out", size=18, class_name="mirrored"), t("Leave"), type="submit", class_name=row
        ),
        action="/leave",
        method="post",
    )
    title = "m-0 px-3 pt-2 text-small font-semibold text-soft"
    return rx.el.div(
        rx.el.p(t("Language"), class_name=title),
        *languages,
        rx.el.p(t("Appearance"), class_name=title),
        *modes,
        rx.el.hr(class_name="my-1 border-0 border-t border-line"),
        *(more if path.startswith("/staff") else [_me_link(row), _rules_link(row)]),
        leave,
        id="settings",
        role="dialog",
        aria_label=t("Language and appearance"),
        custom_attrs={"popover": "auto"},
        class_name="fixed inset-x-4 bottom-4 top-auto m-0 w-auto rounded-panel border border-line "
        "bg-raised p-2 text-body text-ink "
        "shadow-[var(--shade)] md:inset-x-auto md:end-4 md:top-16 md:bottom-auto md:w-64",
    )


def _me_link(look: str) -> rx.Component:
    return page_link(icon("user-round", size=18), t("About me"), to="/me", class_name=look)


def _rules_link(look: str) -> rx.Component:
    """On a phone, the way to the page that has no tab."""
    return page_link(icon("book-open", size=18), t("Rules"), to="/rules", class_name=f"{look} md:hidden")


def _welcome(state: Any) -> rx.Component:
    card = state.welcome
    entrances = panel(
        rx.el.p(
            t("This is a demo. Look around as somebody:"),
            class_name="m-0 px-3 pt-2 text-small font-semibold text-soft",
        ),
        *[
            document_link(
                drawing(drawn, class_name="size-5"),
                rx.el.span(t(label), class_name="flex-1"),
                icon("chevron-right", size=18, class_name="mirrored"),
                to=f"/demo/enter/{name}",
                class_name="flex min-h-12 items-center gap-3 rounded-button px-3 font-medium text-ink "
                "no-underline hover:bg-sunk",
            )
            for name, label, drawn in ENTRANCES
        ],
        document_link(
            t("Or as the shop's owner"),
            to="/demo/enter/staff",
            class_name="flex min-h-11 items-center px-3 text-accent no-underline hover:underline",
        ),
        class_name="flex flex-col gap-1 p-2",
    )
    return rx.el.div(
        rx.el.h1(card.headline, class_name="m-0 mt-4 text-[1.75rem] leading-tight font-bold tracking-tight"),
        rx.el.p(
            t("Collect points, climb the tiers, choose your rewards."),
            class_name="m-0 text-section text-soft",
        ),
        rx.el.ul(
            rx.foreach(card.gives, _gift),
            class_name="m-0 list-none overflow-hidden rounded-panel border border-line bg-raised p-0 "
            "[&>li+li]:border-t [&>li+li]:border-line",
        ),
        rx.cond(state.demo, entrances, panel(t("Your shop will let you in."), class_name="p-4 text-soft")),
        page_link(
            t("Read the rules"),
            to="/rules",
            class_name="inline-flex min-h-11 items-center font-medium text-accent",
        ),
        class_name="mx-auto flex max-w-xl flex-col gap-4",
    )


def _gift(step: rx.Var[StepCard]) -> rx.Component:
    return rx.el.li(
        disc(step.icon),
        rx.el.div(
            rx.el.p(step.title, class_name="m-0 font-semibold"),
            rx.el.p(step.text, class_name="m-0 text-small text-soft tabular-nums"),
        ),
        class_name="flex items-center gap-3 px-4 py-3",
    )


__all__ = ["NAVIGATION", "NativeForm", "arriving", "member_page", "settings_sheet"]
