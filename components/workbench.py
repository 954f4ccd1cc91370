"""Parts of the workbench on which staff edits: boxes from cards, ticks, a preview, a picture to upload."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.fields import BOX
from components.primitives import Text, bar, button, emblem, icon, panel, section
from components.words import t
from members.staff_cards import EditCard, FieldCard, TickCard

PICTURE_BYTES_MAX = 8 * 2**20  # as large as a picture may be when it is taken in
LABEL = "text-small font-medium text-ink"


def side_title(text: Text) -> rx.Component:
    """The heading of a part beside the form."""
    return rx.el.h2(text, class_name="m-0 mt-2 text-section font-semibold")


def sheet(title: Text, *children: rx.Component) -> rx.Component:
    """A part of the form under its heading."""
    return section(title, panel(*children, class_name="flex flex-col gap-5 p-4 md:p-5"))


def names_sheet(card: Any, on_put: Any, *, fresh: rx.Var[bool]) -> rx.Component:
    """The first part of most forms: names and descriptions, and the short name as long as it is `fresh`."""
    return sheet(
        t("What it is"),
        boxes(card.names, on_put, title=t("Name")),
        boxes(card.texts, on_put, long=True, title=t("Description")),
        rx.cond(fresh, boxes([card.slug], on_put)),
    )


def boxes(
    cards: Any, on_put: Any, *, wide: bool = False, long: bool = False, title: Text = ""
) -> rx.Component:
    """A box for each card. What is typed is sent when the box is left: `on_put(name, value)`."""
    grid = "grid gap-4 sm:grid-cols-2" if wide else "flex flex-col gap-4"
    made = (
        [_box(card, on_put, long=long) for card in cards]
        if isinstance(cards, list)
        else [rx.foreach(cards, lambda card: _box(card, on_put, long=long))]
    )
    head = [rx.el.p(title, class_name="m-0 font-medium")] if title else []
    return rx.el.div(*head, rx.el.div(*made, class_name=grid), class_name="flex flex-col gap-3")


def _box(card: rx.Var[FieldCard], on_put: Any, *, long: bool) -> rx.Component:
    shared = {
        "id": card.name,
        "name": card.name,
        "default_value": card.value,
        "on_blur": on_put(card.name),
        "class_name": BOX,
        "custom_attrs": {"aria-describedby": card.name + "-said", "dir": "auto", "lang": card.language},
        "aria_invalid": card.problem != "",
    }
    box = rx.el.textarea(rows="2", **shared) if long else rx.el.input(type=card.kind, **shared)
    below = rx.cond(
        card.problem != "",
        rx.el.p(card.problem, class_name="m-0 text-small font-medium text-caution", role="alert"),
        rx.el.p(card.hint, class_name="m-0 text-small text-soft"),
    )
    return rx.el.div(
        rx.el.label(card.label, html_for=card.name, class_name=LABEL),
        box,
        rx.el.div(below, id=card.name + "-said"),
        class_name="flex flex-col gap-1.5",
        key=card.name
        + "\n"
        + card.value,  # another value is another box: this one keeps what it was begun with
    )


def choice(
    label: Text, *options: rx.Component, name: str, value: rx.Var[str], on_change: Any
) -> rx.Component:
    """One of several."""
    return rx.el.div(
        rx.el.label(label, html_for=name, class_name=LABEL),
        rx.el.select(*options, id=name, name=name, value=value, on_change=on_change, class_name=BOX),
        class_name="flex flex-col gap-1.5",
    )


def ticks(legend: Text, cards: rx.Var[tuple[TickCard, ...]], on_tick: Any) -> rx.Component:
    """Several to choose from."""
    return rx.el.fieldset(
        rx.el.legend(legend, class_name=f"p-0 {LABEL}"),
        rx.el.div(
            rx.foreach(cards, lambda card: _tick(card, on_tick)), class_name="mt-2 flex flex-wrap gap-2"
        ),
        class_name="m-0 border-0 p-0",
    )


def _tick(card: rx.Var[TickCard], on_tick: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=card.on,
            on_change=on_tick(card.name),
            class_name="size-5 accent-[var(--accent)]",
        ),
        card.label,
        class_name="flex min-h-11 cursor-pointer items-center gap-2.5 rounded-button border border-line "
        "px-3.5 py-2 font-medium",
        key=card.name,
    )


def stock_box(left: rx.Var[str], on_count: Any, *, turn: rx.Var[int]) -> rx.Component:
    """What is left on the shelf, and a way to say it after counting; drawn anew for each `turn`."""
    return rx.el.form(
        rx.el.label(
            t("On the shelf"), ": ", left, html_for="left", class_name=f"w-full {LABEL} tabular-nums"
        ),
        rx.el.input(
            id="left",
            name="left",
            input_mode="numeric",
            placeholder=t("Counted now"),
            class_name=f"{BOX} !w-52",
        ),
        button(t("Set the stock"), tone="plain", type="submit"),
        on_submit=on_count,
        key=turn,
        class_name="flex flex-wrap items-center gap-x-3 gap-y-1.5",
    )


def preview(card: rx.Var[EditCard], on_level: Any) -> rx.Component:
    """The reward as members of a tier see it who have the points."""
    shown = card.preview
    row = rx.el.div(
        emblem(shown.icon, shown.picture),
        rx.el.div(
            rx.el.p(shown.name, class_name="m-0 text-section font-semibold"),
            rx.cond(
                shown.description != "", rx.el.p(shown.description, class_name="m-0 text-small text-soft")
            ),
            rx.el.p(shown.words, class_name="m-0 text-small font-medium tabular-nums"),
            rx.cond(
                shown.group == "now",
                rx.fragment(),
                bar(shown.percent, shown.percent_words, class_name="mt-1.5 bg-line"),
            ),
            class_name="min-w-0 flex-1",
        ),
        class_name="flex items-center gap-3.5",
    )
    words = rx.el.p(card.preview_words, class_name="m-0 text-small text-soft")
    return rx.el.div(
        rx.el.div(
            rx.foreach(card.preview_tiers, lambda one: pressable(one, on_level)),
            role="group",
            aria_label=t("As a member of this tier"),
            class_name="flex flex-wrap gap-2",
        ),
        panel(
            rx.cond(shown.slug != "", row, rx.fragment()),
            rx.cond(card.preview_words != "", words),
            class_name="flex flex-col gap-2 p-4",
            aria_live="polite",
        ),
        class_name="flex flex-col gap-3",
    )


def pressable(one: rx.Var[TickCard], on_choose: Any) -> rx.Component:
    """One of several to choose from; the chosen one is pressed."""
    look = rx.cond(one.on, "border-ink bg-sunk text-ink", "border-line bg-raised text-soft")
    return rx.el.button(
        one.label,
        type="button",
        on_click=on_choose(one.name),
        aria_pressed=one.on,
        class_name="min-h-11 cursor-pointer rounded-button border px-3.5 font-medium " + look,
        key=one.name,
    )


def discarding(state: Any, said: str) -> rx.Component:
    """Throwing a draft away, asked once more: `said` is what becomes of the rest."""
    sure = rx.el.div(
        rx.el.p(said, class_name="m-0 text-soft"),
        rx.el.div(
            button(t("Leave it"), tone="plain", on_click=state.ask_discard),
            button(t("Yes, throw it away"), tone="caution", on_click=state.discard),
            class_name="flex flex-wrap gap-3",
        ),
        class_name="flex flex-col gap-3",
    )
    ask = button(icon("trash-2"), t("Throw the draft away"), tone="quiet", on_click=state.ask_discard)
    return rx.cond(state.asking, panel(sure, class_name="p-4 md:p-5"), rx.el.div(ask))


def drop_place(*shown: rx.Component, label: str, class_name: str = "", **props: Any) -> rx.Component:
    """Where one file is dropped, or chosen; `label` names the box itself, which only screen readers meet."""
    place = rx.upload(
        *shown,
        max_files=1,
        multiple=False,
        class_name=f"min-h-11 cursor-pointer bg-raised hover:bg-sunk {class_name}",
        padding="0",
        border="1px dashed var(--field)",
        **props,
    )
    box = place.children[0].children[0]
    box.custom_attrs = {"aria-label": label}
    return place


def drop_row(drawn: str, what: Text, limits: Text, **props: Any) -> rx.Component:
    """The same in one line, for a page on which it is one step among others: `what` it is for, and its `limits`."""
    words = rx.el.span(
        icon(drawn, size=20, class_name="text-accent"),
        rx.el.span(what, class_name="font-semibold text-accent"),
        rx.el.span(limits, class_name="text-small text-soft"),
        class_name="flex flex-wrap items-center justify-center gap-x-2.5 gap-y-1 p-3 text-center",
    )
    return drop_place(words, label=what, border_radius="14px", **props)


def upload_box(name: str, picture: rx.Var[str], on_drop: Any, on_refuse: Any, on_remove: Any) -> rx.Component:
    """A place to drop a picture on, or to choose one: anything, as what cannot be taken is answered with its reason."""
    words = rx.el.div(
        icon("image-up", size=24, class_name="text-accent"),
        rx.el.span(t("Choose a picture"), class_name="font-semibold text-accent"),
        rx.el.span(t("PNG, JPEG or WebP, up to 8 MB"), class_name="text-small text-soft"),
        class_name="flex flex-col items-center gap-1 p-5 text-center",
    )
    return rx.el.div(
        drop_place(
            rx.cond(
                picture != "",
                rx.el.img(src=picture, alt=t("The picture now"), class_name="max-h-48 w-full object-cover"),
                words,
            ),
            id=name,
            label=t("Choose a picture"),
            max_size=PICTURE_BYTES_MAX,
            on_drop=on_drop,
            on_drop_rejected=on_refuse,
            class_name="overflow-hidden",
            border_radius="18px",
        ),
        rx.cond(picture != "", button(t("Take the picture away"), tone="quiet", on_click=on_remove)),
        class_name="flex flex-col gap-2",
    )


def later(state: Any) -> rx.Component:
    """When the draft is published by itself; `plan` and `unplan` are handlers of the page."""
    card = state.card
    planned = rx.el.div(
        rx.el.p(card.planned, class_name="m-0 font-medium tabular-nums"),
        rx.el.div(button(t("Keep it as a draft"), tone="plain", on_click=state.unplan)),
        class_name="flex flex-col gap-3",
    )
    form = rx.el.form(
        rx.el.label(
            t("Day and time, by the clock of the shop"),
            html_for="at",
            class_name="w-full text-small font-medium",
        ),
        rx.el.input(
            id="at",
            name="at",
            type="datetime-local",
            required=True,
            class_name=f"{BOX} min-w-0 flex-1 basis-48",
        ),
        button(t("Schedule"), tone="plain", type="submit"),
        on_submit=state.plan,
        reset_on_submit=False,
        class_name="flex flex-wrap gap-x-2 gap-y-1.5",
    )
    return panel(rx.cond(card.planned != "", planned, form), class_name="p-4")
