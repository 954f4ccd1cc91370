"""Lines of the ledger: what, why, how much, and the order behind."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.ahead import Ahead, item, not_there, only_if, said, value
from components.primitives import drawing, icon, skeleton
from components.words import kept, t
from members.cards import EntryCard, LineCard

ROWS = (
    "m-0 list-none overflow-hidden rounded-panel border border-line bg-raised p-0 [&>li+li]:border-t "
    "[&>li+li]:border-line"
)


MARK = "grid size-10 shrink-0 place-items-center rounded-full "
AMOUNT = "shrink-0 text-section font-semibold tabular-nums "
DETAIL = "m-0 text-small text-soft tabular-nums"


def _mark(card: rx.Var[EntryCard]) -> rx.Component:
    tone = rx.cond(card.tone == "good", "bg-good-tint text-good", "bg-sunk text-soft")
    return rx.el.div(drawing(card.icon, class_name="size-5"), class_name=MARK + tone)


def _amount(card: rx.Var[EntryCard]) -> rx.Component:
    tone = rx.cond(card.tone == "good", "text-good", "text-ink")
    return rx.el.span(
        card.amount,
        class_name=AMOUNT + tone,
        custom_attrs={"dir": "auto"},
    )


def _said(card: rx.Var[EntryCard], detail: rx.Var[str]) -> rx.Component:
    return rx.el.div(
        rx.el.p(kept(card.title), class_name="m-0 text-body font-semibold"),
        rx.el.p(
            kept(card.when),
            rx.cond(detail != "", rx.el.span(" · ", kept(detail))),
            class_name=DETAIL,
        ),
        class_name="min-w-0 flex-1",
    )


def short_entry(card: rx.Var[EntryCard]) -> rx.Component:
    """A line on the home page."""
    return rx.el.li(
        _mark(card),
        _said(card, rx.cond(card.pending, card.status, "")),
        _amount(card),
        class_name="arrives flex items-center gap-3 px-4 py-3",
        key=card.key,
    )


def short_entries(cards: rx.Var[list[EntryCard]]) -> rx.Component:
    """The latest lines."""
    return rx.el.ul(rx.foreach(cards, short_entry), class_name=ROWS)


def long_entry(
    card: rx.Var[EntryCard], is_open: rx.Var[bool], lines: rx.Var[list[LineCard]], on_open: Any
) -> rx.Component:
    """A line of the history: its why, and a way to open the order behind it."""
    body = rx.el.div(
        rx.el.p(kept(card.why), class_name="m-0 text-small text-ink tabular-nums"),
        rx.cond(
            card.status != "",
            rx.el.p(
                kept(card.status),
                class_name="m-0 text-small tabular-nums first-letter:uppercase "
                + rx.cond(card.pending, "font-medium text-caution", "text-soft"),
            ),
        ),
        _rule(card),
        rx.cond(card.has_lines, _opener(card, is_open, on_open)),
        rx.cond(is_open, _order(card, lines)),
        class_name="flex flex-col items-start gap-1 ps-[3.25rem]",
    )
    return rx.el.li(
        rx.el.div(
            _mark(card), _said(card, rx.Var.create("")), _amount(card), class_name="flex items-center gap-3"
        ),
        body,
        class_name="flex flex-col gap-1 px-4 py-3",
        key=card.key,
    )


def entry_ahead(card: Ahead) -> rx.Component:
    """`long_entry` in the first paint: it looks the same, and cannot be opened yet."""
    tone = {"data-tone": value(card.tone)}
    mark = rx.el.div(
        drawing(value(card.icon), class_name="size-5"),
        class_name=f"{MARK} bg-sunk text-soft data-[tone=good]:bg-good-tint data-[tone=good]:text-good",
        custom_attrs=tone,
    )
    title = rx.el.div(
        said(card.title, class_name="m-0 text-body font-semibold", bar=True),
        said(card.when, class_name=DETAIL),
        class_name="min-w-0 flex-1",
    )
    amount = rx.el.span(
        said(card.amount, tag=rx.el.span),
        class_name=f"{AMOUNT} text-ink data-[tone=good]:text-good",
        custom_attrs={"dir": "auto", **tone},
    )
    status = said(
        card.status,
        class_name="m-0 text-small text-soft tabular-nums first-letter:uppercase data-[pending=true]:font-medium "
        "data-[pending=true]:text-caution",
        optional=True,
        attrs={"data-pending": value(card.pending)},
    )
    opener = only_if(
        card.has_lines,
        t("What you bought"),
        icon("chevron-down", size=16),
        tag=rx.el.span,
        class_name=OPENER,
    )
    return rx.el.li(
        rx.el.div(mark, title, amount, class_name="flex items-center gap-3"),
        rx.el.div(
            said(card.why, class_name="m-0 text-small text-ink tabular-nums", bar=True),
            status,
            _rule(card),
            opener,
            class_name="flex flex-col items-start gap-1 ps-[3.25rem]",
        ),
        class_name="flex flex-col gap-1 px-4 py-3",
        **item(card, ""),
    )


def _rule(card: Any) -> Any:
    """The rule and its version, where there is no order to open in which they stand."""
    return not_there(card.has_lines, said(card.rule, class_name="m-0 text-small text-soft", optional=True))


OPENER = (
    "-ms-2 -mt-1 -mb-2.5 inline-flex min-h-11 cursor-pointer items-center gap-1 rounded-button border-0 "
    "bg-transparent px-2 text-small font-semibold text-accent hover:bg-accent-tint"
)


def _opener(card: rx.Var[EntryCard], is_open: rx.Var[bool], on_open: Any) -> rx.Component:
    return rx.el.button(
        t("What you bought"),
        icon("chevron-down", size=16, class_name="turns " + rx.cond(is_open, "rotate-180", "")),
        type="button",
        on_click=on_open,
        aria_expanded=is_open,
        aria_controls="order-" + card.key,
        class_name=OPENER,
    )


def _order(card: rx.Var[EntryCard], lines: rx.Var[list[LineCard]]) -> rx.Component:
    return rx.el.div(
        rx.cond(
            lines.length() > 0,
            rx.el.ul(rx.foreach(lines, _line), class_name="m-0 list-none p-0"),
            skeleton("h-16 w-full"),
        ),
        rx.el.p(kept(card.rule), class_name="m-0 mt-2 text-small text-soft"),
        id="order-" + card.key,
        class_name="arrives mb-1 w-full rounded-button bg-sunk px-3 py-2",
    )


def _line(line: rx.Var[LineCard]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            line.name,
            rx.cond(line.detail != "", rx.el.span(" · ", line.detail, class_name="text-soft")),
            class_name="min-w-0 flex-1 [overflow-wrap:anywhere]",
        ),
        rx.el.span(line.amount, class_name="text-soft"),
        rx.el.span(
            line.points, class_name="min-w-10 text-end font-medium text-good", custom_attrs={"dir": "auto"}
        ),
        class_name="flex gap-3 py-1 text-small tabular-nums",
        key=line.key,
    )


def waiting_entries(count: int) -> rx.Component:
    """Lines on their way."""
    row = rx.el.li(
        skeleton("size-10 shrink-0 !rounded-full"),
        rx.el.div(skeleton("h-4 w-40"), skeleton("mt-1.5 h-3 w-24"), class_name="flex-1"),
        skeleton("h-4 w-10"),
        class_name="flex h-[4.125rem] items-center gap-3 px-4",
    )
    return rx.el.ul(*[row] * count, class_name=ROWS, aria_hidden="true")
