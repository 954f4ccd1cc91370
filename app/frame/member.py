"""The frame of the member pages: the shop's sign, navigation under the thumb, settings, a welcome for strangers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import reflex as rx
from reflex.style import set_color_mode
from reflex_components_core.el.element import Element

from app.frame.routes import address, names
from app.frame.stranger import welcome
from app.frame.visit import FAILED, STRANGER, WAITING
from components.badge import badge_picture
from components.first import place, waits
from components.primitives import document_link, icon, notice, page_link
from components.states import failed
from components.words import spoken, t
from facts.language import N_

NAVIGATION = (
    ("/", N_("Home"), "house"),
    ("/rewards", N_("Rewards"), "gift"),
    ("/badges", N_("Badges"), "award"),
    ("/challenges", N_("Challenges"), "flag"),
    ("/history", N_("History"), "receipt-text"),
    ("/rules", N_("Rules"), "book-open"),
)
TABS = NAVIGATION[:5]  # under the thumb there is room for five; the rules are in the settings too
FIFTH = "w-1/5"  # a tab's place does not wait for the next ones, which a phone may read, and draw, later
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
                (STRANGER, welcome(state)),
                (FAILED, failed(state.said, again)),
                content,
            ),
            id="content",
            tab_index=-1,
            class_name="mx-auto w-full max-w-5xl px-4 pb-28 outline-none md:pb-12",
        ),
        tabs((to, label, drawn, to == path) for to, label, drawn in TABS),
        rx.cond(state.status == FAILED, rx.fragment(), notice(state.said, state.hush, _pictures(state))),
    )


def _pictures(state: Any) -> rx.Component:
    """The badges that the sentence at the foot of the page is about."""
    drawn = rx.foreach(state.joyful.pictures, lambda one: badge_picture(one, class_name="size-10"))
    told = state.joyful.words == state.said
    return rx.cond(told, rx.el.span(drawn, class_name="flex shrink-0 gap-1 py-1.5 empty:hidden"))


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
        settings_sheet(path, stranger=state.status == STRANGER),
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
    return tab_bar(tab(*link, FIFTH) for link in links)


def tab_bar(drawn: Iterable[rx.Component]) -> rx.Component:
    """The bar under the thumb, with links that are drawn already."""
    return rx.el.nav(
        *drawn,
        aria_label=t("Main"),
        class_name="fixed inset-x-0 bottom-0 z-20 flex border-t border-line bg-raised "
        "pb-[env(safe-area-inset-bottom)] md:hidden",
    )


def tab(
    to: str, label: str, drawn: str, current: bool, class_name: str, link: Any = page_link
) -> rx.Component:
    """A link in the bar; `class_name` says how wide it is."""
    return link(
        icon(drawn, size=20),
        rx.el.span(t(label), class_name="text-[0.75rem] font-medium leading-tight"),
        to=to,
        class_name=f"flex h-16 min-w-0 flex-col items-center justify-center gap-1 no-underline {class_name} "
        + ("text-accent" if current else "text-soft"),
        **({"aria_current": "page"} if current else {}),
    )


def settings_sheet(
    path: str, more: Iterable[rx.Component] = (), stranger: rx.Var[bool] | bool = False
) -> rx.Component:
    """Language, appearance, `more` and the way out, or for a `stranger` in: a popover of the browser's own."""
    chosen, row, staff = spoken().code, LINE, path.startswith("/staff")
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
            icon(drawn, size=18),
            t(label),
            icon("check", size=18, class_name="chosen ms-auto hidden"),
            type="button",
            on_click=set_color_mode(mode),
            class_name=row,
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
        *(more if staff else [link(row) for link in LINKS]),
        rx.cond(stranger, _way_in(row), leave),
        id="settings",
        role="dialog",
        aria_label=t("Language and appearance"),
        custom_attrs={"popover": "auto"},
        class_name="fixed inset-x-4 bottom-4 top-auto z-30 m-0 w-auto rounded-panel border border-line "
        "bg-raised p-2 text-body text-ink "
        "shadow-[var(--shade)] md:inset-x-auto md:bottom-auto md:w-64 "
        + ("md:start-56 md:top-3" if staff else "md:end-[max(1rem,50vw-31rem)] md:top-16"),
    )


def _way_in(look: str) -> rx.Component:
    return document_link(
        icon("log-in", size=18, class_name="mirrored"),
        t("Sign in"),
        to=address("/sign-in", spoken().code),
        class_name=look,
    )


def _card_link(look: str) -> rx.Component:
    return document_link(
        icon("qr-code", size=18), t("Your card"), to=address("/card", spoken().code), class_name=look
    )


def _friends_link(look: str) -> rx.Component:
    return page_link(icon("user-plus", size=18), t("Bring a friend"), to="/friends", class_name=look)


def _me_link(look: str) -> rx.Component:
    return page_link(icon("user-round", size=18), t("About me"), to="/me", class_name=look)


def _rules_link(look: str) -> rx.Component:
    """On a phone, the way to the page that has no tab."""
    return page_link(icon("book-open", size=18), t("Rules"), to="/rules", class_name=f"{look} md:hidden")


LINKS = (_card_link, _friends_link, _me_link, _rules_link)

__all__ = ["NAVIGATION", "NativeForm", "arriving", "member_page", "settings_sheet"]
