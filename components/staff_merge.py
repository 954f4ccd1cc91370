"""Parts of the page on which staff make one account of two."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.entries import ROWS
from components.fields import area_field
from components.primitives import button, panel, section
from components.staff_person import member_search
from components.words import t
from members.actions.claiming import LASTS
from members.merge_cards import MergeCard, PartCard, SideCard
from members.staff_cards import PersonRow

PRINT: Any = rx.Var("(() => window.print())")  # text would be evaluated, which the pages' policy forbids
SMALL = "m-0 text-small text-soft tabular-nums"


def both(card: rx.Var[MergeCard]) -> rx.Component:
    """The account that stays, and beside it the one that would be closed."""
    return rx.el.div(
        _side(t("This account stays"), card.one),
        rx.cond(card.other.key != "", _side(t("This one is closed"), card.other)),
        class_name="grid gap-4 sm:grid-cols-2",
    )


def _side(title: str, card: rx.Var[SideCard]) -> rx.Component:
    rows = [
        (t("Balance"), card.points), (t("Tier"), card.tier), (t("Orders"), card.orders),
        (t("Badges"), card.badges), (t("Rewards"), card.rewards),
    ]  # fmt: skip
    facts = [
        rx.el.div(
            rx.el.dt(label, class_name="text-small text-soft"),
            rx.el.dd(value, class_name="m-0 text-end font-medium tabular-nums"),
            class_name="flex items-baseline justify-between gap-3 py-1.5",
        )
        for label, value in rows
    ]
    return panel(
        rx.el.p(title, class_name="m-0 text-small font-medium text-soft"),
        rx.el.h2(card.name, class_name="m-0 text-section font-semibold [overflow-wrap:anywhere]"),
        rx.el.p(rx.el.bdi(card.known_as.join(" · ")), class_name=f"{SMALL} [overflow-wrap:anywhere]"),
        rx.el.p(card.since, class_name=SMALL),
        rx.el.dl(*facts, class_name="m-0 mt-2 flex flex-col"),
        class_name="flex min-w-0 flex-col gap-0.5 p-4",
    )  # fmt: skip


def search_form(on_search: Any) -> rx.Component:
    """Looks for the other account."""
    return section(
        t("The other account"),
        member_search(on_search, required=True),
    )  # fmt: skip


def found(card: rx.Var[MergeCard], on_choose: Any) -> rx.Component:
    """Whom the search found."""
    rows = rx.el.ul(rx.foreach(card.found, lambda one: _row(one, on_choose)), class_name=ROWS)
    return rx.fragment(
        rx.cond(card.words != "", rx.el.p(card.words, class_name="m-0 text-soft", role="status")),
        rx.cond(card.found.length() > 0, rows),
    )


def _row(card: rx.Var[PersonRow], on_choose: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(card.name, class_name="m-0 font-semibold [overflow-wrap:anywhere]"),
            rx.el.p(card.known_as, class_name=f"{SMALL} [overflow-wrap:anywhere]"),
            class_name="min-w-0 flex-1 basis-40",
        ),
        rx.el.span(card.balance, class_name="shrink-0 tabular-nums"),
        button(t("Compare"), tone="plain", on_click=on_choose(card.key),
               aria_label=rx.Var.create(t("Compare") + ": ") + card.name),
        class_name="flex flex-wrap items-center gap-3 px-4 py-3",
        key=card.key,
    )  # fmt: skip


def merge_form(card: rx.Var[MergeCard], on_merge: Any, other: rx.Component) -> rx.Component:
    """What will move, and the reason why."""
    moves = [
        t("Points and what is in other wallets move with their dates, badges with their days and numbers."),
        t("Rewards that wait, addresses, ways in and devices move too."),
        t(
            "The history and the tier that was earned stay where they are; a tier that staff gave, or that came from "
            "another programme, moves too. Nothing is counted twice."
        ),
    ]
    return section(
        t("What will happen"),
        rx.el.ul(*[rx.el.li(one) for one in moves], class_name="m-0 flex list-disc flex-col gap-1 ps-5"),
        rx.el.form(
            area_field(t("Reason"), name="reason", hint=t("Why this is one person. It goes into the audit."),
                       rows="3", max_length=500, min_length=3, required=True),
            rx.el.p(card.limit, class_name=SMALL),
            rx.el.div(button(t("Make one account of them"), type="submit"), other,
                      class_name="flex flex-wrap gap-3"),
            on_submit=on_merge,
            key=card.other.key,
            class_name="mt-4 flex flex-col gap-4",
        ),
    )  # fmt: skip


def merged_before(card: rx.Var[MergeCard], on_undo: Any) -> rx.Component:
    """The accounts that became part of this one."""
    rows = rx.el.ul(rx.foreach(card.parts, lambda one: _part(one, on_undo)), class_name=ROWS)
    return section(t("Accounts that became part of this one"), rows)


def _part(card: rx.Var[PartCard], on_undo: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(card.name, class_name="m-0 font-semibold [overflow-wrap:anywhere]"),
            rx.el.p(card.when, class_name=SMALL),
            rx.el.p(card.words, class_name=SMALL),
            rx.cond(card.reason != "", rx.el.p(rx.el.bdi(card.reason),
                                               class_name="m-0 text-small [overflow-wrap:anywhere]")),
            class_name="min-w-0 flex-1 basis-40",
        ),
        rx.cond(card.may_undo, button(t("Undo"), tone="plain", on_click=on_undo(card.key),
                                      aria_label=rx.Var.create(t("Undo") + ": ") + card.name)),
        class_name="flex flex-wrap items-center gap-3 px-4 py-3",
        key=card.key,
    )  # fmt: skip


def claim_code(code: rx.Var[str], on_make: Any) -> rx.Component:
    """The code with which a person makes a draft their own, shown once."""
    shown = panel(
        rx.el.p(code, class_name="m-0 font-mono text-title font-bold tracking-wider [overflow-wrap:anywhere]",
                custom_attrs={"dir": "ltr"}),
        rx.el.p(t("Write it down or print it now: it is not shown again. They type it on their page “About me”."),
                class_name="m-0 text-small text-soft"),
        rx.el.div(button(t("Print"), tone="plain", on_click=rx.call_function(PRINT)), class_name="flex"),
        role="status",
        class_name="flex flex-col gap-2 p-4",
    )  # fmt: skip
    return section(
        t("Nobody has claimed this account yet"),
        rx.el.p(t("A code makes it the account of whoever types it. It is good once, for {days} days; a new one ends "
                  "the one before.", days=LASTS.days), class_name="m-0 mb-3 text-soft"),
        rx.cond(
            code != "",
            shown,
            rx.el.div(button(t("Make a code"), tone="plain", on_click=on_make), class_name="flex"),
        ),
    )  # fmt: skip
