"""The membership card: what I have, what it is worth, and the way to the next tier."""

from __future__ import annotations

import reflex as rx

from components.first import SHARE, TONE, place, waits
from components.primitives import bar, document_link, icon
from components.words import href, t
from members.cards import HomeCard

BY = "shrink-0 whitespace-nowrap"
GOAL = "flex justify-between gap-3 text-[0.875rem] text-[var(--card-soft)] tabular-nums"
SHAPE = "member-card flex flex-col rounded-card p-[1.125rem] shadow-[var(--shade)]"


def tier_class(tone: rx.Var[str]) -> rx.Var[str]:
    """The class that carries a tier's colours."""
    return rx.match(tone, ("2", "tier-2"), ("3", "tier-3"), ("4", "tier-4"), "tier-1").to(str)


def member_card(card: rx.Var[HomeCard], moved: rx.Var[bool]) -> rx.Component:
    """The card of a member. `moved`: the balance has just become another."""
    there = card.balance != ""
    tier = card.tier
    return rx.el.section(
        _top(card, there),
        rx.el.p(
            place(
                card,
                "balance",
                there,
                key=rx.cond(moved, card.balance, ""),
                class_name=waits(there, "inline-block text-display font-bold tracking-tight tabular-nums")
                + rx.cond(moved, " arrives", ""),
            ),
            " ",
            place(card, "unit", there, class_name="text-base text-[var(--card-soft)]"),
            aria_live="polite",
            class_name="m-0 mt-1 leading-none",
        ),
        place(
            card,
            "worth",
            there,
            tag=rx.el.p,
            class_name=waits(
                there, "m-0 mt-1.5 w-fit text-[0.9375rem] leading-snug text-[var(--card-soft)] tabular-nums"
            ),
        ),
        place(
            card,
            "pending",
            there,
            tag=rx.el.p,
            class_name="m-0 text-small leading-snug text-[var(--card-soft)] tabular-nums",
        ),
        bar(
            tier.percent,
            tier.before + tier.strong + tier.after,
            share=rx.cond(there, tier.percent.to(str) + "%", SHARE).to(str),
            class_name="mt-3 bg-white/15",
        ),
        rx.el.p(
            rx.el.span(
                place(card, "tier.before", there),
                place(
                    card,
                    "tier.strong",
                    there,
                    tag=rx.el.strong,
                    class_name="font-semibold text-[var(--card-ink)]",
                ),
                place(card, "tier.after", there),
                class_name=waits(there),
            ),
            place(card, "tier.by", there, class_name=BY),
            class_name=f"m-0 mt-2 {GOAL}",
        ),
        rx.el.p(
            place(card, "tier.stay", there, blank=""),
            place(card, "tier.stay_by", there, blank="", class_name=BY),
            class_name=f"m-0 {GOAL}",
        ),
        aria_label=t("Your membership"),
        class_name=f"{SHAPE} " + rx.cond(there, tier_class(tier.tone), TONE).to(str),
    )


def _top(card: rx.Var[HomeCard], there: rx.Var[bool]) -> rx.Component:
    return rx.el.div(
        place(
            card,
            "tier.name",
            there,
            class_name="rounded-chip bg-white/15 px-2.5 py-1 text-[0.875rem] font-semibold",
        ),
        place(card, "tier.since", there, class_name="flex-1 text-[0.875rem] text-[var(--card-soft)]"),
        document_link(
            icon("qr-code", size=22),
            to=href("/card"),
            class_name="grid size-11 place-items-center rounded-button bg-white/10 text-[var(--card-ink)]",
            aria_label=t("Show my card"),
        ),
        class_name="flex items-center gap-2.5",
    )
