"""The picture that a messenger shows beside a link to a badge: 1200 x 630, in the language of whoever shares it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import astuple, dataclass
from math import cos, pi, sin

from PIL import Image, ImageDraw
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.pictures import badges
from app.pictures.routes import drawn_answer, in_turn
from app.pictures.writing import Direction, Text, fit, width_of, write
from badges.art.canvas import Mask, Sheet
from badges.art.colours import RGB, from_oklch, oklch, palette, ratio, rgb
from badges.art.render import render
from badges.art.version import VERSION
from badges.artwork import Artwork

WIDTH, HEIGHT = 1200, 630
PANEL = 500
BADGE = 392
MARGIN = 64
SURFACE, INK, SOFT, PAPER = (rgb(one) for one in ("#faf7f2", "#211b16", "#6a6057", "#fff9ef"))
AN_HOUR = "public, max-age=3600"


@dataclass(frozen=True, slots=True)
class ShareCard:
    """What the picture says, in finished words of `language` (`en`, `ru` or `ar`).

    `holder` is the alias of the member, who may leave it out; `line` says when it was earned, `note` how rare it is.
    `emblem` is the file of an uploaded emblem, `accent` the shop's colour.
    """

    artwork: Artwork
    title: str
    shop: str
    language: str = "en"
    holder: str = ""
    line: str = ""
    note: str = ""
    edition: int | None = None
    level: int | None = None
    accent: str = "#b93c0b"
    emblem: bytes | None = None

    @property
    def digest(self) -> str:
        """Of all that is seen."""
        told = (VERSION, self.artwork.model_dump_json(), *astuple(self)[1:])
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def share_image(card: ShareCard) -> bytes:
    """The picture, as PNG. Blocks for a tenth of a second: for a worker thread."""
    start: Direction = "rtl" if card.language == "ar" else "ltr"
    image = Image.new("RGB", (WIDTH, HEIGHT), SURFACE)
    left = WIDTH - PANEL if start == "rtl" else 0
    image.paste(_panel(card), (left, 0))
    badge = _badge(card)
    image.paste(badge, (left + (PANEL - BADGE) // 2, (HEIGHT - BADGE) // 2), badge)
    _words(image, card, start)
    into = io.BytesIO()
    image.save(into, "PNG")
    return into.getvalue()


def _badge(card: ShareCard) -> Image.Image:
    emblem = None
    if card.emblem is not None:
        emblem = Image.open(io.BytesIO(card.emblem), formats=("WEBP",))
    digits = "arab" if card.language == "ar" else "latn"
    return render(card.artwork, BADGE, emblem=emblem, edition=card.edition, level=card.level, digits=digits)


def _panel(card: ShareCard) -> Image.Image:
    """A dark ground in the hue of the badge, with rays that begin behind it."""
    _, chroma, hue = oklch(palette(card.artwork).rim)
    deep, far = from_oklch(0.34, min(chroma, 0.07), hue), from_oklch(0.22, min(chroma, 0.05), hue)
    side = HEIGHT
    sheet, rays = Sheet(side), Mask(side)
    for ray in range(20):
        angles = (2 * pi * (ray - 0.25) / 20, 2 * pi * (ray + 0.25) / 20)
        rays.fill([(50.0, 50.0), *((50 + 75 * sin(a), 50 - 75 * cos(a)) for a in angles)])
    sheet.lay(Image.new("L", (side, side), 255), (deep, far))
    sheet.lay(rays.done(), from_oklch(0.5, min(chroma, 0.09), hue), 0.16)
    crop = (side - PANEL) // 2
    return sheet.image.convert("RGB").crop((crop, 0, crop + PANEL, side))


def _words(image: Image.Image, card: ShareCard, start: Direction) -> None:
    """The shop above, what was earned in the middle, how rare it is below."""
    draw = ImageDraw.Draw(image)
    room = WIDTH - PANEL - 2 * MARGIN
    edge = WIDTH - PANEL - MARGIN if start == "rtl" else PANEL + MARGIN
    shop_sign(draw, card.shop, card.accent, card.language, edge, room, start)
    title = fit(card.title, "bold", (72, 64, 56, 48), room, lines_max=3, language=card.language)
    holder = fit(card.holder, "medium", (36, 32), room, language=card.language)
    line = fit(card.line, "medium", (28, 25), room, lines_max=2, language=card.language)
    gap = 20
    whole = title.height + sum(part.height + gap for part in (holder, line) if part.lines)
    y = max(150, (HEIGHT - whole) // 2 + 8)
    y = write(draw, title, (edge, y), INK, language=card.language, start=start)
    for part, paint in ((holder, INK), (line, SOFT)):
        if part.lines:
            y = write(draw, part, (edge, y + gap), paint, language=card.language, start=start)
    if card.note:
        _note(draw, card, edge, room, start)


def shop_sign(
    draw: ImageDraw.ImageDraw, shop: str, colour: str, language: str, edge: int, room: int, start: Direction
) -> None:
    """The shop's initial on its colour, and its name beside it."""
    side, top, accent = 60, 54, rgb(colour)
    left = edge - side if start == "rtl" else edge
    draw.rounded_rectangle((left, top, left + side, top + side), 15, fill=accent)
    name = fit(shop, "bold", (34, 30, 26), room - side - 20, language=language)
    initial = fit(name.lines[0][:1] if name.lines else "", "bold", (34,), side, language=language)
    paint = PAPER if ratio(PAPER, accent) >= ratio(INK, accent) else INK
    middle = round(left + side / 2 - width_of(initial) / 2)
    write(draw, initial, (middle, top + 10), paint, language=language, start="ltr")
    beside = left - 20 if start == "rtl" else left + side + 20
    write(draw, name, (beside, top + (side - name.height) // 2), INK, language=language, start=start)


def _note(draw: ImageDraw.ImageDraw, card: ShareCard, edge: int, room: int, start: Direction) -> None:
    """How rare it is, on a chip in the tint of the badge."""
    _, chroma, hue = oklch(palette(card.artwork).rim)
    note: Text = fit(card.note, "medium", (26, 23), room - 48, language=card.language)
    if not note.lines:
        return
    width, height, foot = round(width_of(note)) + 48, 56, HEIGHT - 54
    left = edge - width if start == "rtl" else edge
    tint: RGB = from_oklch(0.93, min(chroma, 0.035), hue)
    draw.rounded_rectangle((left, foot - height, left + width, foot), height // 2, fill=tint)
    inner = edge - 24 if start == "rtl" else edge + 24
    ink: RGB = from_oklch(0.36, min(chroma, 0.09), hue)
    write(
        draw,
        note,
        (inner, foot - height + (height - note.height) // 2),
        ink,
        language=card.language,
        start=start,
    )


Resolve = Callable[[str], ShareCard | None]


def routes(resolve: Resolve) -> list[Route]:
    """`GET /b/<token>/card.png`. `resolve` finds the card of a token, or None; it is called in a thread."""

    async def card(request: Request) -> Response:
        found = await in_turn(_made, resolve, str(request.path_params["token"]))
        return drawn_answer(request, found, AN_HOUR)

    return [Route("/b/{token}/card.png", card, methods=["GET", "HEAD"])]


def _made(resolve: Resolve, token: str) -> tuple[str, bytes] | None:
    card = resolve(token)
    return drawn(card) if card else None


def drawn(card: ShareCard) -> tuple[str, bytes]:
    """The digest of a card and its picture, drawn once. Blocks: for a worker thread."""
    name = f"share/{card.digest}"
    content = badges.kept.get(name)
    if content is None:
        content = share_image(card)
        badges.kept.put(name, content)
    return card.digest, content
