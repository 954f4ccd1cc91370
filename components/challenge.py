"""Challenges with their steps."""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx

from components.ahead import bar_of, item, not_there, press, rows, said, shown, there
from components.primitives import CHIPS, chip, disc, icon
from components.streak import streak_words
from components.words import t

State = Literal["joined", "open", "done"]  # of those that are open some may be closed to the member
STEPS_AHEAD = 4
CARDS = "m-0 grid list-none grid-cols-[minmax(0,1fr)] gap-3 p-0 md:grid-cols-2 md:[&>:only-child]:col-span-2"


def challenge_panel(card: Any, on_join: Any, on_leave: Any, *, state: State) -> rx.Component:
    """A challenge: what it asks, how far it is, what it gives, and the way in or out."""
    joined = state == "joined"
    leave = press(
        card,
        t("Leave the challenge"),
        tone="quiet",
        on_click=on_leave,
        of=card.slug,
        aria_label=t("Leave the challenge") + ": " + shown(card.name),
        class_name="self-start !px-2 -ms-2 -mb-2",
    )
    return rx.el.li(
        panel_head(card, _status(card, state)),
        _way(card) if joined else _left(card, rx.el.p, "m-0 text-small tabular-nums"),
        rows(card.steps, STEPS_AHEAD, _step, "m-0 flex list-none flex-col gap-2 p-0", tag=rx.el.ol),
        there(card.streak, streak_words(card.streak)) if joined else rx.fragment(),
        said(card.note, class_name="m-0 text-small text-soft tabular-nums", optional=True),
        there(card.can_join, _take_on(card, on_join)) if state == "open" else rx.fragment(),
        there(card.can_leave, leave) if joined else rx.fragment(),
        class_name="flex flex-col gap-3 rounded-panel border border-line bg-raised p-4",
        **item(card, card.slug),
    )


def _way(card: Any) -> rx.Component:
    """How far it is, in words and as a bar."""
    return rx.el.div(
        rx.el.p(
            said(card.progress, tag=rx.el.span, class_name="font-medium"),
            _left(card, rx.el.span, "font-medium"),
            class_name="m-0 flex justify-between gap-3 tabular-nums",
        ),
        bar_of(card.percent, card.progress),
        class_name="flex flex-col gap-1.5",
    )


def _left(card: Any, tag: Any, look: str) -> Any:
    """The time that is left, said with emphasis when it is short."""
    soon = {"data-soon": shown(card.soon)}
    return said(
        card.left,
        tag=tag,
        class_name=f"{look} text-soft data-[soon=true]:text-caution",
        optional=True,
        attrs=soon,
    )


def _take_on(card: Any, on_join: Any) -> rx.Component:
    words = t("Take it on")
    return press(card, words, on_click=on_join, of=card.slug, aria_label=words + ": " + shown(card.name))


def panel_head(card: Any, status: Any) -> rx.Component:
    """What a challenge, or a goal of all, is called and is about; `status` where the card has one."""
    return rx.el.div(
        disc(shown(card.icon)),
        rx.el.div(
            rx.el.div(
                said(
                    card.name,
                    tag=rx.el.h3,
                    class_name="m-0 min-w-0 flex-1 text-section font-semibold",
                    bar=True,
                ),
                there(card.status, status),
                class_name="flex flex-wrap items-start gap-x-3 gap-y-1",
            ),
            said(card.description, class_name="m-0 text-small text-soft", optional=True),
            class_name="min-w-0 flex-1",
        ),
        class_name="flex items-start gap-3",
    )


def done_chip(card: Any) -> rx.Component:
    """The status of something that is well on its way, or done."""
    return chip(icon("check", size=14), said(card.status, tag=rx.el.span), tone="good")


def _status(card: Any, state: State) -> rx.Component:
    if state != "open":
        return done_chip(card)
    new = " data-[state=open]:bg-accent-tint data-[state=open]:text-accent"
    return said(
        card.status, tag=rx.el.span, class_name=CHIPS["plain"] + new, attrs={"data-state": shown(card.state)}
    )


def _step(step: Any) -> rx.Component:
    done = rx.el.span(
        icon("check", size=14),
        class_name="grid size-5 place-items-center rounded-full bg-good-tint text-good",
    )
    still = rx.el.span(class_name="block size-5 rounded-full border-2 border-solid border-line")
    return rx.el.li(
        rx.el.span(there(step.done, done), not_there(step.done, still), class_name="shrink-0"),
        rx.el.span(
            there(step.done, t("Done") + ": ", tag=rx.el.span, class_name="sr-only"),
            said(step.asks, tag=rx.el.span),
            class_name="min-w-0 flex-1 text-ink data-[done=true]:text-soft",
            custom_attrs={"data-done": shown(step.done)},
        ),
        said(step.gives, tag=rx.el.span, class_name="max-w-[45%] shrink-0 text-end font-medium text-accent"),
        class_name="flex items-start gap-2.5 text-small tabular-nums",
        **item(step, step.key),
    )
