"""Bringing friends: the link with its ways to be shared, and a row for each friend."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.fields import area_field
from components.modal import modal
from components.primitives import BUTTONS, bar, button, drawing, icon, panel, toned_chip
from components.states import empty
from components.words import kept, t
from members.referral_cards import CameCard, FriendCard, FriendsCard, MilestoneCard, WayCard

ROWS = (
    "m-0 list-none overflow-hidden rounded-panel border border-line bg-raised p-0 "
    "[&>li+li]:border-t [&>li+li]:border-line"
)


def share_panel(
    card: rx.Var[FriendsCard], copied: rx.Var[bool], *, on_shared: Any, on_tongue: Any
) -> rx.Component:
    """What both get, my link, and one tap to send it: the phone's own sheet where there is one, else a copy."""
    copy = button(
        rx.cond(copied, icon("check", size=18), icon("copy", size=18)),
        rx.cond(copied, t("Copied"), t("Copy the link")),
        tone="plain",
        on_click=[rx.set_clipboard(card.message), on_shared("copy")],
        class_name="flex-auto whitespace-nowrap !px-2",
    )
    send = rx.el.button(
        icon("share-2", size=18),
        t("Share"),
        type="button",
        on_click=[_sheet(card), on_shared("sheet")],
        custom_attrs={"data-share": "sheet"},
        class_name=BUTTONS["accent"] + " flex-auto",
    )
    return panel(
        rx.el.div(
            drawing("gift", class_name="size-7 text-accent"),
            rx.el.p(kept(card.headline), class_name="m-0 text-section font-semibold text-ink"),
            class_name="flex items-center gap-3",
        ),
        _tongues(card, on_tongue),
        rx.el.p(
            card.link,
            custom_attrs={"dir": "ltr"},
            class_name="m-0 rounded-button bg-sunk px-3 py-3 text-body font-medium text-ink select-all "
            "[overflow-wrap:anywhere]",
        ),
        rx.el.div(send, copy, class_name="flex flex-wrap gap-2"),
        rx.el.ul(
            rx.foreach(card.ways, lambda way: _way(way, on_shared)),
            class_name="m-0 flex list-none flex-wrap gap-2 p-0",
        ),
        rx.el.ul(
            rx.foreach(
                card.rules,
                lambda rule: rx.el.li(kept(rule), class_name="ms-5 list-disc text-small text-soft"),
            ),
            class_name="m-0 p-0",
        ),
        _shown(card, on_shared),
        class_name="flex flex-col gap-3 p-4",
    )


def _tongues(card: rx.Var[FriendsCard], on_tongue: Any) -> rx.Component:
    """The language that the friend reads: the words to share, the page behind the link and its picture follow it."""
    return rx.el.div(
        rx.el.p(t("Your friend reads"), id="tongues", class_name="m-0 text-small text-soft"),
        rx.el.div(
            rx.foreach(
                card.tongues,
                lambda one: rx.el.button(
                    one.name,
                    type="button",
                    role="radio",
                    aria_checked=one.on,
                    lang=one.code,
                    on_click=on_tongue(one.code),
                    class_name="inline-flex min-h-11 cursor-pointer items-center rounded-chip border px-4 text-body "
                    + rx.cond(
                        one.on,
                        "border-accent bg-transparent font-semibold text-accent",
                        "border-line bg-transparent text-ink hover:bg-sunk",
                    ).to(str),
                ),
            ),
            role="radiogroup",
            aria_labelledby="tongues",
            class_name="flex flex-wrap gap-2",
        ),
        class_name="flex flex-col gap-1",
    )


def _shown(card: rx.Var[FriendsCard], on_shared: Any) -> rx.Component:
    """To be shown to somebody who stands beside one, or hung up."""
    look = "flex min-h-11 cursor-pointer items-center gap-3 text-body font-medium text-ink"
    return rx.el.details(
        rx.el.summary(icon("qr-code", size=18), t("QR code and poster"), class_name=look),
        rx.el.div(
            rx.el.img(
                src=card.qr, alt=t("Your link as a QR picture"), class_name="size-52 rounded-button bg-white"
            ),
            rx.el.a(
                t("A poster to print (PDF)"),
                href=card.poster,
                target="_blank",
                rel="noopener",
                on_click=on_shared("poster"),
                class_name="inline-flex min-h-11 items-center text-body font-medium text-accent",
            ),
            class_name="flex flex-col items-center gap-2 pt-2",
        ),
        class_name="border-t border-line pt-1",
    )


def milestone_panel(card: rx.Var[MilestoneCard]) -> rx.Component:
    """How many friends are missing to what there is beside."""
    return panel(
        rx.el.p(kept(card.words), class_name="m-0 font-medium text-ink tabular-nums"),
        bar(card.percent, card.words, class_name="mt-2 bg-line"),
        class_name="p-4",
    )


def _figures(card: rx.Var[FriendsCard]) -> rx.Component:
    return rx.el.dl(
        rx.foreach(
            card.figures,
            lambda one: rx.el.div(
                rx.el.dt(one.label, class_name="text-small text-soft"),
                rx.el.dd(one.figure, class_name="m-0 text-section font-semibold text-ink tabular-nums"),
                class_name="flex flex-col-reverse justify-end",
            ),
        ),
        class_name="m-0 grid grid-cols-3 gap-3 pb-3",
    )


def _sheet(card: rx.Var[FriendsCard]) -> rx.event.EventSpec:
    """The phone's own sheet; a browser without one copies the message."""
    words: Any = card.sheet  # type: ignore[attr-defined]  # a Var has the fields of its card
    script = (
        f"(() => {{ const text = {words!s}; if (navigator.share) navigator.share({{ text }}).catch(() => {{}}); "
        "else navigator.clipboard?.writeText(text); })"
    )
    return rx.call_function(rx.Var(_js_expr=script, _var_data=words._get_all_var_data()))


def _way(way: rx.Var[WayCard], on_shared: Any) -> rx.Component:
    link = rx.el.a(
        way.name,
        href=way.address,
        target="_blank",
        rel="noopener noreferrer",
        on_click=on_shared(way.key),
        class_name="inline-flex min-h-11 items-center rounded-chip border border-line px-4 text-body font-medium "
        "text-ink no-underline hover:bg-sunk",
    )
    return rx.el.li(link)


def friend_rows(card: rx.Var[FriendsCard], *, on_appeal: Any) -> rx.Component:
    """All friends, the newest first; `on_appeal` asks about one of them."""
    return rx.el.div(
        _figures(card),
        rx.el.p(card.totals, " ", card.opened, class_name="m-0 pb-2 text-soft"),
        rx.el.ul(rx.foreach(card.friends, lambda friend: _row(friend, on_appeal)), class_name=ROWS),
    )


def _row(friend: rx.Var[FriendCard], on_appeal: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(friend.name, class_name="min-w-0 flex-1 truncate font-medium text-ink"),
            toned_chip(friend.status, friend.tone),
            class_name="flex items-center gap-3",
        ),
        rx.el.p(kept(friend.when), class_name="m-0 text-small text-soft"),
        rx.cond(friend.why != "", rx.el.p(kept(friend.why), class_name="m-0 text-small text-soft")),
        rx.cond(
            friend.appealed != "",
            rx.el.p(friend.appealed, class_name="m-0 text-small text-ink [overflow-wrap:anywhere]"),
        ),
        rx.cond(
            friend.may_appeal,
            button(
                t("Ask to look again"),
                tone="quiet",
                on_click=on_appeal(friend.key),
                aria_label=rx.Var.create(t("Ask to look again") + ": ") + friend.name,
                class_name="self-start !px-0",
            ),
        ),
        key=friend.key,
        class_name="flex flex-col gap-0.5 px-4 py-3",
    )


def appeal_question(state: Any) -> rx.Component:
    """What a member says of a friend who is held back: `appealing` is whom, by key; `ask_appeal` and `appeal`."""
    title = t("Is there something the shop should know?")
    return modal(
        rx.el.h2(title, class_name="m-0 text-title font-bold tracking-tight"),
        rx.el.p(
            t("A few words, once. A person at the shop reads them and decides."), class_name="m-0 text-soft"
        ),
        rx.el.form(
            area_field(
                t("Your words"), name="words", problem=state.problem, rows="3", max_length=500, required=True
            ),
            rx.el.div(
                button(t("Send it"), type="submit"),
                button(t("Not now"), tone="plain", on_click=state.ask_appeal("")),
                class_name="flex flex-wrap gap-3",
            ),
            on_submit=state.appeal,
            key=state.appealing,
            class_name="flex flex-col gap-4",
        ),
        open=state.appealing != "",
        on_dismiss=state.ask_appeal(""),
        label=title,
    )


def came_panel(card: rx.Var[CameCard]) -> rx.Component:
    """What becomes of the reward for one's own coming."""
    return panel(
        rx.el.div(
            rx.el.p(
                t("You came on a friend's invitation."), class_name="m-0 min-w-0 flex-1 font-medium text-ink"
            ),
            toned_chip(card.status, card.tone),
            class_name="flex items-center gap-3",
        ),
        rx.el.p(card.words, class_name="m-0 text-small text-soft"),
        class_name="flex flex-col gap-0.5 px-4 py-3",
    )


def empty_friends() -> rx.Component:
    """Nobody has come yet."""
    how = t("When a friend joins with your link, you see here how far it is.")
    return empty("smile", t("Nobody has come yet"), how)
