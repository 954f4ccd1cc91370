"""Places of the first paint: the server fills them in the document, before the page's own code is there.

A page is built once for everybody. `app.frame.first` writes what is a member's own (the balance, the tier) into a copy
of the document; when the page's code wakes up it takes these elements over as they are, and fills them anew as soon
as its State has come. A place is named by the path of its field: `place(card, "tier.name")` is filled from
`card.tier.name`. Where nobody has filled it, it looks like something that is on its way.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from components.words import kept

BLANK = "\u00a0"  # keeps the line's height
WAITS = "first-waits"
TONE = "first-tone"
SHARE = "var(--first-share,0%)"


def place(
    card: Any,
    path: str,
    is_there: rx.Var[bool],
    *,
    tag: Any = rx.el.span,
    class_name: Any = "",
    blank: str = BLANK,
    **props: Any,
) -> rx.Component:
    """The text of a field of `card` in an element of its own, `blank` until `is_there`.

    The text is given as the element's `children` attribute: React keeps what the server wrote only in an element that
    has one piece of text and nothing else (`suppressHydrationWarning`).
    """
    text = card
    for name in path.split("."):
        text = getattr(text, name)
    given = {
        "data-first": path,
        "suppressHydrationWarning": True,
        "children": rx.cond(is_there, kept(text), blank),
    }
    return tag(class_name=class_name, custom_attrs={**given, **props.pop("custom_attrs", {})}, **props)


def summary(card: Any, is_there: rx.Var[bool]) -> rx.Component:
    """The one line under a page's heading that says how much there is: the card's `summary`."""
    look = waits(is_there, "m-0 min-h-[1.45em] w-fit text-soft tabular-nums")
    return place(card, "summary", is_there, tag=rx.el.p, class_name=look)


def waits(is_there: rx.Var[bool], class_name: str = "") -> rx.Var[str]:
    """The classes of something that looks like a bar of its colour until it is there."""
    return rx.cond(is_there, class_name, f"{class_name} {WAITS}").to(str)
