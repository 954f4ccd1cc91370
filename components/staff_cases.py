"""Cases as staff sees them: whose, the evidence, and two hands to decide."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.entries import ROWS
from components.fields import area_field
from components.modal import modal
from components.primitives import ROOMY, button, document_link, icon, toned_chip
from components.words import href, t
from members.case_cards import CaseCard, HeldCard

SMALL = "m-0 text-small text-soft tabular-nums"


def case_rows(cards: rx.Var[tuple[CaseCard, ...]], state: Any) -> rx.Component:
    """Cases; `state` has the handlers `look` and `ask`, and the open one's `facts`."""
    return rx.el.ul(rx.foreach(cards, lambda card: _row(card, state)), class_name=ROWS)


def _row(card: rx.Var[CaseCard], state: Any) -> rx.Component:
    link = document_link(card.name, to=href("") + card.path, class_name=f"text-ink {ROOMY}")
    named = rx.el.div(
        rx.el.h3(
            rx.cond(card.path != "", link, rx.el.span(card.name)),
            class_name="m-0 text-section font-semibold",
        ),
        toned_chip(card.state, card.tone),
        class_name="flex flex-wrap items-center gap-x-2.5 gap-y-1",
    )
    return rx.el.li(
        named,
        rx.el.p(card.guard, class_name="m-0 text-body font-medium"),
        rx.el.p(card.found, class_name="m-0 text-body tabular-nums"),
        rx.cond(card.friend, _reasons(card)),
        rx.el.p(card.allowed, class_name=SMALL),
        rx.cond(card.appeal != "", rx.el.p(card.appeal, class_name="m-0 text-body [overflow-wrap:anywhere]")),
        rx.cond(card.sources != "", rx.el.p(card.sources, class_name=f"{SMALL} [overflow-wrap:anywhere]")),
        rx.cond(card.note != "", rx.el.p(card.note, class_name="m-0 text-small text-ink")),
        rx.cond(card.friend, _settling(card, state), _hands(card, state)),
        rx.cond(state.looking == card.key, _facts(state.facts)),
        class_name="flex flex-col gap-1 px-4 py-4",
        key=card.key,
    )


def _hands(card: rx.Var[CaseCard], state: Any) -> rx.Component:
    """The buttons, each saying to screen readers what it is about."""
    is_open = state.looking == card.key
    look = button(
        t("Look at the facts"),
        icon("chevron-down", size=16, class_name="turns " + rx.cond(is_open, "rotate-180", "")),
        tone="quiet",
        on_click=state.look(card.key),
        aria_expanded=is_open,
        aria_label=rx.Var.create(t("Look at the facts") + ": ") + card.name,
    )
    return rx.el.div(
        rx.cond(card.may_release, _hand(t("Release"), card, state.ask(card.key, "release"))),
        rx.cond(card.may_reject, _hand(t("Reject"), card, state.ask(card.key, "reject"))),
        look,
        class_name="mt-1 flex flex-wrap gap-2",
    )


def _reasons(card: rx.Var[CaseCard]) -> rx.Component:
    """What was found, a line each."""
    return rx.el.ul(
        rx.foreach(card.reasons, lambda reason: rx.el.li(reason, class_name="ms-5 list-disc")),
        class_name="m-0 p-0 text-body",
    )


def _settling(card: rx.Var[CaseCard], state: Any) -> rx.Component:
    """One tap decides about a friend; another one decides anew."""
    return rx.el.div(
        rx.cond(card.may_release, _hand(t("Pay both"), card, state.settle(card.key, "pay"))),
        rx.cond(card.may_reject, _hand(t("Do not pay"), card, state.settle(card.key, "refuse"))),
        class_name="mt-1 flex flex-wrap gap-2",
    )


def _hand(words: str, card: rx.Var[CaseCard], on_click: Any) -> rx.Component:
    return button(words, tone="plain", on_click=on_click, aria_label=rx.Var.create(words + ": ") + card.name)


def _facts(facts: rx.Var[list[HeldCard]]) -> rx.Component:
    return rx.el.ul(
        rx.foreach(facts, _fact),
        class_name="arrives m-0 mt-1 w-full list-none rounded-button bg-sunk px-3 py-2",
    )


def _fact(card: rx.Var[HeldCard]) -> rx.Component:
    return rx.el.li(
        rx.el.span(card.when, class_name="shrink-0"),
        rx.el.span(
            card.type, " ", rx.el.span(card.said, class_name="text-soft"),
            class_name="min-w-0 flex-1 [overflow-wrap:anywhere]", custom_attrs={"dir": "auto"},
        ),
        class_name="flex flex-wrap gap-x-3 py-1 text-small tabular-nums",
        key=card.key,
    )  # fmt: skip


def case_question(state: Any) -> rx.Component:
    """Why it is decided so: the reason is kept."""
    title = rx.cond(state.releasing, t("Let it count?"), t("Leave it out?"))
    words = rx.cond(
        state.releasing,
        t("What these actions earn is paid at once, with their true dates."),
        t("These actions never count. This can be decided anew later."),
    )
    return modal(
        rx.el.h2(title, class_name="m-0 text-title font-bold tracking-tight"),
        rx.el.p(state.asking_name, class_name="m-0 text-section font-semibold"),
        rx.el.p(words, class_name="m-0 text-soft"),
        rx.el.form(
            area_field(t("Reason"), name="case_reason", problem=state.said, rows="3", max_length=500),
            rx.el.div(
                button(rx.cond(state.releasing, t("Release"), t("Reject")), type="submit"),
                button(t("Not now"), tone="plain", on_click=state.ask("", "")),
                class_name="flex flex-wrap gap-3",
            ),
            on_submit=state.decide,
            key=state.asking,
            class_name="flex flex-col gap-4",
        ),
        open=state.asking != "",
        on_dismiss=state.ask("", ""),
        label=title,
    )
