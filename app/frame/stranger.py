"""What a stranger sees in place of a page: what the programme gives, the way in, and in the demo its entrances."""

from __future__ import annotations

from typing import Any

import reflex as rx

from app.frame.routes import address
from components.primitives import BUTTONS, ButtonTone, disc, document_link, drawing, icon, page_link, panel
from components.words import spoken, t
from facts.language import N_
from members.cards import StepCard

ENTRANCES = (
    ("new", N_("Come in as a new member"), "sprout"),
    ("middling", N_("Come in as a regular"), "shopping-basket"),
    ("top", N_("Come in as one of the best"), "star"),
)


def welcome(state: Any) -> rx.Component:
    """What the programme gives, and the ways in; in the demo its entrances too."""
    card = state.welcome
    entrances = panel(
        rx.el.p(
            t("This is a demo. Look around as somebody:"),
            class_name="m-0 px-3 pt-2 text-small font-semibold text-soft",
        ),
        *[
            document_link(
                drawing(drawn, class_name="size-5"),
                rx.el.span(t(label), class_name="flex-1"),
                icon("chevron-right", size=18, class_name="mirrored"),
                to=f"/demo/enter/{name}",
                class_name="flex min-h-12 items-center gap-3 rounded-button px-3 font-medium text-ink "
                "no-underline hover:bg-sunk",
            )
            for name, label, drawn in ENTRANCES
        ],
        document_link(
            t("Or as the shop's owner"),
            to="/demo/enter/staff",
            class_name="flex min-h-11 items-center px-3 text-accent no-underline hover:underline",
        ),
        class_name="flex flex-col gap-1 p-2",
    )
    return rx.el.div(
        rx.el.h1(card.headline, class_name="m-0 mt-4 text-[1.75rem] leading-tight font-bold tracking-tight"),
        rx.el.p(
            t("Collect points, climb the tiers, choose your rewards."),
            class_name="m-0 text-section text-soft",
        ),
        rx.el.ul(
            rx.foreach(card.gives, _gift),
            class_name="m-0 list-none overflow-hidden rounded-panel border border-line bg-raised p-0 "
            "[&>li+li]:border-t [&>li+li]:border-line",
        ),
        rx.el.div(
            _plain(t("Join"), "/join", "accent"),
            _plain(t("Sign in"), "/sign-in", "plain"),
            class_name="grid grid-cols-2 gap-3",
        ),
        rx.cond(state.demo, entrances, rx.fragment()),
        page_link(
            t("Read the rules"),
            to="/rules",
            class_name="inline-flex min-h-11 items-center font-medium text-accent",
        ),
        class_name="mx-auto flex max-w-xl flex-col gap-4",
    )


def _gift(step: rx.Var[StepCard]) -> rx.Component:
    return rx.el.li(
        disc(step.icon),
        rx.el.div(
            rx.el.p(step.title, class_name="m-0 font-semibold"),
            rx.el.p(step.text, class_name="m-0 text-small text-soft tabular-nums"),
        ),
        class_name="flex items-center gap-3 px-4 py-3",
    )


def _plain(words: Any, path: str, tone: ButtonTone) -> rx.Component:
    """A link like a button, to an address that is not one of our pages."""
    return document_link(words, to=address(path, spoken().code), class_name=f"{BUTTONS[tone]} no-underline")
