"""The forms with which staff give a member's points more time, and a tier by hand."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.fields import area_field, of_turn, select_field, text_field
from components.primitives import button, chip, section
from components.words import t
from members.staff_by_hand_cards import ByHandCard
from members.staff_game_cards import OptionCard

FORM = "mt-2 flex flex-col gap-4"
SMALL = "m-0 text-small text-soft tabular-nums"


def more_time(
    card: rx.Var[ByHandCard], limit: rx.Var[str], on_extend: Any, *, turn: rx.Var[int]
) -> rx.Component:
    """A form with which one lot, or all that end, lasts longer; `limit` says above what two are needed.

    It is empty again as soon as `turn`, what it is drawn for, has changed.
    """
    return section(
        t("Give points more time"),
        rx.el.form(
            of_turn(turn),
            select_field(t("Which points"), _choices(card.lots), name="lot"),
            text_field(
                t("New last day"),
                name="lasts_until",
                type="date",
                min=card.first,
                max=card.last,
                required=True,
            ),
            _why("time_reason", t("The member reads it too.")),
            rx.el.p(limit, class_name=SMALL),
            button(t("Give more time"), tone="plain", type="submit"),
            on_submit=on_extend,
            key=turn,
            class_name=FORM,
        ),
    )


def tier_by_hand(card: rx.Var[ByHandCard], on_pin: Any, on_unpin: Any, *, turn: rx.Var[int]) -> rx.Component:
    """The tier that was given by hand, with a way to take it back, and a form with which one is given.

    `turn` as in `more_time`.
    """
    return section(
        t("Tier by hand"),
        rx.cond(card.pinned != "", _held(card, on_unpin, turn)),
        rx.el.form(
            of_turn(turn),
            select_field(t("Tier"), _choices(card.tiers), name="tier"),
            text_field(
                t("Last day"),
                name="tier_until",
                type="date",
                min=card.today,
                hint=t("Without one it has no end."),
            ),
            _why("tier_reason", t("The member may read it.")),
            button(
                rx.cond(card.pinned != "", t("Give it in place of that one"), t("Give the tier")),
                tone="plain",
                type="submit",
            ),
            on_submit=on_pin,
            key=turn,
            class_name=FORM,
        ),
    )


def _held(card: rx.Var[ByHandCard], on_unpin: Any, turn: rx.Var[int]) -> rx.Component:
    take = rx.el.details(
        rx.el.summary(t("Take it back"), class_name="min-h-11 cursor-pointer py-2.5 font-medium text-accent"),
        rx.el.form(
            of_turn(turn),
            rx.el.p(
                t("Then they have the tier that they earned themselves."),
                class_name="m-0 text-small text-soft",
            ),
            _why("unpin_reason", t("The member may read it.")),
            button(t("Take the tier back"), tone="caution", type="submit"),
            on_submit=on_unpin,
            key=turn,
            class_name="flex flex-col gap-4 pt-1 pb-2",
        ),
    )
    return rx.el.div(
        rx.el.p(chip(card.pinned, rx.el.span(card.pinned_words), tone="accent"), class_name="m-0"),
        rx.el.p(
            rx.el.bdi(card.pinned_reason),
            class_name="m-0 text-small [overflow-wrap:anywhere]",
        ),
        take,
        class_name="mt-2 mb-2 flex flex-col gap-2 rounded-panel border border-line bg-raised px-4 pt-4 pb-2",
    )


def _choices(options: rx.Var[tuple[OptionCard, ...]]) -> rx.Component:
    return rx.foreach(options, lambda one: rx.el.option(one.label, value=one.key, key=one.key))


def _why(name: str, hint: str) -> rx.Component:
    return area_field(
        t("Reason"), name=name, hint=hint, rows="3", max_length=500, min_length=3, required=True
    )
