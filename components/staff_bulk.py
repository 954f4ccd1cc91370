"""Parts of the page on which a badge is given to many: the form, what it would do, and what was done."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.badge import badge_picture
from components.entries import ROWS
from components.fields import area_field, select_field
from components.modal import modal
from components.primitives import BUTTONS, bar, button, emblem, icon, panel, toned_chip
from components.words import t
from components.workbench import drop_row
from members.bulk_cards import BatchCard, LookedCard, WrongLine
from members.lists import TEXT_LENGTH_MAX

UPLOAD = "list-file"
SMALL = "m-0 text-small text-soft tabular-nums"


def bulk_form(state: Any) -> rx.Component:
    """Which badge, what for, and for whom. `state` has the handlers `choose`, `look_over` and `take_list`."""
    verbs = [
        rx.el.option(t("Give a badge"), value="grant"),
        rx.el.option(t("Take a badge away"), value="revoke"),
    ]
    badges = rx.cond(
        state.verb == "grant",
        select_field(t("Badge and level"), _options(state.card.options), name="badge"),
        select_field(t("Badge"), _options(state.card.takable), name="badge"),
    )
    people = area_field(
        t("Members, one on a line"),
        name="list",
        hint=t("Member id, customer number, e-mail, phone or card. The first column of a table will do."),
        rows="8",
        dir="ltr",
        required=True,
        spell_check=False,
        auto_complete="off",
        default_value=state.typed,
        key=state.typed_key,
    )
    reason = area_field(
        t("Reason"), name="reason", hint=t("The member reads it too."), rows="2", min_length=3, max_length=500,
        required=True,
    )  # fmt: skip
    form = rx.el.form(
        rx.el.div(
            select_field(
                t("What is to be done"), *verbs, name="verb", value=state.verb, on_change=state.choose
            ),
            badges,
            class_name="grid gap-4 sm:grid-cols-2",
        ),
        reason,
        people,
        _file(state),
        rx.el.div(
            rx.el.button(
                icon("list-checks"),
                t("Look it over"),
                type="submit",
                class_name=rx.cond(state.found.go == "", BUTTONS["accent"], BUTTONS["plain"]),
            ),
            class_name="flex flex-wrap gap-3",
        ),
        on_submit=state.look_over,
        class_name="flex flex-col gap-4",
    )
    return panel(form, class_name="p-4 md:p-5")


def _options(cards: Any) -> rx.Component:
    return rx.foreach(cards, lambda one: rx.el.option(one.label, value=one.key, key=one.key))


def _file(state: Any) -> rx.Component:
    return drop_row(
        "file-up",
        t("Choose a list"),
        t("Text or CSV, 5,000 lines at most"),
        id=UPLOAD,
        accept={"text/csv": [".csv"], "text/plain": [".txt"]},
        max_size=TEXT_LENGTH_MAX,
        on_drop=state.take_list(rx.upload_files(upload_id=UPLOAD)),
        on_drop_rejected=state.not_taken,
    )


def looked(card: rx.Var[LookedCard], on_go: Any) -> rx.Component:
    """What the list would do, and a button that does it."""
    lines = rx.el.ul(rx.foreach(card.wrong, _wrong), class_name=ROWS + " max-h-96 overflow-y-auto")
    return rx.el.div(
        panel(
            rx.el.p(card.ready, class_name="m-0 text-section font-semibold tabular-nums"),
            rx.cond(card.go != "", button(card.go, on_click=on_go, class_name="tabular-nums self-start")),
            class_name="flex flex-col gap-3 p-4 md:p-5",
            role="status",
        ),
        rx.cond(
            card.left_out != "",
            rx.el.h3(card.left_out, class_name="m-0 text-section font-semibold tabular-nums"),
        ),
        rx.cond(card.left_out != "", lines),
        rx.cond(card.more != "", rx.el.p(card.more, class_name=SMALL)),
        class_name="flex flex-col gap-3",
    )


def _wrong(line: rx.Var[WrongLine]) -> rx.Component:
    return rx.el.li(
        rx.el.span(line.place, class_name="w-20 shrink-0 text-small text-soft tabular-nums"),
        rx.el.bdi(line.text, class_name="min-w-0 basis-48 font-medium [overflow-wrap:anywhere]"),
        rx.el.span(line.problem, class_name="min-w-0 flex-1 basis-48 text-soft"),
        class_name="flex flex-wrap gap-x-4 gap-y-0.5 px-4 py-2.5",
        key=line.key,
    )


def batch_rows(cards: rx.Var[tuple[BatchCard, ...]], state: Any) -> rx.Component:
    """The lists that were done; `state` has the handlers `go_on` and `ask_undo`."""
    return rx.el.ul(rx.foreach(cards, lambda card: _batch(card, state)), class_name=ROWS)


def _batch(card: rx.Var[BatchCard], state: Any) -> rx.Component:
    picture = rx.cond(
        card.picture != "",
        badge_picture(card.picture, class_name="size-12"),
        emblem("medal", class_name="size-12"),
    )
    told = toned_chip(card.state, card.tone)
    return rx.el.li(
        picture,
        rx.el.div(
            rx.el.div(
                rx.el.p(card.title, class_name="m-0 text-section font-semibold tabular-nums"),
                told,
                class_name="flex flex-wrap items-center gap-x-2.5 gap-y-1",
            ),
            rx.el.p(card.words, class_name=SMALL),
            rx.el.p(card.reason, class_name="m-0 text-body [overflow-wrap:anywhere]"),
            rx.cond(card.may_go_on, bar(card.percent, card.state, class_name="mt-1 max-w-md bg-line")),
            rx.el.div(
                rx.cond(card.may_go_on, button(t("Go on"), tone="plain", on_click=state.go_on(card.key))),
                rx.cond(card.may_undo, button(t("Undo"), tone="plain", on_click=state.ask_undo(card.key))),
                class_name="mt-1 flex flex-wrap gap-2 empty:hidden",
            ),
            class_name="flex min-w-0 flex-1 flex-col gap-1",
        ),
        class_name="flex items-start gap-3.5 px-4 py-4",
        key=card.key,
    )


def working(percent: rx.Var[int], words: rx.Var[str]) -> rx.Component:
    """How far the list is that is being done now."""
    return panel(
        rx.el.p(words, class_name="m-0 font-medium tabular-nums", role="status"),
        bar(percent, words, class_name="bg-line"),
        class_name="flex flex-col gap-2 p-4 md:p-5",
    )


def undo_question(title: rx.Var[str], on_undo: Any, on_leave: Any) -> rx.Component:
    """Asks whether a whole list is to be undone; `title` is what it did, "" for no question."""
    return modal(
        rx.el.h2(t("Undo the whole list?"), class_name="m-0 text-title font-bold tracking-tight"),
        rx.el.p(title, class_name="m-0 text-section font-semibold tabular-nums"),
        rx.el.p(
            t("All that it did is taken back, points included, as if it had never been."),
            class_name="m-0 text-soft",
        ),
        rx.el.div(
            button(t("Undo all of it"), tone="caution", on_click=on_undo),
            button(t("Leave it"), tone="plain", on_click=on_leave),
            class_name="flex flex-wrap gap-3",
        ),
        open=title != "",
        on_dismiss=on_leave,
        label=t("Undo the whole list?"),
    )
