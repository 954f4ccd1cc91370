"""Bringing friends as staff sees it: offers, the funnel and its channels, the cost, and who brings most."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.entries import ROWS
from components.primitives import (
    BUTTONS,
    DOT,
    apart,
    bar,
    button,
    document_link,
    icon,
    panel,
    section,
    toned_chip,
)
from components.words import href, t
from components.workbench import choice
from members.staff_game_cards import FigureCard, OptionCard
from members.staff_referral_cards import (
    AdvocateRow,
    ChannelRow,
    FriendRow,
    FriendsOfCard,
    OfferRow,
    ReferralsCard,
    StepRow,
)

SMALL = "m-0 text-small text-soft tabular-nums"


def offer_rows(cards: rx.Var[tuple[OfferRow, ...]], state: Any) -> rx.Component:
    """The offers in their order; `state` has the handlers `put_first` and `ask_retire`."""
    return rx.el.ul(rx.foreach(cards, lambda card: _offer(card, state)), class_name=ROWS)


def _offer(card: rx.Var[OfferRow], state: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(card.name, class_name="m-0 text-section font-semibold text-ink"),
            toned_chip(card.state, card.tone),
            class_name="flex flex-wrap items-center gap-x-2.5 gap-y-1",
        ),
        rx.el.p(card.gives, class_name="m-0 text-body tabular-nums"),
        rx.el.p(apart(card.words + DOT + card.links), class_name=SMALL),
        rx.cond(
            card.old != "",
            rx.el.p(card.old, class_name="m-0 text-small font-medium tabular-nums text-caution"),
        ),
        rx.el.div(
            document_link(
                t("Change"),
                to=href("") + card.edit,
                aria_label=rx.Var.create(t("Change") + ": ") + card.name,
                class_name=f"{BUTTONS['plain']} no-underline",
            ),
            rx.cond(card.may_first, _hand(t("Put first"), card, state.put_first)),
            rx.cond(card.may_retire, _hand(t("Retire"), card, state.ask_retire)),
            class_name="mt-1 flex flex-wrap gap-2",
        ),
        class_name="flex flex-col gap-1 px-4 py-4",
        key=card.key,
    )


def _hand(words: str, card: rx.Var[OfferRow], on_click: Any) -> rx.Component:
    return button(
        words, tone="plain", on_click=on_click(card.key), aria_label=rx.Var.create(words + ": ") + card.name
    )


def which(card: rx.Var[ReferralsCard], state: Any) -> rx.Component:
    """Of which offer, and of which stretch of time."""
    return rx.el.div(
        choice(
            t("Offer"), _options(card.choices), name="offer", value=card.offer, on_change=state.choose_offer
        ),
        choice(t("When"), _options(card.periods), name="days", value=card.days, on_change=state.choose_days),
        class_name="grid gap-3 sm:grid-cols-2",
    )


def _options(cards: rx.Var[tuple[OptionCard, ...]]) -> rx.Component:
    return rx.foreach(cards, lambda one: rx.el.option(one.label, value=one.key))


def funnel(card: rx.Var[ReferralsCard]) -> rx.Component:
    """The steps over all channels, each with its number and which part of the step before it is."""
    note = t(
        "Who joined is counted on the day they came, and what they bought with it; what went back is taken off."
    )
    return panel(
        rx.el.ol(rx.foreach(card.steps, _step), class_name="m-0 flex list-none flex-col gap-3.5 p-0"),
        rx.el.p(note, class_name=SMALL),
        class_name="flex flex-col gap-4 p-4",
        aria_live="polite",
    )


def _step(row: rx.Var[StepRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(row.label, class_name="font-medium"),
            rx.el.span(row.words, class_name="min-w-0 flex-1 text-small text-soft tabular-nums"),
            rx.el.span(row.value, class_name="text-section font-semibold tabular-nums"),
            class_name="flex flex-wrap items-baseline gap-x-3",
        ),
        bar(row.percent, row.label, class_name="bg-line"),
        class_name="flex flex-col gap-1.5",
        key=row.key,
    )


def channel_rows(cards: rx.Var[tuple[ChannelRow, ...]]) -> rx.Component:
    """Each way by which anything happened."""
    return rx.cond(cards.length() > 0, rx.el.ul(rx.foreach(cards, _channel), class_name=ROWS))


def _channel(card: rx.Var[ChannelRow]) -> rx.Component:
    return rx.el.li(
        rx.el.h3(card.name, class_name="m-0 text-body font-semibold"),
        rx.el.dl(
            rx.foreach(card.figures, _figure),
            class_name="m-0 grid grid-cols-3 gap-x-4 gap-y-2 sm:grid-cols-5",
        ),
        class_name="flex flex-col gap-2 px-4 py-3",
        key=card.key,
    )


def _figure(card: rx.Var[FigureCard]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(card.label, class_name="text-small text-soft"),
        rx.el.dd(card.value, class_name="m-0 font-semibold tabular-nums"),
        class_name="flex flex-col",
        key=card.label,
    )


def cost_panel(card: rx.Var[ReferralsCard]) -> rx.Component:
    """What each friend who bought has cost, and how that is worked out."""
    return panel(
        rx.cond(
            card.cost != "",
            rx.el.p(
                rx.el.span(card.cost, class_name="text-title font-bold"),
                " ",
                rx.el.span(t("for each friend who bought"), class_name="text-soft"),
                class_name="m-0 tabular-nums",
            ),
        ),
        rx.el.p(card.cost_how, class_name=SMALL),
        class_name="flex flex-col gap-1 p-4",
    )


def advocate_rows(cards: rx.Var[tuple[AdvocateRow, ...]]) -> rx.Component:
    """Who brings most, each leading to who they are for those who may see it."""
    return rx.el.ul(rx.foreach(cards, _advocate), class_name=ROWS)


def _advocate(card: rx.Var[AdvocateRow]) -> rx.Component:
    said = rx.el.div(
        rx.el.p(card.name, class_name="m-0 font-semibold text-ink"),
        rx.el.p(apart(card.words), class_name=SMALL),
        class_name="min-w-0 flex-1",
    )
    look = "flex min-h-11 items-center gap-3 px-4 py-3"
    link = document_link(
        said,
        icon("chevron-right", size=18, class_name="mirrored text-soft"),
        to=href("") + card.path,
        class_name=f"{look} no-underline hover:bg-sunk",
    )
    return rx.el.li(rx.cond(card.path != "", link, rx.el.div(said, class_name=look)), key=card.key)


def friends_of_member(card: rx.Var[FriendsOfCard]) -> rx.Component:
    """Who brought a member, and whom they have brought; nothing for one without either."""
    by = rx.fragment(
        rx.el.h3(t("Brought by"), class_name="m-0 text-body font-medium"),
        rx.el.ul(rx.foreach(card.by, _friend), class_name=ROWS),
    )
    brought = rx.fragment(
        rx.el.h3(t("Has brought"), class_name="m-0 text-body font-medium"),
        rx.el.p(card.words, class_name=SMALL),
        rx.el.ul(rx.foreach(card.brought, _friend), class_name=ROWS),
    )
    return rx.cond(
        (card.by.length() > 0) | (card.brought.length() > 0),
        section(
            t("Friends"),
            rx.cond(card.by.length() > 0, by),
            rx.cond(card.brought.length() > 0, brought),
            class_name="gap-2",
        ),
    )


def _friend(card: rx.Var[FriendRow]) -> rx.Component:
    return rx.el.li(
        document_link(
            rx.el.div(
                rx.el.p(card.name, class_name="m-0 font-semibold text-ink"),
                rx.el.p(apart(card.words), class_name=SMALL),
                class_name="min-w-0 basis-full sm:flex-1 sm:basis-0",
            ),
            toned_chip(card.status, card.tone),
            icon("chevron-right", size=18, class_name="mirrored ms-auto text-soft"),
            to=href("") + card.path,
            class_name="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-3 no-underline hover:bg-sunk",
        ),
        key=card.key,
    )


def downloads(cards: rx.Var[tuple[OptionCard, ...]]) -> rx.Component:
    """What can be had as CSV; each download is in the audit."""
    return rx.el.div(
        rx.foreach(
            cards,
            lambda one: rx.el.a(
                icon("download", size=18),
                one.label,
                href=one.key,
                download=True,
                class_name=f"{BUTTONS['plain']} no-underline",
                key=one.key,
            ),
        ),
        class_name="flex flex-wrap gap-2",
    )
