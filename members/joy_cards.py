"""What a page knows of what was reached: frozen, finished texts; never a table row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HeldCard:
    """Something that was reached: `key` tells it from others, `sentence` is what is said when it is new.

    `picture` is that of a badge.
    """

    key: str = ""
    name: str = ""
    sentence: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class JoyCard:
    """What is said of what was reached, with the pictures of its first badges; no `words` for nothing."""

    words: str = ""
    pictures: tuple[str, ...] = ()
