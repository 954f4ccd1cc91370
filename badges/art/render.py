"""Draws a badge: layer upon layer, from data alone, so the same artwork always gives the same pixels."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

from PIL import Image, ImageChops

from badges.art import emblem as built_in
from badges.art import ribbon, tag
from badges.art.canvas import Mask, Sheet, moved, within
from badges.art.colours import GREY, PAPER, Palette, lighter, palette
from badges.art.outline import Point, rounded
from badges.art.shapes import EMBLEM_DROP, EMBLEM_SCALE, along, outline
from badges.art.version import Digits, State
from badges.artwork import Artwork

PIXEL = 100 / 48  # of the smallest size, in units: emblems sit on its grid
RADIUS = 44.0
RING = 6.6
DETAIL_MIN = 80  # pixels, from which on fine ornaments are drawn


@dataclass(frozen=True, slots=True)
class Body:
    """Where the object is within the picture."""

    centre: Point
    radius: float

    def place(self, points: tuple[Point, ...]) -> list[Point]:
        """An outline around (0, 0) where it belongs."""
        x, y = self.centre
        return [(x + px * self.radius, y + py * self.radius) for px, py in points]


def render(
    artwork: Artwork,
    size: int,
    *,
    emblem: Image.Image | None = None,
    edition: int | None = None,
    level: int | None = None,
    state: State = "earned",
    digits: Digits = "latn",
) -> Image.Image:
    """The badge as RGBA, `size` pixels square.

    `emblem` is the uploaded picture that the artwork names; without it a star stands in. `edition` is shown
    when the artwork is numbered, `level` otherwise. A secret one tells nothing, not even its shape.
    """
    if state == "secret":
        return _secret(size)
    if artwork.uploaded and emblem is None:
        artwork = artwork.model_copy(update={"emblem": "star"})
    words = tag.words(edition if artwork.numbered else None, level, digits)
    if state == "locked":
        return _locked(artwork.model_copy(update={"ribbon": "none"}), size, emblem)
    body = _body(artwork, tagged=bool(words))
    colours = palette(artwork)
    sheet = Sheet(size)
    if artwork.ribbon == "tails":
        ribbon.tails(sheet, colours, body.centre, body.radius)
    field = _object(sheet, artwork, colours, body)
    _emblem(sheet, artwork, colours, body, emblem, field)
    if artwork.ribbon == "banner":
        ribbon.banner(sheet, colours, body.centre, body.radius)
        if not words:
            _band_star(sheet, body)
        tag.write(sheet, words, (50.0, ribbon.banner_middle(body.centre, body.radius)), digits, 12.5)
    elif words:
        tag.pill(sheet, words, colours, digits)
    return sheet.image


def _body(artwork: Artwork, *, tagged: bool) -> Body:
    if artwork.ribbon == "tails":
        return Body((50.0, 50 - 3 * PIXEL), RADIUS * 0.875)
    if artwork.ribbon == "banner":
        return Body((50.0, 50 - PIXEL), RADIUS * 0.94)
    return Body((50.0, 50.0 - PIXEL), RADIUS * (0.97 if tagged else 1.0))


def _band_star(sheet: Sheet, body: Body) -> None:
    """What stands on a band that has nothing to say."""
    middle = (50.0, ribbon.banner_middle(body.centre, body.radius))
    sheet.lay(built_in.draw(Mask(sheet.size), "star", middle, 11.0).done(), PAPER)


def _object(sheet: Sheet, artwork: Artwork, colours: Palette, body: Body) -> Image.Image:
    """Thickness, rim, ring and field; gives the mask of the field."""
    shape = body.place(outline(artwork.shape))
    ring = RING * body.radius / RADIUS
    whole = Mask(sheet.size).fill(shape).done()
    face, lip, field = (_inside(sheet.size, shape, by) for by in (1.4, ring - 1.0, ring))
    thick = ImageChops.lighter(whole, moved(whole, 0, 2.4))
    sheet.lay(thick, colours.edge)
    sheet.lay(whole, colours.rim)
    sheet.lay(face, colours.ring)
    if artwork.ring == "double":
        sheet.lay(_inside(sheet.size, shape, ring * 0.38), colours.edge, 0.85)
        sheet.lay(_inside(sheet.size, shape, ring * 0.58), colours.ring)
    elif sheet.size >= DETAIL_MIN:
        _ornament(sheet, artwork, colours, body, ring)
    sheet.lay(lip, colours.edge)
    sheet.lay(field, colours.field)
    _texture(sheet, artwork, colours, body, field)
    shadow = ImageChops.subtract(field, moved(field, 0, 2.2))
    sheet.lay(shadow, (0, 0, 0), 0.22)
    return field


def _inside(size: int, shape: list[Point], by: float) -> Image.Image:
    """The shape without an edge of `by` units."""
    return Mask(size).fill(shape).stroke(shape, 2 * by, 0, closed=True).done()


def _ornament(sheet: Sheet, artwork: Artwork, colours: Palette, body: Body, ring: float) -> None:
    """What is worked into the ring; small pictures have no room for it."""
    middle = ring * 0.48 / body.radius
    if artwork.ring == "beaded":
        beads = body.place(tuple(point for point, _ in along(artwork.shape, middle, 40)))
        sheet.lay(moved(Mask(sheet.size).dots(beads, 1.25).done(), 0, 0.5), colours.edge, 0.8)
        sheet.lay(Mask(sheet.size).dots(beads, 1.25).done(), colours.line)
    if artwork.ring == "notched":
        mask, reach = Mask(sheet.size), 1.3 / body.radius
        for (x, y), (ox, oy) in along(artwork.shape, middle, 72):
            ends = (x - ox * reach, y - oy * reach), (x + ox * reach, y + oy * reach)
            mask.stroke(body.place(ends), 0.9)
        sheet.lay(mask.done(), colours.edge, 0.75)


def _texture(sheet: Sheet, artwork: Artwork, colours: Palette, body: Body, field: Image.Image) -> None:
    """What is woven into the field: never more than a breath, so that the emblem stays alone."""
    mask, (x, y), reach = Mask(sheet.size), body.centre, body.radius * 1.3
    if artwork.field == "plain":
        return
    if artwork.field == "rays":
        for ray in range(12):
            angles = (2 * pi * (ray - 0.25) / 12, 2 * pi * (ray + 0.25) / 12)
            mask.fill([(x, y), *((x + reach * sin(a), y - reach * cos(a)) for a in angles)])
    elif artwork.field == "stripes":
        for stripe in range(-12, 13, 2):
            left = x + stripe * 6.25
            mask.stroke([(left - 60, y + 60), (left + 60, y - 60)], 4.4)
    elif artwork.field == "dots":
        step = 2 * PIXEL * 1.5
        grid = [
            (x + (column + row % 2 / 2) * step, y + row * step * 0.866)
            for row in range(-9, 10)
            for column in range(-8, 9)
        ]
        mask.dots(grid, 1.25)
    else:
        mask.fill(rounded([(x - 60, y - 60), (x + 60, y - 60), (x + 60, y), (x - 60, y)], 0.1))
    sheet.lay(within(mask.done(), field), lighter(colours.field[0]), 0.9)


def _emblem(
    sheet: Sheet,
    artwork: Artwork,
    colours: Palette,
    body: Body,
    emblem: Image.Image | None,
    field: Image.Image,
) -> None:
    """The emblem, with a short shadow below it."""
    centre, side = _seat(artwork, body)
    if emblem is not None:
        sheet.image.alpha_composite(_uploaded(sheet.size, emblem, centre, side, field))
        return
    mask = built_in.draw(Mask(sheet.size), artwork.emblem, centre, side).done()
    sheet.lay(within(moved(mask, 0, 1.6), field), (0, 0, 0), 0.28)
    sheet.lay(mask, colours.emblem)


def _seat(artwork: Artwork, body: Body) -> tuple[Point, float]:
    """Middle and side of the emblem."""
    x, y = body.centre
    drop = EMBLEM_DROP.get(artwork.shape, 0.0)
    if artwork.ribbon == "banner":
        drop -= 0.16
    scale = EMBLEM_SCALE.get(artwork.shape, 1.0) * (0.86 if artwork.ribbon == "banner" else 1.0)
    return (x, y + drop * body.radius), 24 * PIXEL * scale * body.radius / RADIUS


def _uploaded(size: int, emblem: Image.Image, centre: Point, side: float, field: Image.Image) -> Image.Image:
    """An uploaded emblem in its own colours: one with a clear ground stands on the field, a photograph fills it."""
    picture = emblem.convert("RGBA")
    layer = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    opaque = picture.getchannel("A").getextrema()[0] == 255
    box = field.getbbox() if opaque else None
    pixels = max(box[2] - box[0], box[3] - box[1]) if box else max(1, round(side * 1.1 * size / 100))
    middle = (
        ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        if box
        else (centre[0] * size / 100, centre[1] * size / 100)
    )
    scale = pixels / (min(picture.size) if opaque else max(picture.size))
    picture = picture.resize(
        (max(1, round(picture.width * scale)), max(1, round(picture.height * scale))),
        Image.Resampling.LANCZOS,
    )
    layer.paste(picture, (round(middle[0] - picture.width / 2), round(middle[1] - picture.height / 2)))
    if opaque:
        layer.putalpha(within(layer.getchannel("A"), field))
    return layer


def _locked(artwork: Artwork, size: int, emblem: Image.Image | None) -> Image.Image:
    """The same object in paper and line: see-through grey, so that it suits light pages and dark."""
    sheet, body = Sheet(size), _body(artwork, tagged=False)
    shape = body.place(outline(artwork.shape))
    ring = RING * body.radius / RADIUS
    whole = Mask(size).fill(shape).done()
    field = _inside(size, shape, ring)
    sheet.lay(ImageChops.subtract(whole, field), GREY, 0.34)
    sheet.lay(field, GREY, 0.13)
    centre, side = _seat(artwork, body)
    if emblem is not None:
        mask = _uploaded(size, emblem, centre, side, field).getchannel("A")
        strength = 0.3 if emblem.convert("RGBA").getchannel("A").getextrema()[0] == 255 else 1.0
        sheet.lay(mask, GREY, strength)
    else:
        sheet.lay(built_in.draw(Mask(size), artwork.emblem, centre, side).done(), GREY)
    return sheet.image


def _secret(size: int) -> Image.Image:
    """A dashed circle with a question mark, the same for every secret badge."""
    sheet, ring = Sheet(size), Mask(size)
    radius, dashes = RADIUS - 2, 18
    for dash in range(dashes):
        angles = [2 * pi * (dash + part / 8) / dashes for part in range(5)]
        ring.stroke([(50 + radius * sin(a), 50 - radius * cos(a)) for a in angles], 3.4)
    sheet.lay(Mask(size).dots([(50.0, 50.0)], RADIUS - 6).done(), GREY, 0.13)
    sheet.lay(ring.done(), GREY, 0.75)
    sheet.lay(tag.question(size), GREY)
    return sheet.image
