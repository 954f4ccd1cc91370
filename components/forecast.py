"""A slider that says what spending so much by a day would bring."""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.fields import text_field
from components.member_card import tier_class
from components.primitives import panel
from components.words import kept, t
from members.forecast_cards import ForecastCard

PAUSE = 250  # milliseconds without a move, before anything is asked


def what_if(card: rx.Var[ForecastCard], most: rx.Var[int], on_spend: Any, on_day: Any) -> rx.Component:
    """The slider up to `most`, the day, and the answer; each is told once it has come to rest."""
    slider = rx.el.div(
        rx.el.label(t("How much would you spend?"), html_for="spend", class_name="text-small font-medium"),
        rx.el.input(
            type="range",
            id="spend",
            min="0",
            max=most.to_string(),
            step=(most // 100).to_string(),
            default_value="0",
            on_change=on_spend.debounce(PAUSE),
            custom_attrs={"aria-describedby": "forecast"},
            class_name="h-11 w-full cursor-pointer accent-accent",
        ),
        class_name="flex flex-col",
    )
    when = text_field(t("By when?"), name="by", type="date", on_change=on_day.debounce(PAUSE))
    answer = rx.el.div(
        rx.cond(
            card.points != "",
            rx.fragment(
                rx.el.p(kept(card.order), class_name="m-0 text-small text-soft tabular-nums"),
                rx.el.p(kept(card.points), class_name="m-0 text-section font-semibold tabular-nums"),
                rx.foreach(
                    card.beside, lambda one: rx.el.p(kept(one), class_name="m-0 font-semibold tabular-nums")
                ),
                rx.el.p(
                    rx.el.span(
                        class_name="tier-swatch size-4 shrink-0 rounded-full " + tier_class(card.tone)
                    ),
                    rx.el.span(card.tier, class_name="font-medium"),
                    rx.el.span(card.kept, class_name="text-small text-soft"),
                    class_name="m-0 flex flex-wrap items-center gap-x-2",
                ),
            ),
            rx.el.p(
                t("Move the slider, and see what you would have."), class_name="m-0 text-small text-soft"
            ),
        ),
        id="forecast",
        aria_live="polite",
        class_name="flex flex-col gap-1 border-t border-line p-4",
    )
    return panel(
        rx.el.div(slider, when, class_name="flex flex-col gap-3 p-4"), answer, class_name="overflow-hidden"
    )
