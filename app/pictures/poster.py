"""A poster that lets people join: the shop's name, a few words, a QR code, and the address to type. A4, to be printed.

As PNG and PDF it is drawn here, 150 dots to the inch; as SVG it is drawn by whoever shows it, with their fonts.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from html import escape
from typing import Literal

import segno
from PIL import Image, ImageDraw

from app.pictures.writing import Text, fit, width_of, write
from badges.art.colours import RGB, rgb

Kind = Literal["png", "pdf", "svg"]
KINDS: dict[str, str] = {"png": "image/png", "pdf": "application/pdf", "svg": "image/svg+xml"}
DPI, WIDTH, HEIGHT = 150, 1240, 1754  # ISO 216, A4: 210 x 297 mm
QR_SIDE, MARGIN, QUIET = 920, 110, 4  # ISO/IEC 18004, 5.3.8: a quiet zone of four modules
PAPER, INK, SOFT, ACCENT = (rgb(one) for one in ("#ffffff", "#211b16", "#6a6057", "#b93c0b"))


@dataclass(frozen=True, slots=True)
class Poster:
    """What it says, in finished words of `language`; `address` is where the code leads."""

    shop: str
    headline: str
    line: str
    address: str
    language: str = "en"

    @property
    def typed(self) -> str:
        """The address as people type it."""
        return self.address.partition("://")[2].partition("?")[0]


def poster(card: Poster, kind: str) -> bytes:
    """The poster as a file. Blocks for a moment: for a worker thread."""
    if kind == "svg":
        return _svg(card)
    image, into = _drawn(card), io.BytesIO()
    if kind == "pdf":
        image.save(into, "PDF", resolution=DPI, title=card.headline, author=card.shop)
    else:
        image.save(into, "PNG", dpi=(DPI, DPI))
    return into.getvalue()


def _code(card: Poster) -> segno.QRCode:
    return segno.make_qr(card.address, error="q")  # a quarter of it may be torn or dirty


def _drawn(card: Poster) -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw, room = ImageDraw.Draw(image), WIDTH - 2 * MARGIN
    y = 130
    parts: tuple[tuple[Text, RGB], ...] = (
        (fit(card.shop, "bold", (64, 54, 44), room, language=card.language), ACCENT),
        (fit(card.headline, "bold", (112, 96, 80, 64), room, lines_max=2, language=card.language), INK),
    )
    for words, paint in parts:
        y = _centred(draw, words, y, paint, card.language) + 24
    side = _paste_code(image, card, y + 26)
    y += 26 + side + 50
    line = fit(card.line, "medium", (46, 40, 34), room, lines_max=3, language=card.language)
    y = _centred(draw, line, y, INK, card.language) + 40
    _centred(draw, fit(card.typed, "medium", (44, 36, 28), room), y, SOFT, "en")
    return image


def _paste_code(image: Image.Image, card: Poster, y: int) -> int:
    """The code in whole pixels a module, so that its edges are sharp; the side that it takes."""
    code = _code(card)
    scale = QR_SIDE // code.symbol_size(border=QUIET)[0]
    into = io.BytesIO()
    code.save(into, kind="png", scale=scale, border=QUIET)
    drawn = Image.open(into).convert("RGB")
    image.paste(drawn, ((WIDTH - drawn.width) // 2, y))
    return drawn.height


def _centred(draw: ImageDraw.ImageDraw, words: Text, y: int, paint: RGB, language: str) -> int:
    for line in words.lines:
        one = Text((line,), words.family, words.weight, words.size, words.leading, words.direction)
        y = write(draw, one, (round((WIDTH - width_of(one)) / 2), y), paint, language=language, start="ltr")
    return y


def _svg(card: Poster) -> bytes:
    """In millimetres. A reader without our fonts takes its own."""
    code = _code(card)
    modules = code.symbol_size(border=QUIET)[0]
    inside = code.svg_inline(border=QUIET, omitsize=True)
    direction = "rtl" if card.language == "ar" else "ltr"

    def words(text: str, y: int, size: int, paint: str, way: str = direction, weight: int = 700) -> str:
        return (
            f'<text x="105" y="{y}" font-size="{size}" font-weight="{weight}" fill="{paint}" text-anchor="middle" '
            f'direction="{way}" lang="{card.language}">{escape(text)}</text>'
        )

    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="210mm" height="297mm" viewBox="0 0 210 297" '
        'font-family="Onest, \'Readex Pro\', sans-serif"><rect width="210" height="297" fill="#fff"/>'
        f"{words(card.shop, 34, 11, '#b93c0b')}{words(card.headline, 58, 15, '#211b16')}"
        f'<svg x="40" y="72" width="130" height="130" viewBox="0 0 {modules} {modules}">{inside}</svg>'
        f"{words(card.line, 222, 7, '#211b16', weight=500)}{words(card.typed, 244, 7, '#6a6057', 'ltr', 500)}</svg>"
    )
    return drawn.encode()
