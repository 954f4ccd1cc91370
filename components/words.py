"""The words of a page, in the language that it is being compiled in.

A page is compiled once for each language: `with speaking("ru"): page()`. What a component says with `t` stands
literally in the page, so the browser needs no translations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import reflex as rx

from facts.language import Language, language

_COUNTED = re.compile(r"(\d[%٪]?) (?=[^\W\d_])")
_COUNTED_THERE = r"/(\p{Nd}[%٪]?) (?=\p{L})/gu"  # the same for the browser

_spoken: ContextVar[str] = ContextVar("spoken", default="en")


def spoken() -> Language:
    """The language that is being spoken now."""
    return language(_spoken.get())


@contextmanager
def speaking(code: str) -> Iterator[Language]:
    """Speak a language for as long as the block lasts."""
    before = _spoken.set(code)
    try:
        yield language(code)
    finally:
        _spoken.reset(before)


def t(msgid: str, **params: Any) -> str:
    """A text, in the language that is being spoken."""
    return spoken().text(msgid, **params)


def kept(words: Any) -> Any:
    """A text in which no line ends between a number and the word after it: `140 points`, `24 Nov`.

    `words` is a text, or the Var of one.
    """
    if isinstance(words, str):
        return _COUNTED.sub("\\1\u00a0", words)
    said = f'({words!s}).replace({_COUNTED_THERE}, "$1\\u00a0")'
    return rx.Var(_js_expr=said, _var_type=str, _var_data=words._get_all_var_data())


def href(path: str) -> str:
    """The address of one of our pages in the language that is being spoken: `/history`, `/ru/history`."""
    code = spoken().code
    if code == "en":
        return path
    return f"/{code}{path}"
