"""Pages and their addresses: every page once per language, its words written into it when it is compiled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any

import reflex as rx
from reflex_base.environment import environment
from sqlmodel import Session

from components.words import speaking, t
from facts.ids import MemberId
from facts.language import SOURCE, Language, codes, language

FONTS = {"en": ("onest-latin",), "ru": ("onest-latin", "onest-cyrillic"), "ar": ("readex-pro-arabic",)}
ROBOTS = {"name": "robots", "content": "noindex"}

First = Callable[[Session, MemberId, datetime, Language], Any]
Open = Callable[[Session, datetime, Language], Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its path in English, the function that draws it, its title (a msgid), and what runs when it is opened.

    `first` gives the card whose fields the document itself carries for a member (see `app.frame.first`); `anybody` the
    one for everybody else, where the page is open to them too. `found` is what a search engine says of a page (a
    msgid); without it, it is told to leave the page alone.
    """

    path: str
    view: Callable[[], rx.Component]
    title: str
    on_load: Sequence[Any] = field(default=())
    first: First | None = None
    anybody: Open | None = None
    found: str = ""


def add_pages(app: rx.App, pages: Sequence[Page]) -> None:
    """Add every page in every language. Pages are given as functions, so that each has a chunk of its own.

    What stands in a document's head is in the built pages already, where they are only served.
    """
    built = environment.REFLEX_SKIP_COMPILE.get()
    for page in pages:
        for code in codes():
            app.add_page(
                _in_language(page.view, code),
                route=address(page.path, code),
                title=None if built else _title(page, code),
                on_load=list(page.on_load),
                meta=[] if built else [_told(page, code), *_fonts(code), _manifest(code)],
            )


def _told(page: Page, code: str) -> dict[str, str]:
    """What a search engine is told."""
    if not page.found:
        return ROBOTS
    with speaking(code):
        return {"name": "description", "content": t(page.found)}


def _title(page: Page, code: str) -> str:
    with speaking(code):
        return f"{t(page.title)} · Regulars"


def _fonts(code: str) -> list[rx.Component]:
    kind = {"as": "font", "type": "font/woff2", "crossOrigin": "anonymous"}
    return [
        rx.el.link(rel="preload", href=f"/fonts/{name}.woff2", custom_attrs=kind)
        for name in FONTS.get(code, FONTS[SOURCE])
    ]


def _manifest(code: str) -> rx.Component:
    return rx.el.link(rel="manifest", href=address("/manifest.webmanifest", code))


def _in_language(view: Callable[[], rx.Component], code: str) -> Callable[[], rx.Component]:
    @wraps(view)
    def page() -> rx.Component:
        with speaking(code) as spoken:
            return rx.el.div(
                view(), lang=code, dir=spoken.dir, class_name="page min-h-dvh bg-surface text-ink"
            )

    page.__name__ = page.__qualname__ = f"{view.__name__}_{code}"
    return page


def address(path: str, code: str) -> str:
    """The address of a page in a language."""
    if code == SOURCE:
        return path
    return f"/{code}{'' if path == '/' else path}"


def code_of(path: str) -> str:
    """The language of an address."""
    first = path.strip("/").partition("/")[0]
    return first if first in codes() else SOURCE


def plain(path: str) -> str:
    """An address without its language."""
    code = code_of(path)
    rest = path if code == SOURCE else path.removeprefix(f"/{code}")
    return rest or "/"


def names() -> list[tuple[str, str]]:
    """Code and own name of each language."""
    return [(code, language(code).name) for code in codes()]
