"""The picture that a messenger shows beside an invitation: 1200 x 630, in the language of the link."""

from __future__ import annotations

import hashlib
import io
from dataclasses import astuple, dataclass
from math import cos, pi, sin

from PIL import Image, ImageDraw

from app.pictures import badges
from app.pictures.share import HEIGHT, INK, MARGIN, PANEL, PAPER, SOFT, SURFACE, WIDTH, shop_sign
from app.pictures.writing import Direction, fit, width_of, write
from badges.art.canvas import Mask, Sheet
from badges.art.colours import from_oklch, oklch, rgb

DRAWING = 1  # of this drawing: a new one has a new address in the store


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the picture says, in finished words of `language`. `figure` and `unit` are what the friend gets."""

    shop: str
    title: str
    text: str
    figure: str = ""
    unit: str = ""
    language: str = "en"
    accent: str = "#b93c0b"


def invitation_image(card: Invitation) -> bytes:
    """The picture, as PNG. Blocks for a tenth of a second: for a worker thread."""
    start: Direction = "rtl" if card.language == "ar" else "ltr"
    image = Image.new("RGB", (WIDTH, HEIGHT), SURFACE)
    left = WIDTH - PANEL if start == "rtl" else 0
    image.paste(_panel(card), (left, 0))
    draw = ImageDraw.Draw(image)
    _gift(draw, card, left)
    room = WIDTH - PANEL - 2 * MARGIN
    edge = WIDTH - PANEL - MARGIN if start == "rtl" else PANEL + MARGIN
    shop_sign(draw, card.shop, card.accent, card.language, edge, room, start)
    title = fit(card.title, "bold", (68, 60, 52, 44), room, lines_max=3, language=card.language)
    text = fit(card.text, "medium", (32, 28, 25), room, lines_max=3, language=card.language)
    y = max(160, (HEIGHT - title.height - 24 - text.height) // 2 + 30)
    y = write(draw, title, (edge, y), INK, language=card.language, start=start)
    write(draw, text, (edge, y + 24), SOFT, language=card.language, start=start)
    into = io.BytesIO()
    image.save(into, "PNG")
    return into.getvalue()


def _panel(card: Invitation) -> Image.Image:
    """The shop's colour, deep, with rays from the middle."""
    _, chroma, hue = oklch(rgb(card.accent))
    deep, far = from_oklch(0.46, min(chroma, 0.13), hue), from_oklch(0.34, min(chroma, 0.1), hue)
    sheet, rays = Sheet(HEIGHT), Mask(HEIGHT)
    for ray in range(20):
        angles = (2 * pi * (ray - 0.25) / 20, 2 * pi * (ray + 0.25) / 20)
        rays.fill([(50.0, 50.0), *((50 + 75 * sin(a), 50 - 75 * cos(a)) for a in angles)])
    sheet.lay(Image.new("L", (HEIGHT, HEIGHT), 255), (deep, far))
    sheet.lay(rays.done(), from_oklch(0.62, min(chroma, 0.13), hue), 0.2)
    crop = (HEIGHT - PANEL) // 2
    return sheet.image.convert("RGB").crop((crop, 0, crop + PANEL, HEIGHT))


def _gift(draw: ImageDraw.ImageDraw, card: Invitation, left: int) -> None:
    """What there is to have, large, in the middle of the panel."""
    figure = fit(card.figure, "bold", (170, 140, 110, 84), PANEL - 80, language=card.language)
    unit = fit(card.unit, "bold", (52, 44, 36), PANEL - 80, lines_max=2, language=card.language)
    y = (HEIGHT - figure.height - unit.height) // 2
    for part in (figure, unit):
        for line in part.lines:
            one = fit(line, "bold", (int(part.size),), PANEL, language=card.language)
            x = round(left + (PANEL - width_of(one)) / 2)
            y = write(draw, one, (x, y), PAPER, language=card.language, start="ltr")


def drawn(card: Invitation) -> tuple[str, bytes]:
    """The digest of a card and its picture, drawn once. Blocks: for a worker thread."""
    digest = hashlib.sha256(repr((DRAWING, *astuple(card))).encode()).hexdigest()[:16]
    name = f"invitation/{digest}"
    content = badges.kept.get(name)
    if content is None:
        content = invitation_image(card)
        badges.kept.put(name, content)
    return digest, content
