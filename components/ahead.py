"""Rows that are here from the first paint: a list's first rows, whose texts the server writes into the document.

A page's lists come with its State. `ahead_rows("entries", 8, row)` draws eight rows for a card that is only named, and
stands beside the real list in `arriving`; `app.frame.first` fills them from the same card as the State, and hides
those for which there is nothing. Where nobody fills them, the rows look like something that is on its way.

One function can draw both, the real card and the one that is ahead (`AHEAD.entries`): `said(card.title)` is a text,
`shown(card.icon)` a part of an attribute, `there(card.note, …)` what depends on a field, `rows(card.steps, 5, …)` a
list. A tone goes into the stylesheet: `data-soon` with `data-[soon=true]:text-caution`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import reflex as rx

from components.first import BLANK, WAITS
from components.primitives import BUTTONS, ButtonTone, bar, button
from components.words import kept

TEXT = "data-ahead"
IF = "data-ahead-if"
SRC = "data-ahead-src"
VALUE = "ahead:"


class Ahead:
    """A card, or a field of one, that is only named: by its path from the page's card."""

    def __init__(self, path: rx.Var[str] | None = None, *, in_a_row: bool = False) -> None:
        self._path, self._in_a_row = path, in_a_row

    def __getattr__(self, name: str) -> Ahead:
        path = rx.Var.create(name) if self._path is None else self._path + f".{name}"
        return Ahead(path, in_a_row=self._in_a_row)

    def row(self, number: rx.Var[int]) -> Ahead:
        """A row of a tuple."""
        return Ahead(self.text() + "." + number.to_string(), in_a_row=True)

    def numbered(self, count: int, draw: Callable[[Ahead], rx.Component]) -> rx.Component:
        """The first rows of a tuple. A list in a row counts by another name: the page knows the one inside only."""
        if self._in_a_row:
            return rx.foreach(list(range(count)), lambda inner: draw(self.row(inner)))
        return rx.foreach(list(range(count)), lambda outer: draw(self.row(outer)))

    def text(self) -> rx.Var[str]:
        """What the path is called in the document."""
        assert self._path is not None
        return self._path


AHEAD = Ahead()  # the page's card


def ahead_rows(
    path: str | Ahead, count: int, row: Callable[[Any], rx.Component], class_name: str, *, tag: Any = rx.el.ul
) -> rx.Component:
    """The list of the first `count` rows of the tuple at `path`; without any, the list is not there."""
    cards = path if isinstance(path, Ahead) else Ahead(rx.Var.create(path))
    return tag(cards.numbered(count, row), class_name=class_name, custom_attrs={IF: cards.text()})


def rows(
    cards: Any, count: int, row: Callable[[Any], rx.Component], class_name: str, *, tag: Any = rx.el.ul
) -> rx.Component:
    """All rows of real cards; of cards that are ahead the first `count`."""
    if isinstance(cards, Ahead):
        return ahead_rows(cards, count, row, class_name, tag=tag)
    return tag(rx.foreach(cards, row), class_name=class_name)


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
    attrs: Mapping[str, Any] | None = None,
) -> Any:
    """A text in an element of its own. `bar`: it is a bar until it is there; `optional`: "" leaves the element out."""
    given = dict(attrs or {})
    if isinstance(text, Ahead):
        given |= {TEXT: text.text(), "suppressHydrationWarning": True, "children": BLANK}
        hidden = {"hidden": True} if optional else {}
        look = f"{class_name} w-fit {WAITS}" if bar else class_name
        return tag(class_name=look, custom_attrs=given, **hidden)
    element = tag(kept(text), class_name=class_name, **({"custom_attrs": given} if given else {}))
    return rx.cond(text != "", element) if optional else element


def only_if(
    path: str | Ahead | rx.Var[str], *children: Any, tag: Any = rx.el.div, waits: bool = False, **props: Any
) -> Any:
    """What is in the first paint when there is something at `path` (`!path`: nothing).

    Until that is known it is not there; with `waits` it is, as something on its way.
    """
    name = path.text() if isinstance(path, Ahead) else path
    look = {} if waits else {"hidden": True}
    return tag(*children, custom_attrs={IF: name, **props.pop("custom_attrs", {})}, **look, **props)


def there(field: Any, *children: Any, tag: Any = None, waits: bool = False, **props: Any) -> Any:
    """What is there when a field says something: a text, a row, yes. Without a `tag` the children alone."""
    return _when(field, "", children, tag, waits, props)


def not_there(field: Any, *children: Any, tag: Any = None, waits: bool = False, **props: Any) -> Any:
    """What is there when a field says nothing."""
    return _when(field, "!", children, tag, waits, props)


def _when(
    field: Any, sign: str, children: tuple[Any, ...], tag: Any, waits: bool, props: dict[str, Any]
) -> Any:
    if isinstance(field, Ahead):
        look = props if tag else {"class_name": "contents"}
        return only_if(
            rx.Var.create(sign) + field.text(), *children, tag=tag or rx.el.div, waits=waits, **look
        )
    inside = (tag or rx.fragment)(*children, **props)
    return rx.cond(field, rx.fragment(), inside) if sign else rx.cond(field, inside)


def value(field: Ahead) -> rx.Var[str]:
    """A field as (a part of) an attribute's value."""
    return VALUE + field.text()


def shown(field: Any) -> Any:
    """A field as (a part of) an attribute's value, of a real card too."""
    return value(field) if isinstance(field, Ahead) else field


def bar_of(percent: Any, words: Any) -> rx.Component:
    """The bar of a field, in the colour of a sheet; the words beside it say the same."""
    share = value(percent) + "%" if isinstance(percent, Ahead) else None
    return bar(shown(percent), shown(words), share=share, class_name="bg-line")


def press(card: Any, *children: Any, on_click: Any, of: Any = None, tone: ButtonTone = "accent",
          class_name: str = "", **props: Any) -> rx.Component:  # fmt: skip
    """A button of a card; `of` is what its handler is given. While the card is ahead it is drawn only."""
    if isinstance(card, Ahead):
        return rx.el.span(*children, class_name=f"{BUTTONS[tone]} {class_name}", aria_hidden="true")
    pressed = on_click if of is None else on_click(of)
    return button(*children, tone=tone, on_click=pressed, class_name=class_name, **props)
