"""Boards: lists of places under an alias, a league's circle, past seasons, and the choice of an alias."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.fields import text_field
from components.primitives import button, chip, disc, icon, panel
from components.words import t
from members.board_cards import BoardCard, BoardsCard, PastCard, PlaceCard

LIST = (
    "m-0 list-none overflow-hidden rounded-panel border border-line bg-raised p-0 [&>li+li]:border-t "
    "[&>li+li]:border-line"
)


def board_section(card: rx.Var[BoardCard]) -> rx.Component:
    """A board: its period, where the member stands, the list, the circle, what places bring, and past seasons."""
    head = rx.el.div(
        disc(card.icon),
        rx.el.div(
            rx.el.h2(card.name, class_name="m-0 text-section font-semibold text-ink"),
            rx.el.p(
                rx.el.span(card.when),
                rx.cond(card.left != "", rx.el.span(card.left)),
                class_name="m-0 flex flex-wrap gap-x-3 text-small text-soft tabular-nums",
            ),
            class_name="min-w-0 flex-1",
        ),
        class_name="flex items-start gap-3",
    )
    return rx.el.section(
        head,
        rx.cond(card.description != "", rx.el.p(card.description, class_name="m-0 text-soft")),
        rx.cond(card.mine != "", _mine(card)),
        rx.cond(
            card.circle.length() > 0,
            rx.fragment(),  # who plays in a circle looks at that
            rx.cond(card.rows.length() > 0, place_list(card.rows, card.name), _nobody()),
        ),
        rx.cond(
            card.players != "", rx.el.p(card.players, class_name="m-0 text-small text-soft tabular-nums")
        ),
        rx.cond(card.prizes.length() > 0, _prizes(card.prizes)),
        rx.cond(card.league_words != "", _league(card)),
        rx.cond(card.past.length() > 0, _past(card.past)),
        key=card.slug,
        custom_attrs={"data-board": card.slug},
        class_name="flex flex-col gap-3",
    )


def _mine(card: rx.Var[BoardCard]) -> rx.Component:
    tone = rx.cond(card.listed, "bg-accent-tint text-accent", "bg-sunk text-soft")
    return rx.el.p(card.mine, class_name="m-0 rounded-button px-4 py-2.5 font-medium tabular-nums " + tone)


def _nobody() -> rx.Component:
    return panel(t("Nobody is listed yet in this period."), class_name="px-4 py-6 text-center text-soft")


def place_list(rows: rx.Var[tuple[PlaceCard, ...]], name: rx.Var[str]) -> rx.Component:
    """Places from the first down; one's own row is said, and not only coloured."""
    return rx.el.ol(rx.foreach(rows, _row), class_name=LIST, aria_label=name)


def _row(row: rx.Var[PlaceCard]) -> rx.Component:
    place = rx.cond(
        row.best,
        "grid size-8 place-items-center rounded-full bg-accent-tint font-semibold text-accent",
        "grid size-8 place-items-center font-medium text-soft",
    )
    zone = rx.match(
        row.zone,
        ("up", chip(icon("arrow-up", size=14), row.zone_words, tone="good")),
        ("down", chip(icon("arrow-down", size=14), row.zone_words, tone="caution")),
        rx.fragment(),
    )
    return rx.el.li(
        rx.el.span(row.place, class_name="shrink-0 text-small tabular-nums " + place),
        rx.el.span(
            rx.el.span(
                rx.el.bdi(row.alias, class_name="min-w-0 [overflow-wrap:anywhere]"),
                rx.cond(row.me, chip(t("You"), tone="accent")),
                class_name="flex min-w-0 flex-wrap items-center gap-x-2 font-medium",
            ),
            class_name="flex min-w-0 flex-1 flex-col",
        ),
        rx.el.span(
            rx.el.span(row.score, class_name="text-end text-small tabular-nums"),
            zone,
            class_name="flex max-w-[40%] shrink-0 flex-col items-end gap-1",
        ),
        key=row.key,
        class_name="flex min-h-13 items-center gap-3 px-3 py-2 "
        + rx.cond(row.me, "bg-accent-tint/40 ", "")
        + rx.cond(row.gap, "!border-t-2 !border-dashed !border-t-[var(--field)]", ""),
        aria_current=rx.cond(row.me, "true", "false"),
    )


def _prizes(prizes: rx.Var[tuple[str, ...]]) -> rx.Component:
    return rx.el.div(
        rx.el.h3(t("What places bring"), class_name="m-0 text-body font-semibold"),
        rx.el.ul(
            rx.foreach(prizes, rx.el.li),
            class_name="m-0 list-none p-0 text-small text-soft tabular-nums",
        ),
        class_name="flex flex-col gap-1",
    )


def _league(card: rx.Var[BoardCard]) -> rx.Component:
    title = rx.cond(card.division != "", t("Your league") + ": " + card.division, t("The league"))
    return rx.el.div(
        rx.el.h3(title, class_name="m-0 text-body font-semibold"),
        rx.el.p(card.league_words, class_name="m-0 text-small text-soft"),
        rx.cond(card.circle.length() > 0, place_list(card.circle, title)),
        class_name="flex flex-col gap-2",
    )


def _past(past: rx.Var[tuple[PastCard, ...]]) -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            t("Hall of fame"),
            class_name="flex min-h-11 cursor-pointer items-center font-medium text-accent",
        ),
        rx.el.div(
            rx.foreach(
                past,
                lambda one: rx.el.div(
                    rx.el.h3(one.when, class_name="m-0 text-small font-semibold text-soft"),
                    place_list(one.rows, one.when),
                    key=one.key,
                    class_name="flex flex-col gap-2",
                ),
            ),
            class_name="flex flex-col gap-4 pt-1",
        ),
    )


def alias_panel(card: rx.Var[BoardsCard], on_enter: Any, on_form: Any, on_leave: Any) -> rx.Component:
    """In with an alias, or out: nobody is listed who did not say so."""
    form = rx.el.form(
        text_field(t("Your alias"), name="alias", max_length=24, auto_complete="off"),
        button(
            rx.cond(card.alias == "", t("Stand on the boards"), t("Change the alias")),
            type="submit",
            tone="plain",
            class_name="self-start",
        ),
        on_submit=on_form,
        reset_on_submit=True,
        class_name="flex flex-col gap-3",
    )
    ideas = rx.el.div(
        rx.foreach(
            card.ideas,
            lambda alias: button(rx.el.bdi(alias), key=alias, tone="plain", on_click=on_enter(alias)),
        ),
        class_name="flex flex-wrap gap-2",
        role="group",
        aria_label=t("Suggested aliases"),
    )
    outside = panel(
        rx.el.h2(t("Do you want to be listed?"), class_name="m-0 text-section font-semibold"),
        rx.el.p(
            t("Only who says so stands here, and only under an alias. You can leave whenever you like."),
            class_name="m-0 text-soft",
        ),
        rx.cond(
            card.note != "",
            rx.el.p(
                t("The shop took your last alias away:") + " ",
                rx.el.bdi(card.note),
                class_name="m-0 rounded-button bg-caution-tint px-4 py-2.5 text-caution",
            ),
        ),
        ideas,
        form,
        class_name="flex flex-col gap-3 p-4",
    )
    inside = rx.el.details(
        rx.el.summary(
            rx.el.span(t("You stand here as") + " ", rx.el.bdi(card.alias, class_name="font-semibold")),
            rx.el.span(t("Change"), class_name="ms-auto font-medium text-accent"),
            class_name="flex min-h-13 cursor-pointer items-center gap-2 px-4",
        ),
        rx.el.div(
            form,
            button(
                t("Leave all boards"), tone="quiet", on_click=on_leave, class_name="self-start !px-2 -ms-2"
            ),
            class_name="flex flex-col gap-3 px-4 pb-4",
        ),
        class_name="rounded-panel border border-line bg-raised",
    )
    return rx.cond(card.alias == "", outside, inside)
