"""The form of an offer for friends, and what stands beside it; the boxes themselves are in `components.workbench`."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.primitives import button, panel
from components.words import t
from components.workbench import boxes, choice, discarding, later, pressable, sheet, side_title, ticks
from facts.language import N_
from members.staff_cards import TickCard
from members.staff_referral_cards import SideCard

SMALL = "m-0 text-small text-soft tabular-nums"
PAID = (
    ("first_order", N_("With the friend's first purchase")),
    ("joining", N_("As soon as the friend has joined")),
)
PERIODS = (
    ("ever", N_("In all")),
    ("day", N_("A day")),
    ("week", N_("A week")),
    ("month", N_("A month")),
    ("year", N_("A year")),
)


def offer_form(state: Any) -> rx.Component:
    """All boxes of an offer, in four sheets. `state` is that of the page: its card and its handlers."""
    card = state.card
    wrong = rx.el.p(card.wrong, role="alert", class_name="m-0 font-medium text-caution")
    return rx.el.div(
        rx.cond(
            card.problem != "", rx.el.p(card.problem, role="alert", class_name="m-0 font-medium text-caution")
        ),
        rx.cond(card.stale, _stale(state)),
        rx.cond(card.wrong != "", wrong),
        sheet(
            t("What it is"),
            boxes(card.names, state.put, title=t("Name")),
            rx.cond(card.fresh, boxes([card.slug], state.put)),
        ),
        _gifts(state),
        _terms(state),
        sheet(
            t("When"),
            rx.el.p(t("Times are those of the shop:"), " ", card.zone, class_name=SMALL),
            boxes(card.times, state.put, wide=True),
        ),
        rx.cond(card.draft != "", discarding(state, t("What is published stays as it is."))),
        class_name="flex max-w-3xl flex-col gap-5",
    )


def _gifts(state: Any) -> rx.Component:
    card = state.card

    def reward(side: str, value: rx.Var[str]) -> rx.Component:
        options = rx.foreach(card.rewards, lambda one: rx.el.option(one.label, value=one.key))
        name = f"{side}.reward"
        return rx.cond(
            card.rewards.length() > 1,
            choice(t("And a reward"), options, name=name, value=value, on_change=state.put(name)),
        )

    wrong = rx.el.p(card.reward_problem, role="alert", class_name="m-0 text-small font-medium text-caution")
    return sheet(
        t("What both get"),
        boxes(card.friend, state.put, wide=True, title=t("The friend")),
        reward("friend", card.friend_reward),
        boxes(card.sharer, state.put, wide=True, title=t("The one who shares")),
        reward("sharer", card.sharer_reward),
        rx.cond(card.reward_problem != "", wrong),
        ticks(t("In which order points are spent"), card.burns, state.tick),
    )


def _terms(state: Any) -> rx.Component:
    card = state.card
    paid = [rx.el.option(t(label), value=name) for name, label in PAID]
    periods = [rx.el.option(t(label), value=name) for name, label in PERIODS]
    return sheet(
        t("When it counts"),
        choice(t("It counts"), *paid, name="paid", value=card.paid, on_change=state.put("paid")),
        boxes(card.terms, state.put, wide=True),
        choice(
            t("The limit for one member is"), *periods, name="per", value=card.per, on_change=state.put("per")
        ),
    )


def _stale(state: Any) -> rx.Component:
    return panel(
        rx.el.p(
            t("Somebody changed it since this draft was begun: look at what would change first."),
            class_name="m-0",
        ),
        button(t("I have looked: go on"), tone="plain", on_click=state.renew, class_name="self-start"),
        class_name="flex flex-col gap-3 p-4",
    )


def offer_side(state: Any) -> rx.Component:
    """What stands beside the form: what both sides read, what links keep, and what publishing would change."""
    card = state.card
    return rx.el.div(
        side_title(t("As people read it")),
        _languages(card.languages, state.see_in),
        _preview(card.preview),
        rx.cond(
            card.links.length() > 0, rx.fragment(side_title(t("Links that were shared")), _lines(card.links))
        ),
        rx.cond(card.may_publish, rx.fragment(side_title(t("Publish it later")), later(state))),
        side_title(t("If published now")),
        rx.cond(
            card.behind != "", rx.el.p(card.behind, class_name="m-0 text-small font-medium text-caution")
        ),
        rx.cond(
            card.changes.length() > 0,
            _lines(card.changes),
            rx.el.p(
                rx.cond(card.ready, t("Nothing would change."), t("Fill in what is missing first.")),
                class_name=SMALL,
            ),
        ),
        class_name="flex flex-col gap-3 lg:sticky lg:top-6",
    )


def _lines(said: rx.Var[tuple[str, ...]]) -> rx.Component:
    look = "border-t border-line py-2 text-small tabular-nums first:border-t-0 [overflow-wrap:anywhere]"
    return rx.el.ul(
        rx.foreach(said, lambda one: rx.el.li(one, class_name=look)), class_name="m-0 list-none p-0"
    )


def _languages(cards: rx.Var[tuple[TickCard, ...]], on_choose: Any) -> rx.Component:
    return rx.el.div(
        rx.foreach(cards, lambda one: pressable(one, on_choose)),
        role="group",
        aria_label=t("In this language"),
        class_name="flex flex-wrap gap-2",
    )


def _preview(card: rx.Var[SideCard]) -> rx.Component:
    """Both sides, in the language and direction of the preview."""
    spoken = {"lang": card.language, "dir": card.dir}
    shown = rx.fragment(
        panel(
            rx.el.p(t("The one who shares reads"), class_name=SMALL),
            rx.el.div(
                rx.el.p(card.headline, class_name="m-0 text-section font-semibold"),
                _rules(card.rules),
                class_name="flex flex-col gap-2",
                custom_attrs=spoken,
            ),
            class_name="flex flex-col gap-2 p-4",
        ),
        panel(
            rx.el.img(
                src=card.picture,
                alt=card.title,
                width="1200",
                height="630",
                loading="lazy",
                class_name="h-auto w-full border-b border-line",
            ),
            rx.el.div(
                rx.el.p(t("The friend reads"), class_name=SMALL),
                rx.el.div(
                    rx.el.p(card.title, class_name="m-0 text-section font-semibold"),
                    rx.el.p(card.text, class_name="m-0"),
                    _rules(card.friend_rules),
                    class_name="flex flex-col gap-2",
                    custom_attrs=spoken,
                ),
                class_name="flex flex-col gap-2 p-4",
            ),
            class_name="overflow-hidden",
        ),
    )
    return rx.el.div(
        rx.cond(card.words != "", rx.el.p(card.words, class_name=SMALL), shown),
        class_name="flex flex-col gap-3",
        aria_live="polite",
    )


def _rules(said: rx.Var[tuple[str, ...]]) -> rx.Component:
    return rx.el.ul(
        rx.foreach(said, lambda one: rx.el.li(one, class_name="ms-5 list-disc text-small text-soft")),
        class_name="m-0 p-0",
    )
