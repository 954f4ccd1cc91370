"""What stands beside the studio's form: its picture, who would get it, when it is published, and what that changes."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.primitives import bar, button, icon, panel
from components.staff_person import member_search
from components.words import t
from components.workbench import later, side_title
from members.staff_studio_cards import ShareCard

SMALL = "m-0 text-small text-soft tabular-nums"
ROW = "border-t border-line py-2 first:border-t-0 [overflow-wrap:anywhere]"
PLAIN = "m-0 list-none p-0"


def studio_side(state: Any) -> rx.Component:
    """All of it. `state` is that of the page: its cards and its handlers."""
    card = state.card
    return rx.el.div(
        rx.cond(card.kind == "badge", _picture(state)),
        side_title(t("Try it on one member")),
        _one(state),
        side_title(t("Try it on everybody")),
        _all(state),
        rx.cond(card.may_publish, rx.fragment(side_title(t("Publish it later")), later(state))),
        side_title(t("If published now")),
        rx.cond(
            card.changes.length() > 0,
            rx.el.ul(
                rx.foreach(
                    card.changes, lambda said: rx.el.li(said, class_name=f"{ROW} text-small tabular-nums")
                ),
                class_name=PLAIN,
            ),
            rx.el.p(
                rx.cond(card.ready, t("Nothing would change."), t("Fill in what is missing first.")),
                class_name=SMALL,
            ),
        ),
        class_name="flex flex-col gap-3",
    )


def _picture(state: Any) -> rx.Component:
    card = state.card
    return panel(
        rx.el.div(
            rx.el.img(src=card.picture, alt=t("The badge"), width="96", height="96", class_name="size-24"),
            rx.el.img(src=card.small, alt="", width="48", height="48", class_name="size-12"),
            class_name="flex items-end gap-4",
        ),
        button(icon("palette"), t("Compose the artwork"), tone="plain", on_click=state.compose),
        class_name="flex flex-col gap-3 p-4",
    )


def _one(state: Any) -> rx.Component:
    people, trial = state.people, state.trial
    search = member_search(state.look_for, tone="plain")
    found = rx.el.ul(
        rx.foreach(
            people.people,
            lambda one: rx.el.li(
                rx.el.button(
                    rx.el.span(one.name, class_name="font-medium"),
                    rx.el.span(one.known_as, class_name=SMALL),
                    type="button",
                    on_click=state.try_on(one.key),
                    class_name="flex min-h-11 w-full cursor-pointer items-center justify-between gap-3 border-0 "
                    "bg-transparent px-1 text-start text-ink hover:bg-sunk",
                ),
                class_name="border-t border-line first:border-t-0",
                key=one.key,
            ),
        ),
        class_name=f"{PLAIN} max-h-72 overflow-y-auto",
    )
    told = rx.el.div(
        rx.el.p(trial.name, class_name="m-0 font-semibold"),
        rx.el.p(trial.words, class_name="m-0 tabular-nums"),
        bar(trial.percent, trial.words, class_name="bg-line"),
        rx.el.ul(
            rx.foreach(trial.reached, lambda said: rx.el.li(said, class_name=SMALL)),
            class_name=f"{PLAIN} flex flex-col",
        ),
        class_name="flex flex-col gap-1.5",
        role="status",
    )
    return panel(
        search,
        rx.cond(people.words != "", rx.el.p(people.words, class_name=SMALL, role="status")),
        rx.cond(people.people.length() > 0, found),
        rx.cond(trial.words != "", told),
        class_name="flex flex-col gap-3 p-4",
    )


def _all(state: Any) -> rx.Component:
    card, preview = state.card, state.preview
    fill = rx.el.div(
        rx.el.p(
            t("It counts from the beginning: who earned it before it was published can have it now."),
            class_name=SMALL,
        ),
        rx.el.div(
            button(t("Give it to them"), tone="plain", on_click=state.fill, disabled=preview.running),
            button(t("Take that back"), tone="quiet", on_click=state.undo_fill, disabled=preview.running),
            class_name="flex flex-wrap gap-2",
        ),
        class_name="flex flex-col gap-2",
    )
    again = rx.el.div(
        rx.el.p(
            t("It counted from the beginning once. If taking that back was interrupted, it goes on here."),
            class_name=SMALL,
        ),
        rx.el.div(
            button(t("Take that back"), tone="quiet", on_click=state.undo_fill, disabled=preview.running)
        ),
        class_name="flex flex-col gap-2",
    )
    look = rx.cond(
        preview.running & ~preview.kept,
        button(icon("square"), t("Stop"), tone="plain", on_click=state.stop),
        button(
            icon("users"),
            t("Who would get it?"),
            tone="plain",
            on_click=state.preview_all,
            disabled=~card.ready | preview.running,
        ),
    )
    return panel(
        rx.el.div(look),
        rx.cond(preview.running | preview.done, _preview(state)),
        rx.cond(card.from_beginning & card.may_publish, fill),
        rx.cond(card.was_from_beginning & card.may_publish, again),
        class_name="flex flex-col gap-3 p-4",
    )


def _preview(state: Any) -> rx.Component:
    preview = state.preview
    return rx.el.div(
        rx.cond(
            preview.words != "",
            rx.el.p(preview.words, class_name="m-0 text-section font-semibold tabular-nums"),
        ),
        rx.cond(preview.cost != "", rx.el.p(preview.cost, class_name="m-0 tabular-nums")),
        rx.cond(preview.running, bar(preview.percent, preview.looked, class_name="bg-line")),
        rx.el.p(preview.looked, class_name=SMALL),
        rx.el.ul(rx.foreach(preview.examples, _share), class_name=PLAIN),
        class_name="flex flex-col gap-1.5",
        role="status",
        aria_busy=preview.running,
    )


def _share(one: rx.Var[ShareCard]) -> rx.Component:
    return rx.el.li(
        rx.el.span(one.name, class_name="font-medium"),
        rx.el.span(one.words, class_name=SMALL),
        class_name=f"{ROW} flex flex-wrap justify-between gap-x-3",
        key=one.key,
    )
