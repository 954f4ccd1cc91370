"""The form of a reward and what stands beside it; the boxes themselves are in `components.workbench`."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.primitives import button, icon, panel, skeleton
from components.words import spoken, t
from components.workbench import (
    LABEL,
    boxes,
    choice,
    drop_row,
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
from rewards.kinds import KINDS

UPLOAD, CODES_UPLOAD = "reward-picture", "reward-codes"
FULFILMENTS = (("instant", N_("With a code, at once")), ("by_staff", N_("Handed over by staff")))
CODES = (("own", N_("Drawn for each member")), ("pool", N_("From a file that we upload")))
PERIODS = (
    ("", N_("No limit in time")),
    ("day", N_("A day")),
    ("week", N_("A week")),
    ("month", N_("A month")),
    ("year", N_("A year")),
)
OCCASIONS = (
    ("", N_("On any day")),
    ("member.birthday", N_("On their birthday")),
    ("member.anniversary", N_("On the day they joined, each year")),
)


def reward_form(state: Any, *, codes_bytes_max: int) -> rx.Component:
    """All boxes of a reward, in four sheets. `state` is that of the page: its card and its handlers."""
    card = state.card
    wrong = rx.el.p(card.wrong, role="alert", class_name="m-0 font-medium text-caution")
    return rx.el.div(
        rx.cond(card.wrong != "", wrong),
        names_sheet(card, state.put, fresh=~card.published),
        _worth(state),
        _who(state, codes_bytes_max),
        _when(state),
        rx.cond(card.published & ~card.retired, _retirement(state)),
        class_name="flex max-w-3xl flex-col gap-5",
    )


def _worth(state: Any) -> rx.Component:
    card = state.card
    kinds = [rx.el.option(t(kind.label), value=kind.name) for kind in KINDS]
    return sheet(
        t("What it costs and what it is worth"),
        choice(t("Kind"), *kinds, name="kind", value=card.kind, on_change=state.put("kind")),
        rx.cond(card.wanted.length() > 0, boxes(card.wanted, state.put)),
        boxes(card.worth, state.put, wide=True),
        boxes(card.terms, state.put, long=True, title=t("Terms")),
        boxes([card.link], state.put),
    )


def _who(state: Any, codes_bytes_max: int) -> rx.Component:
    card = state.card
    ways, drawn, spans, days = ([rx.el.option(t(label), value=name) for name, label in options]
                          for options in (FULFILMENTS, CODES, PERIODS, OCCASIONS))  # fmt: skip
    put = state.put("fulfilment")
    handed = choice(
        t("How it is handed over"), *ways, name="fulfilment", value=card.fulfilment, on_change=put
    )
    from_where = choice(t("Where its codes come from"), *drawn, name="codes", value=card.codes,
                        on_change=state.put("codes"))  # fmt: skip
    often = choice(t("How often one member may have it"), *spans, name="per", value=card.per,
                   on_change=state.put("per"))  # fmt: skip
    occasion = choice(t("On which day of theirs members have it"), *days, name="on", value=card.on,
                      on_change=state.put("on"))  # fmt: skip
    return sheet(
        t("Who can have it, and how often"),
        ticks(t("Only for these tiers (none: for everybody)"), card.tiers, state.tick),
        boxes(card.limits, state.put, wide=True),
        often,
        rx.cond(card.often.length() > 0, boxes(card.often, state.put, wide=True)),
        occasion,
        rx.cond(card.occasion.length() > 0, boxes(card.occasion, state.put, wide=True)),
        rx.cond(card.by_hand, handed),
        rx.cond(card.may_pool, from_where),
        rx.cond(card.counted, stock_box(card.left, state.count, turn=state.turn)),
        rx.cond(card.pool != "", _codes(state, codes_bytes_max)),
    )


def _codes(state: Any, bytes_max: int) -> rx.Component:
    """What is left of the uploaded codes, a place for another file, and what was wrong with the last one."""
    line = rx.foreach(state.wrong_lines, lambda said: rx.el.li(said, class_name="py-0.5"))
    return rx.el.div(
        rx.el.p(state.card.pool, class_name=f"m-0 {LABEL} tabular-nums"),
        drop_row(
            "upload",
            t("Upload codes"),
            t("A text file, one code a line"),
            id=CODES_UPLOAD,
            on_drop=state.take_codes(rx.upload_files(upload_id=CODES_UPLOAD)),
            on_drop_rejected=state.no_codes,
            max_size=bytes_max,
        ),
        rx.cond(
            state.wrong_lines.length() > 0,
            rx.el.ul(line, role="alert", class_name="m-0 ps-5 text-small text-caution tabular-nums"),
        ),
        class_name="flex flex-col gap-2",
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
