"""The small parts that everything is made of."""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx
from reflex_components_core.react_router import link as router_link

from components.words import href, kept, t

Text = str | rx.Var[str]
ButtonTone = Literal["accent", "tinted", "plain", "quiet", "caution"]
ChipTone = Literal["plain", "accent", "good", "caution"]

_BUTTON = (
    "inline-flex min-h-11 items-center justify-center gap-2 rounded-button px-4 text-body font-semibold "
    "cursor-pointer transition-colors duration-150 disabled:opacity-50 disabled:cursor-default "
)
BUTTONS: dict[ButtonTone, str] = {
    "accent": _BUTTON + "bg-accent text-on-accent border border-transparent hover:brightness-95",
    "tinted": _BUTTON + "bg-accent-tint text-accent border border-transparent hover:brightness-95",
    "plain": _BUTTON + "bg-raised text-ink border border-line hover:bg-sunk",
    "quiet": _BUTTON + "bg-transparent text-accent border border-transparent hover:bg-accent-tint",
    "caution": _BUTTON + "bg-caution-tint text-caution border border-transparent hover:brightness-95",
}
CHIPS: dict[ChipTone, str] = {
    "plain": "inline-flex items-center gap-1.5 rounded-chip px-2.5 py-1 text-small font-medium bg-sunk "
    "text-soft",
    "accent": "inline-flex items-center gap-1.5 rounded-chip px-2.5 py-1 text-small font-medium "
    "bg-accent-tint text-accent",
    "good": "inline-flex items-center gap-1.5 rounded-chip px-2.5 py-1 text-small font-medium "
    "bg-good-tint text-good",
    "caution": "inline-flex items-center gap-1.5 rounded-chip px-2.5 py-1 text-small font-medium "
    "bg-caution-tint text-caution",
}


ROOMY = (
    "relative underline-offset-2 hover:underline after:absolute after:-inset-x-2 after:-inset-y-3.5 "
    "after:content-['']"
)
"""A link in a line of small words: 44 px can be touched."""


def icon(name: str, *, size: int = 20, class_name: str = "") -> rx.Component:
    """A drawing that the program chooses: drawn into the page, hidden from screen readers."""
    return rx.icon(
        name,
        size=size,
        aria_hidden="true",
        class_name=f"shrink-0 {class_name}",
        custom_attrs={
            "strokeWidth": 1.8
        },  # as an attribute: a style would cost each of them a component of its own
    )


def drawing(name: Text, *, class_name: str = "size-6") -> rx.Component:
    """A drawing that data chooses, from `assets/icons.svg` (see `members.cards.ICONS`)."""
    address = f"/icons.svg#{name}" if isinstance(name, str) else "/icons.svg#" + name.to(str)
    return rx.el.svg(
        rx.el.svg.use(href=address),
        view_box="0 0 24 24",
        aria_hidden="true",
        class_name=f"drawn shrink-0 {class_name}",
    )


def button(*children: Any, tone: ButtonTone = "accent", class_name: str = "", **props: Any) -> rx.Component:
    """A button; by default it submits nothing."""
    props.setdefault("type", "button")
    return rx.el.button(*children, class_name=f"{BUTTONS[tone]} {class_name}", **props)


def page_link(*children: Any, to: str, class_name: str = "", **props: Any) -> rx.Component:
    """A link to one of our pages, without loading the document anew."""
    return router_link(*children, to=href(to), class_name=class_name, **props)


def link_button(
    *children: Any, to: str, tone: ButtonTone = "accent", class_name: str = "", **props: Any
) -> rx.Component:
    """A link that looks like a button."""
    return page_link(*children, to=to, class_name=f"{BUTTONS[tone]} no-underline {class_name}", **props)


def document_link(*children: Any, to: Text, class_name: str = "", **props: Any) -> rx.Component:
    """A link that loads a document: another language, or an address that is not one of our pages."""
    return router_link(
        *children, to=to, class_name=class_name, custom_attrs={"reloadDocument": True}, **props
    )


def chip(*children: Any, tone: ChipTone = "plain") -> rx.Component:
    """A short word about a thing."""
    return rx.el.span(*children, class_name=CHIPS[tone])


DOT = " · "


def apart(words: rx.Var[str]) -> rx.Component:
    """Short words with dots between them: a line ends between two of them, and within one only where it must."""
    said = words.split(DOT)
    last = said.length() - 1
    # their own names: what draws a piece may stand in a list that calls its items `one`
    return rx.foreach(
        said,
        lambda piece, nth: rx.fragment(
            rx.el.span(kept(piece), rx.cond(nth < last, "\u00a0·", ""), class_name="inline-block"), " "
        ),
    )


def toned_chip(words: Text, tone: rx.Var[str]) -> rx.Component:
    """A chip whose tone is only known when the page is shown."""
    tones = [(name, chip(words, tone=name)) for name in CHIPS if name != "plain"]
    return rx.fragment(rx.match(tone, *tones, chip(words)))


def panel(*children: Any, class_name: str = "", **props: Any) -> rx.Component:
    """A raised sheet."""
    return rx.el.div(
        *children, class_name=f"rounded-panel border border-line bg-raised {class_name}", **props
    )


def heading(text: Text, **props: Any) -> rx.Component:
    """The heading of a page."""
    return rx.el.h1(text, class_name="m-0 text-title font-bold tracking-tight text-ink", **props)


def section(
    title: Text, *children: Any, more: rx.Component | None = None, class_name: str = ""
) -> rx.Component:
    """A part of a page under its heading; `more` stands at the end of the heading's line."""
    head = rx.el.div(
        rx.el.h2(title, class_name="m-0 text-section font-semibold text-ink"),
        *([more] if more else []),
        class_name="flex min-h-11 items-center justify-between gap-3",
    )
    return rx.el.section(head, *children, class_name=f"flex flex-col {class_name}")


def more_link(text: Text, to: str) -> rx.Component:
    """The link at the end of a section's heading."""
    return page_link(
        text,
        to=to,
        class_name="inline-flex min-h-11 min-w-11 items-center justify-end text-body font-medium "
        "text-accent no-underline hover:underline",
    )


def crumb(text: Text, to: str) -> rx.Component:
    """The way back, in the line above a title. What can be touched is larger than what is seen."""
    return page_link(text, to=to, class_name=f"text-soft {ROOMY}")


def bar(
    percent: rx.Var[int] | int, label: Text, *, share: rx.Var[str] | None = None, class_name: str = ""
) -> rx.Component:
    """A progress bar. The words beside it say the same; `label` says it to screen readers. `share` is its length."""
    width = rx.Var.create(percent).to(str) + "%" if share is None else share
    return rx.el.div(
        rx.el.div(
            class_name="fills h-full rounded-chip bg-[var(--card-bar,var(--accent))]",
            custom_attrs={"style": rx.Var.create({"inlineSize": width})},
        ),
        role="progressbar",
        aria_label=label,
        aria_valuenow=percent,
        aria_valuemin=0,
        aria_valuemax=100,
        class_name=f"h-2 overflow-hidden rounded-chip {class_name}",
    )


def ring(percent: rx.Var[int], words: Text) -> rx.Component:
    """A progress ring around its percentage."""
    arc = rx.Var.create(percent).to(str) + " 100"
    shared = {"cx": "18", "cy": "18", "r": "15.9155"}
    return rx.el.div(
        rx.el.svg(
            rx.el.svg.circle(class_name="ring-track", **shared),
            rx.el.svg.circle(class_name="ring-arc", custom_attrs={"strokeDasharray": arc}, **shared),
            view_box="0 0 36 36",
            aria_hidden="true",
            class_name="size-full -rotate-90",
        ),
        rx.el.span(
            words, class_name="absolute inset-0 grid place-items-center text-small font-semibold tabular-nums"
        ),
        class_name="relative size-12 shrink-0",
    )


def emblem(name: Text, picture: Text | None = None, *, class_name: str = "size-14") -> rx.Component:
    """A thing's picture in its tile, or its drawing while it has none."""
    drawn = drawing(name, class_name="size-6")
    if picture is not None:
        image = rx.el.img(src=picture, alt="", loading="lazy", class_name="size-full object-cover")
        drawn = rx.cond(picture != "", image, drawn)
    return rx.el.div(
        drawn,
        class_name=f"grid shrink-0 place-items-center overflow-hidden rounded-button bg-accent-tint "
        f"text-accent {class_name}",
    )


def disc(name: Text, *, large: bool = False) -> rx.Component:
    """A drawing that data chooses, on a disc of the accent."""
    return rx.el.span(
        drawing(name, class_name="size-6" if large else "size-5"),
        class_name="grid shrink-0 place-items-center rounded-full bg-accent-tint text-accent "
        + ("size-12" if large else "size-10"),
    )


def skeleton(class_name: str) -> rx.Component:
    """The place of something that is on its way. It keeps still."""
    return rx.el.div(class_name=f"rounded-lg bg-sunk {class_name}", aria_hidden="true")


def notice(sentence: rx.Var[str], on_close: Any, *beside: rx.Component) -> rx.Component:
    """A sentence of ours at the foot of the page, said to screen readers too; "" shows nothing.

    What is `beside` it stands before it.
    """
    return rx.el.div(
        rx.cond(
            sentence != "",
            rx.el.div(
                *beside,
                rx.el.p(sentence, class_name="m-0 flex-1 py-2.5"),
                rx.el.button(
                    icon("x"),
                    type="button",
                    on_click=on_close,
                    aria_label=t("Close"),
                    class_name="grid size-11 shrink-0 cursor-pointer place-items-center rounded-button "
                    "border-0 bg-transparent",
                ),
                class_name="rises pointer-events-auto flex w-full max-w-md items-center gap-2 "
                "rounded-panel bg-ink ps-4 pe-1 "
                "text-body font-medium text-surface shadow-lg",
            ),
        ),
        role="status",
        class_name="pointer-events-none fixed inset-x-4 bottom-20 z-30 flex justify-center md:bottom-6",
    )
