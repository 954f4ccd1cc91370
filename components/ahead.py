"""Rows that are here from the first paint: a list's first rows, whose texts the server writes into the document.

A page's lists come with its State. `ahead_rows("entries", 8, row)` draws eight rows for a card that is only named, and
stands beside the real list in `arriving`; `app.frame.first` fills them from the same card as the State, and hides
those for which there is nothing. `said(card.title)` is the text of a real card, or the place of one that is ahead, so
that one function can draw both. Where nobody fills them, the rows look like something that is on its way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import reflex as rx

from components.first import BLANK, WAITS

TEXT = "data-ahead"
IF = "data-ahead-if"
VALUE = "ahead:"


class Ahead:
    """A card, or a field of one, that is only named: by its path from the page's card."""

    def __init__(self, path: rx.Var[str]) -> None:
        self._path = path

    def __getattr__(self, name: str) -> Ahead:
        return Ahead(self._path + f".{name}")

    def text(self) -> rx.Var[str]:
        """What the path is called in the document."""
        return self._path


def ahead_rows(path: str, count: int, row: Callable[[Any], rx.Component], class_name: str) -> rx.Component:
    """The list of the first `count` rows of the tuple at `path`; without any, the list is not there."""
    rows = rx.foreach(list(range(count)), lambda n: row(Ahead(rx.Var.create(f"{path}.") + n.to_string())))
    return rx.el.ul(rows, class_name=class_name, custom_attrs={IF: path})


def item(card: Any, key: Any) -> dict[str, Any]:
    """What a row's `li` is given: its key, and when it is ahead the condition that there is such a row."""
    if isinstance(card, Ahead):
        return {"key": card.text(), "custom_attrs": {IF: card.text()}}
    return {"key": key}


def said(
    text: Any,
    *,
    tag: Any = rx.el.p,
    class_name: Any = "",
    bar: bool = False,
    optional: bool = False,
    ahead: Mapping[str, Any] | None = None,
) -> Any:
    """A text in an element of its own. `bar`: it is a bar until it is there; `optional`: "" leaves the element out.

    `ahead` are attributes that the element has while it is ahead.
    """
    if isinstance(text, Ahead):
        given = {TEXT: text.text(), "suppressHydrationWarning": True, "children": BLANK, **(ahead or {})}
        hidden = {"hidden": True} if optional else {}
        look = f"{class_name} w-fit {WAITS}" if bar else class_name
        return tag(class_name=look, custom_attrs=given, **hidden)
    element = tag(text, class_name=class_name)
    return rx.cond(text != "", element) if optional else element


def only_if(path: str | Ahead | rx.Var[str], *children: Any, tag: Any = rx.el.div, **props: Any) -> Any:
    """What is in the first paint when there is something at `path` (`!path`: nothing), and until then is not."""
    name = path.text() if isinstance(path, Ahead) else path
    return tag(*children, custom_attrs={IF: name}, hidden=True, **props)


def value(field: Ahead) -> rx.Var[str]:
    """A field as (a part of) an attribute's value."""
    return VALUE + field.text()
