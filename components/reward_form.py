"""The form of a reward and what stands beside it; the boxes themselves are in `components.workbench`."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.primitives import button, icon, panel, skeleton
from components.words import spoken, t
from components.workbench import (
    boxes,
    choice,
    names_sheet,
    preview,
    sheet,
    side_title,
    stock_box,
    ticks,
    upload_box,
)
from facts.language import N_
from members.drawings import drawings

UPLOAD = "reward-picture"
KINDS = (
    ("product", N_("A product")),
    ("fixed", N_("Money off")),
    ("percent", N_("A percentage off")),
    ("free_delivery", N_("Free delivery")),
)
FULFILMENTS = (("instant", N_("With a code, at once")), ("by_staff", N_("Handed over by staff")))


def reward_form(state: Any) -> rx.Component:
    """All boxes of a reward, in four sheets. `state` is that of the page: its card and its handlers."""
    card = state.card
    wrong = rx.el.p(card.wrong, role="alert", class_name="m-0 font-medium text-caution")
    return rx.el.div(
        rx.cond(card.wrong != "", wrong),
        names_sheet(card, state.put, fresh=~card.published),
        _worth(state),
        _who(state),
        _when(state),
        rx.cond(card.published & ~card.retired, _retirement(state)),
        class_name="flex max-w-3xl flex-col gap-5",
    )


def _worth(state: Any) -> rx.Component:
    card = state.card
    kinds = [rx.el.option(t(label), value=name) for name, label in KINDS]
    return sheet(
        t("What it costs and what it is worth"),
        choice(t("Kind"), *kinds, name="kind", value=card.kind, on_change=state.put("kind")),
        boxes(card.worth, state.put, wide=True),
    )


def _who(state: Any) -> rx.Component:
    card = state.card
    ways = [rx.el.option(t(label), value=name) for name, label in FULFILMENTS]
    put = state.put("fulfilment")
    return sheet(
        t("Who can have it, and how often"),
        ticks(t("Only for these tiers (none: for everybody)"), card.tiers, state.tick),
        boxes(card.limits, state.put, wide=True),
        choice(t("How it is handed over"), *ways, name="fulfilment", value=card.fulfilment, on_change=put),
        rx.cond(card.counted, stock_box(card.left, state.count)),
    )


def _when(state: Any) -> rx.Component:
    card = state.card
    zone = rx.el.p(t("Times are those of the shop:"), " ", card.zone, class_name="m-0 text-small text-soft")
    return sheet(t("When"), zone, boxes(card.times, state.put, wide=True))


def _retirement(state: Any) -> rx.Component:
    sure = rx.el.div(
        rx.el.p(
            t("Members will not see it any more. What they have of it stays theirs."),
            class_name="m-0 text-soft",
        ),
        rx.el.div(
            button(t("Leave it"), tone="plain", on_click=state.ask_retire),
            button(t("Yes, retire it"), tone="caution", on_click=state.retire),
            class_name="flex gap-3",
        ),
        class_name="flex flex-col gap-3",
    )
    ask = button(icon("archive"), t("Retire this reward"), tone="quiet", on_click=state.ask_retire)
    return rx.cond(state.retiring, panel(sure, class_name="p-4 md:p-5"), rx.el.div(ask))


def reward_side(state: Any) -> rx.Component:
    """What stands beside the form: the preview, the picture, and what publishing would change."""
    card = state.card
    icons = [rx.el.option(name, value=key) for key, name in drawings(spoken())]
    taken = state.take_picture(rx.upload_files(upload_id=UPLOAD))
    change = "border-t border-line py-2 text-small tabular-nums first:border-t-0 [overflow-wrap:anywhere]"
    changes = rx.el.ul(
        rx.foreach(card.changes, lambda said: rx.el.li(said, class_name=change)),
        class_name="m-0 list-none p-0",
    )
    return rx.el.div(
        side_title(t("As members see it")),
        preview(card, state.see_as),
        side_title(t("Picture")),
        upload_box(UPLOAD, card.picture, taken, state.not_taken, state.no_picture),
        choice(t("Or a drawing"), *icons, name="icon", value=card.icon, on_change=state.put("icon")),
        side_title(t("If published now")),
        rx.cond(
            card.changes.length() > 0,
            changes,
            rx.el.p(t("Nothing would change."), class_name="m-0 text-small text-soft"),
        ),
        class_name="flex flex-col gap-3 lg:sticky lg:top-6",
    )


def waiting_form() -> rx.Component:
    """The form on its way."""
    return rx.el.div(
        skeleton("h-64 w-full"), skeleton("h-48 w-full"), class_name="flex max-w-3xl flex-col gap-5"
    )
