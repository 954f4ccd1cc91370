"""Words in pictures: shaped and ordered as their script asks (HarfBuzz and FriBiDi through raqm), and made to fit."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from badges.art.colours import RGB
from badges.art.fonts import Family, Weight, font

Direction = Literal["ltr", "rtl"]
FAMILIES: tuple[Family, Family] = ("onest", "readex-pro")
GROW = {"onest": 1.0, "readex-pro": 0.94}  # so that both look equally large
CHARACTERS_MAX = 200
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Text:
    """Lines that fit, and what they are written with. `leading` is from line to line, in pixels."""

    lines: tuple[str, ...]
    family: Family
    weight: Weight
    size: float
    leading: int
    direction: Direction

    @property
    def height(self) -> int:
        """Of all lines, in pixels."""
        return self.leading * len(self.lines)


def clean(text: str) -> str:
    """One line without control characters, and of bearable length."""
    plain = "".join(" " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in text)
    return " ".join(unicodedata.normalize("NFC", plain).split())[:CHARACTERS_MAX]


def family_for(text: str, language: str) -> Family:
    """The family that has most of these characters; that of the language when both have as many."""
    preferred = FAMILIES[::-1] if language == "ar" else FAMILIES
    return min(preferred, key=lambda family: sum(not _has(family, one) for one in text))


@lru_cache(maxsize=8192)
def _has(family: Family, one: str) -> bool:
    """Whether a font can show a character. What is never seen, such as a mark of direction, counts as there."""
    if one.isspace() or unicodedata.category(one) in ("Cf", "Mn"):
        return True
    return _drawn(family, one) != _nothing(family)


@lru_cache(maxsize=2)
def _nothing(family: Family) -> bytes:
    return _drawn(family, "\U0010fffd")


def _drawn(family: Family, one: str) -> bytes:
    image = Image.new("L", (64, 64))
    ImageDraw.Draw(image).text((8, 8), one, fill=255, font=font(family, "bold", 32))
    return image.tobytes()


def fit(
    text: str, weight: Weight, sizes: tuple[int, ...], width: int, *, lines_max: int = 1, language: str = "en"
) -> Text:
    """The text in the largest of `sizes` in which it fits; in the smallest, what does not fit is cut off."""
    text = clean(text)
    family = family_for(text, language)
    text = " ".join("".join(one for one in text if _has(family, one)).split())
    direction = direction_of(text, language)
    found: list[str] = []
    for size in sizes:
        found = _broken(text, family, weight, size, width, direction)
        if len(found) <= lines_max and all(
            _width(one, family, weight, size, direction) <= width for one in found
        ):
            break
    else:
        found = _cut(found, lines_max, lambda one: _width(one, family, weight, sizes[-1], direction) <= width)
        size = sizes[-1]
    return Text(tuple(found), family, weight, size, round(size * 1.22), direction)


def direction_of(text: str, language: str) -> Direction:
    """By the first letter outside of isolates (Unicode UAX #9, P2); that of the language when there is none."""
    depth = 0
    for one in text:
        kind = unicodedata.bidirectional(one)
        depth += kind in ("LRI", "RLI", "FSI")
        depth -= kind == "PDI" and depth > 0
        if depth:
            continue
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "rtl" if language == "ar" else "ltr"


def _face(family: Family, weight: Weight, size: float) -> ImageFont.FreeTypeFont:
    return font(family, weight, size * GROW[family])


def _width(text: str, family: Family, weight: Weight, size: float, direction: Direction) -> float:
    return _face(family, weight, size).getlength(text, direction=direction)


def _broken(
    text: str, family: Family, weight: Weight, size: float, width: int, direction: Direction
) -> list[str]:
    """Lines of whole words, as full as they go."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width(longer, family, weight, size, direction) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [line for line in lines if line]


def _cut(lines: list[str], lines_max: int, fits: Callable[[str], bool]) -> list[str]:
    """As many lines as there is room for, each cut to its width, the last with an ellipsis if words are lost."""
    kept = lines[:lines_max]
    for at, line in enumerate(kept):
        lost = at == len(kept) - 1 and len(lines) > lines_max
        short = line
        while short and not fits(short + ELLIPSIS * (lost or short != line)):
            short = short[:-1].rstrip()
        kept[at] = short + ELLIPSIS * (lost or short != line)
    return kept


def write(
    draw: ImageDraw.ImageDraw, text: Text, at: tuple[int, int], paint: RGB, *, language: str, start: Direction
) -> int:
    """Write lines from `at`, which is their upper left corner, or the upper right one for `start="rtl"`.

    Gives the height of the next line below, in pixels.
    """
    x, y = at
    face = _face(text.family, text.weight, text.size)
    for line in text.lines:
        anchor = "rs" if start == "rtl" else "ls"
        base = y + round(text.size * 0.92)
        shaped = language if language in ("ar", "ru", "en") else "en"
        draw.text(
            (x, base), line, fill=paint, font=face, anchor=anchor, direction=text.direction, language=shaped
        )
        y += text.leading
    return y


def width_of(text: Text) -> float:
    """The longest line, in pixels."""
    sizes = (_width(one, text.family, text.weight, text.size, text.direction) for one in text.lines)
    return max(sizes, default=0.0)
