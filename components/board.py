"""Boards: lists of places under an alias, a league's circle, past seasons, and the choice of an alias."""

from __future__ import annotations

from functools import partial
from typing import Any

import reflex as rx

from components.ahead import Ahead, item, not_there, press, rows, said, shown, there
from components.fields import text_field
from components.primitives import BUTTONS, CHIPS, button, chip, disc, icon, panel
from components.words import t
from members.board_cards import PastCard

PLACES_AHEAD, PRIZES_AHEAD, IDEAS_AHEAD = 9, 5, 4
NARROW = " !px-2 leading-tight sm:!px-4"
LIST = (
    "m-0 list-none overflow-hidden rounded-panel border border-line bg-raised p-0 [&>li+li]:border-t "
    "[&>li+li]:border-line"
)


def board_list(boards: Any) -> rx.Component:
    """All boards; of those that are ahead the first, and under it the second where that one is ahead to its end."""
    look = "grid grid-cols-[minmax(0,1fr)] items-start gap-8 md:grid-cols-2"
    if isinstance(boards, Ahead):
        first, second = (boards.row(rx.Var.create(number)) for number in range(2))
        below = _after(first.rows, _after(first.circle, board_section(second)))
        return rx.el.div(board_section(first), below, class_name=look)
    return rx.el.div(rx.foreach(boards, board_section), class_name=look)


def _after(places: Any, *children: Any) -> rx.Component:
    """What stands after places: ahead only where they are ahead to the last, as it would be pushed down otherwise."""
    if isinstance(places, Ahead):
        return not_there(places.row(rx.Var.create(PLACES_AHEAD)), *children)
    return rx.fragment(*children)


def board_section(card: Any) -> rx.Component:
    """A board: its period, where the member stands, the list, the circle, what places bring, and past seasons."""
    head = rx.el.div(
        disc(shown(card.icon)),
        rx.el.div(
            said(card.name, tag=rx.el.h2, class_name="m-0 text-section font-semibold text-ink", bar=True),
            rx.el.p(
                said(card.when, tag=rx.el.span),
                said(card.left, tag=rx.el.span, optional=True, class_name="dotted"),
                class_name="m-0 flex flex-wrap gap-x-1.5 text-small text-soft tabular-nums",
            ),
            class_name="min-w-0 flex-1",
        ),
        class_name="flex items-start gap-3",
    )
    everybody = rx.fragment(place_list(card.rows, card.name), not_there(card.rows, _nobody()))
    return rx.el.section(
        head,
        said(card.description, class_name="m-0 text-soft", optional=True),
        said(
            card.mine,
            class_name="m-0 rounded-button bg-sunk px-4 py-2.5 font-medium tabular-nums text-soft "
            "data-[listed=true]:bg-accent-tint data-[listed=true]:text-accent",
            optional=True,
            attrs={"data-listed": shown(card.listed)},
        ),
        not_there(card.circle, everybody, waits=True),  # who plays in a circle looks at that
        _after(
            card.rows,
            said(card.players, class_name="m-0 text-small text-soft tabular-nums", optional=True),
            there(card.prizes, _prizes(card.prizes)),
            there(card.league_words, _league(card)),
            _after(card.circle, there(card.past, _past(card.past))),
        ),
        class_name="flex flex-col gap-3",
        **_named(card),
    )


def _named(card: Any) -> dict[str, Any]:
    """The key of a board, and its name in the document."""
    if isinstance(card, Ahead):
        return item(card, "")
    return {"key": card.slug, "custom_attrs": {"data-board": card.slug}}


def _nobody() -> rx.Component:
    return panel(t("Nobody is listed yet in this period."), class_name="px-4 py-6 text-center text-soft")


def place_list(places: Any, name: Any) -> rx.Component:
    """Places from the first down; one's own row is said, and not only coloured. Without any, the list is not there."""
    listed = rows(places, PLACES_AHEAD, _row, LIST, tag=partial(rx.el.ol, aria_label=shown(name)))
    return listed if isinstance(places, Ahead) else rx.cond(places, listed)


def _row(row: Any) -> rx.Component:
    best = "data-[best=true]:rounded-full data-[best=true]:bg-accent-tint data-[best=true]:font-semibold "
    mine = "data-[me=true]:bg-accent-tint/40 "
    gap = (
        "data-[gap=true]:!border-t-2 data-[gap=true]:!border-dashed data-[gap=true]:!border-t-[var(--field)]"
    )
    named = item(row, row.key)
    marks = {"data-me": shown(row.me), "data-gap": shown(row.gap), **named.pop("custom_attrs", {})}
    return rx.el.li(
        said(
            row.place,
            tag=rx.el.span,
            class_name=f"grid size-8 shrink-0 place-items-center text-small font-medium tabular-nums text-soft {best}"
            "data-[best=true]:text-accent",
            attrs={"data-best": shown(row.best)},
        ),
        rx.el.span(
            said(row.alias, tag=rx.el.bdi, class_name="min-w-0 [overflow-wrap:anywhere]", bar=True),
            there(row.me, chip(t("You"), tone="accent")),
            class_name="flex min-w-0 flex-1 flex-wrap items-center gap-x-2 font-medium",
        ),
        rx.el.span(
            said(row.score, tag=rx.el.span, class_name="text-end text-small tabular-nums"),
            there(row.zone, _zone(row)),
            class_name="flex max-w-[50%] shrink-0 flex-col items-end gap-1",
        ),
        class_name=f"flex min-h-13 items-center gap-3 px-3 py-2 {mine}{gap}",
        aria_current=shown(row.me),
        custom_attrs=marks,
        **named,
    )


def _zone(row: Any) -> rx.Component:
    """Whether a place climbs or goes down, in words and by an arrow."""
    tone = "data-[zone=up]:bg-good-tint data-[zone=up]:text-good [&[data-zone=up]>.down]:hidden "
    other = "data-[zone=down]:bg-caution-tint data-[zone=down]:text-caution [&[data-zone=down]>.up]:hidden"
    return rx.el.span(
        icon("arrow-up", size=14, class_name="up"),
        icon("arrow-down", size=14, class_name="down"),
        said(row.zone_words, tag=rx.el.span),
        class_name=f"{CHIPS['plain']} {tone}{other}",
        custom_attrs={"data-zone": shown(row.zone)},
    )


def _prizes(prizes: Any) -> rx.Component:
    return rx.el.div(
        rx.el.h3(t("What places bring"), class_name="m-0 text-body font-semibold"),
        rows(
            prizes,
            PRIZES_AHEAD,
            lambda prize: said(prize, tag=rx.el.li, optional=True),
            "m-0 list-none p-0 text-small text-soft tabular-nums",
        ),
        class_name="flex flex-col gap-1",
    )


def _league(card: Any) -> rx.Component:
    mine = rx.fragment(t("Your league") + ": ", said(card.division, tag=rx.el.span))
    return rx.el.div(
        rx.el.h3(
            there(card.division, mine, tag=rx.el.span),
            not_there(card.division, t("The league"), tag=rx.el.span),
            class_name="m-0 text-body font-semibold",
        ),
        said(card.league_words, class_name="m-0 text-small text-soft"),
        place_list(card.circle, card.division),
        class_name="flex flex-col gap-2",
    )


def _past(past: Any) -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            t("Hall of fame"),
            class_name="flex min-h-11 cursor-pointer items-center font-medium text-accent",
        ),
        *([] if isinstance(past, Ahead) else [_seasons(past)]),
    )


def _seasons(past: rx.Var[tuple[PastCard, ...]]) -> rx.Component:
    return rx.el.div(
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
    )


def alias_panel(card: Any, on_enter: Any, on_form: Any, on_leave: Any) -> rx.Component:
    """In with an alias, or out: nobody is listed who did not say so."""

    def idea(alias: Any) -> rx.Component:
        if isinstance(alias, Ahead):
            return said(alias, tag=rx.el.span, class_name=BUTTONS["plain"] + NARROW, optional=True)
        return button(rx.el.bdi(alias), key=alias, tone="plain", on_click=on_enter(alias), class_name=NARROW)

    ideas = rows(
        card.ideas,
        IDEAS_AHEAD,
        idea,
        "grid grid-cols-2 gap-2 sm:flex sm:flex-wrap",
        tag=partial(rx.el.div, role="group", aria_label=t("Suggested aliases")),
    )
    outside = panel(
        rx.el.h2(t("Do you want to be listed?"), class_name="m-0 text-section font-semibold"),
        rx.el.p(
            t("Only who says so stands here, and only under an alias. You can leave whenever you like."),
            class_name="m-0 text-soft",
        ),
        there(
            card.note,
            t("The shop took your last alias away:") + " ",
            said(card.note, tag=rx.el.bdi),
            tag=rx.el.p,
            class_name="m-0 rounded-button bg-caution-tint px-4 py-2.5 text-caution",
        ),
        ideas,
        _alias_form(card, t("Stand on the boards"), on_form),
        class_name="flex flex-col gap-3 p-4",
    )
    leave = button(
        t("Leave all boards"), tone="quiet", on_click=on_leave, class_name="self-start !px-2 -ms-2"
    )
    more = [] if isinstance(card, Ahead) else [
        rx.el.div(
            _alias_form(card, t("Change the alias"), on_form), leave, class_name="flex flex-col gap-3 px-4 pb-4"
        )
    ]  # fmt: skip
    inside = rx.el.details(
        rx.el.summary(
            rx.el.span(
                t("You stand here as") + " ", said(card.alias, tag=rx.el.bdi, class_name="font-semibold")
            ),
            rx.el.span(t("Change"), class_name="ms-auto font-medium text-accent"),
            class_name="flex min-h-13 cursor-pointer items-center gap-2 px-4",
        ),
        *more,
        class_name="rounded-panel border border-line bg-raised",
    )
    return rx.fragment(not_there(card.alias, outside), there(card.alias, inside, waits=True))


def _alias_form(card: Any, words: str, on_form: Any) -> rx.Component:
    ahead = isinstance(card, Ahead)  # drawn only: nothing can be typed that would be gone in a moment
    name = "alias-ahead" if ahead else "alias"
    inside = (
        text_field(t("Your alias"), name=name, max_length=24, auto_complete="off", disabled=ahead),
        press(card, words, type="submit", tone="plain", on_click=None, class_name="self-start"),
    )
    if ahead:
        return rx.el.div(*inside, class_name="flex flex-col gap-3")
    return rx.el.form(*inside, on_submit=on_form, key=card.alias, class_name="flex flex-col gap-3")
