"""The little that is written on a badge: a level in Roman numerals, or a holder's number."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw

from badges.art.canvas import UNITS, Mask, Sheet, fineness
from badges.art.colours import INK, PAPER, Palette
from badges.art.fonts import font
from badges.art.outline import Point

HEIGHT = 15.0
TEXT = 10.4
FOOT = 98.0
SMALL = 80  # pixels, below which words are drawn larger
_ROMAN = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def words(edition: int | None, level: int | None, digits: str) -> str:
    """`#17` of an edition, `III` of a level; nothing without either."""
    if edition is not None:
        number = f"#{edition}" if edition < 1_000_000 else "#…"
        return number.translate(_ARABIC) if digits == "arab" else number
    return roman(level) if level else ""


def roman(number: int) -> str:
    """A level as people carve it; above 89 in digits."""
    if not 0 < number < 90:
        return str(number)
    found = ""
    for value, letters in _ROMAN:
        while number >= value:
            found, number = found + letters, number - value
    return found


def pill(sheet: Sheet, text: str, colours: Palette, digits: str) -> None:
    """The words on a dark lozenge at the foot of the badge."""
    grow = 1.2 if sheet.size < SMALL else 1.0
    height = HEIGHT * grow
    middle = FOOT - height / 2
    half = max(height * 0.3, (_width(text, digits) * grow - height * 0.3) / 2)
    way = [(50 - half, middle), (50 + half, middle)]
    sheet.lay(Mask(sheet.size).stroke(way, height + 2.6).done(), colours.line)
    sheet.lay(Mask(sheet.size).stroke(way, height).done(), INK)
    write(sheet, text, (50.0, middle), digits, TEXT * grow)


def _family(digits: str) -> tuple[str, float]:
    return ("readex-pro", 1.0) if digits == "arab" else ("onest", 1.0)


@lru_cache(maxsize=4096)
def _width(text: str, digits: str) -> float:
    family, grow = _family(digits)
    return font(family, "bold", 100).getlength(text) * TEXT * grow / 100  # type: ignore[arg-type]


def write(sheet: Sheet, text: str, centre: Point, digits: str, height: float = TEXT) -> None:
    """Words around a point, in paper white."""
    if text:
        family, grow = _family(digits)
        sheet.lay(_letters(sheet.size, text, centre, height * grow, family), PAPER)


def question(size: int) -> Image.Image:
    """The question mark of what is secret."""
    return _letters(size, "?", (50.0, 50.0), 46.0, "onest")


def _letters(size: int, text: str, centre: Point, height: float, family: str) -> Image.Image:
    """Letters around a point: their middle is that of their own ink."""
    fine = fineness(size)
    scale = size * fine / UNITS
    image = Image.new("L", (size * fine, size * fine), 0)
    face = font(family, "bold", round(height * scale, 2))  # type: ignore[arg-type]
    left, top, right, foot = face.getbbox(text)
    at = (centre[0] * scale - (left + right) / 2, centre[1] * scale - (top + foot) / 2)
    ImageDraw.Draw(image).text(at, text, fill=255, font=face)
    return image.reduce(fine)
