"""The membership card: what I have, what it is worth, and the way to the next tier."""

from __future__ import annotations

import reflex as rx

from components.primitives import bar, icon, page_link
from components.words import t
from members.cards import HomeCard

SHAPE = "member-card flex flex-col rounded-card p-[1.125rem] shadow-[var(--shade)]"


def tier_class(tone: rx.Var[str]) -> rx.Var[str]:
    """The class that carries a tier's colours."""
    return rx.match(tone, ("2", "tier-2"), ("3", "tier-3"), ("4", "tier-4"), "tier-1").to(str)


def member_card(card: rx.Var[HomeCard]) -> rx.Component:
    """The card of a member."""
    return rx.el.section(
        _top(card),
        rx.el.p(
            rx.el.span(
                card.balance,
                key=card.balance,
                class_name="arrives inline-block text-display font-bold tracking-tight tabular-nums",
            ),
            " ",
            rx.el.span(card.unit, class_name="text-base text-[var(--card-soft)]"),
            aria_live="polite",
            class_name="m-0 mt-1 leading-none",
        ),
        rx.el.p(
            card.worth,
            class_name="m-0 mt-1.5 text-[0.9375rem] leading-snug text-[var(--card-soft)] tabular-nums",
        ),
        rx.el.p(card.pending, class_name="m-0 text-small leading-snug text-[var(--card-soft)] tabular-nums"),
        bar(
            card.tier.percent,
            card.tier.before + card.tier.strong + card.tier.after,
            class_name="mt-4 bg-white/15",
        ),
        rx.el.p(
            rx.el.span(
                card.tier.before,
                rx.el.strong(card.tier.strong, class_name="font-semibold text-[var(--card-ink)]"),
                card.tier.after,
            ),
            rx.el.span(card.tier.by),
            class_name="m-0 mt-2 flex justify-between gap-3 text-[0.875rem] text-[var(--card-soft)] "
            "tabular-nums",
        ),
        aria_label=t("Your membership"),
        class_name=f"{SHAPE} " + tier_class(card.tier.tone),
    )


def _top(card: rx.Var[HomeCard]) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            card.tier.name, class_name="rounded-chip bg-white/15 px-2.5 py-1 text-[0.875rem] font-semibold"
        ),
        rx.el.span(card.tier.since, class_name="flex-1 text-[0.875rem] text-[var(--card-soft)]"),
        page_link(
            icon("qr-code", size=22),
            to="/rewards#mine",
            class_name="grid size-11 place-items-center rounded-button bg-white/10 text-[var(--card-ink)]",
            custom_attrs={"aria-label": t("My rewards and their codes")},
        ),
        class_name="flex items-center gap-2.5",
    )


def waiting_card() -> rx.Component:
    """The card before its figures are there: the same size, and as dark."""
    block = "rounded-lg bg-white/10"
    return rx.el.div(
        rx.el.div(
            rx.el.div(class_name=f"{block} h-7 w-20"),
            rx.el.div(class_name="size-11"),
            class_name="flex items-center justify-between",
        ),
        rx.el.div(class_name=f"{block} mt-1 h-[2.875rem] w-40"),
        rx.el.div(class_name=f"{block} mt-1.5 h-[1.29rem] w-44"),
        rx.el.div(class_name="h-[1.117rem]"),
        rx.el.div(class_name="mt-4 h-2 rounded-chip bg-white/15"),
        rx.el.div(class_name=f"{block} mt-2 h-[1.27rem] w-56"),
        aria_hidden="true",
        class_name=f"{SHAPE} tier-2",
    )
