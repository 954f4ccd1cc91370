"""The yardstick of P15: the same pictures made by a plain script that knows Pillow and nothing else.

No guard, no child process, no cache, no data: fixed numbers for one badge and one card, as somebody would write
them down who needed just these. It supersamples as often, draws as many layers and saves the same files.
"""

from __future__ import annotations

import io
from functools import cache
from math import cos, pi, sin
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

Points = list[tuple[float, float]]

HEXAGON: Points = [(50 + 46 * sin(pi * k / 3), 48 - 46 * cos(pi * k / 3)) for k in range(6)]
HEART: Points = [
    (50 + 1.35 * 16 * sin(t) ** 3, 46 - 1.35 * (13 * cos(t) - 5 * cos(2 * t) - 2 * cos(3 * t) - cos(4 * t)))
    for t in (2 * pi * k / 120 for k in range(120))
]
SHINE: Points = [(36 + 7 * cos(t), 42 - 7 * sin(t)) for t in (pi / 2 + pi / 2 * k / 14 for k in range(15))]


def decode(content: bytes) -> list[bytes]:
    """A photograph upright, in 960 and 320 pixels, as WebP."""
    image = Image.open(io.BytesIO(content))
    image.draft("RGB", (960, 960))
    image = ImageOps.exif_transpose(image)
    if image.mode not in ("RGB", "RGBA"):
        image = image.convert("RGB")
    found: list[bytes] = []
    for side in (960, 320):
        image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=1.5)
        found.append(saved(image, "WEBP", quality=82, method=4))
    return found


def saved(image: Image.Image, kind: str, **more: object) -> bytes:
    """The file of a picture."""
    into = io.BytesIO()
    image.save(into, kind, **more)  # type: ignore[arg-type]
    return into.getvalue()


class Drawing:
    """A badge of `size` pixels, masks drawn `fine` times too large."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.fine = max(2, min(8, 1536 // size))
        self.scale = size * self.fine / 100
        self.image = Image.new("RGBA", (size, size), (0, 0, 0, 0))

    def mask(self, *steps: tuple[Points, float, int]) -> Image.Image:
        """Polygons (width 0) and closed lines, each 255 to cover or 0 to uncover."""
        image = Image.new("L", (self.size * self.fine, self.size * self.fine), 0)
        draw = ImageDraw.Draw(image)
        for points, width, value in steps:
            placed = [(x * self.scale, y * self.scale) for x, y in points]
            if width:
                draw.line(
                    [*placed, placed[0], placed[1]],
                    fill=value,
                    width=round(width * self.scale),
                    joint="curve",
                )
            else:
                draw.polygon(placed, fill=value)
        return image.reduce(self.fine)

    def lay(
        self, mask: Image.Image, top: tuple[int, int, int], foot: tuple[int, int, int] | None = None
    ) -> None:
        """A layer in one colour, or from one to another downwards."""
        layer = Image.new("RGBA", self.image.size, top)
        if foot:
            ramp = Image.linear_gradient("L").resize((1, self.size))
            bands = [
                ramp.point([a + (b - a) * k // 255 for k in range(256)])
                for a, b in zip(top, foot, strict=True)
            ]
            layer = Image.merge("RGB", bands).resize((self.size, self.size)).convert("RGBA")
        layer.putalpha(mask)
        self.image.alpha_composite(layer)


def badge(size: int) -> Image.Image:
    """A gold hexagon with a heart: rim, ring, lip, field, shadow, emblem."""
    drawing = Drawing(size)
    step = size / 100
    whole = drawing.mask((HEXAGON, 0, 255))
    face, lip, field = (drawing.mask((HEXAGON, 0, 255), (HEXAGON, 2 * by, 0)) for by in (1.4, 5.6, 6.6))
    thick = Image.new("L", (size, size), 0)
    thick.paste(whole, (0, round(2.4 * step)))
    thick.paste(255, (0, 0), whole)
    drawing.lay(thick, (110, 70, 10))
    drawing.lay(whole, (185, 122, 16))
    drawing.lay(face, (230, 160, 60), (190, 125, 20))
    drawing.lay(lip, (110, 70, 10))
    drawing.lay(field, (140, 75, 15), (105, 55, 10))
    shadow = Image.new("L", (size, size), 0)
    shadow.paste(field, (0, 0))
    shadow.paste(0, (0, round(2.2 * step)), field.crop((0, 0, size, size - round(2.2 * step))))
    drawing.lay(shadow.point([k * 22 // 100 for k in range(256)]), (0, 0, 0))
    emblem = drawing.mask((HEART, 0, 255), (SHINE, 3.6, 0))
    below = Image.new("L", (size, size), 0)
    below.paste(emblem, (0, round(1.6 * step)))
    drawing.lay(below.point([k * 28 // 100 for k in range(256)]), (0, 0, 0))
    drawing.lay(emblem, (255, 249, 239))
    return drawing.image


def badge_file(size: int) -> bytes:
    """The badge as WebP."""
    image = badge(size)
    if size <= 96:
        few = image.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        return saved(few.convert("RGBA"), "WEBP", lossless=True, method=4)
    return saved(image, "WEBP", quality=90, method=4)


@cache
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.RAQM)


def card(fonts: Path) -> bytes:
    """A share card in Arabic: panel with rays, badge, five texts."""
    image = Image.new("RGB", (1200, 630), (250, 247, 242))
    panel = Drawing(630)
    rays = Image.new("L", (1260, 1260), 0)
    draw = ImageDraw.Draw(rays)
    for ray in range(20):
        ends = [2 * pi * (ray + by) / 20 for by in (-0.25, 0.25)]
        draw.polygon([(630, 630), *((630 + 945 * sin(a), 630 - 945 * cos(a)) for a in ends)], fill=255)
    panel.lay(Image.new("L", (630, 630), 255), (60, 40, 15), (30, 18, 5))
    panel.lay(rays.reduce(2).point([k * 16 // 100 for k in range(256)]), (130, 90, 30))
    image.paste(panel.image.convert("RGB").crop((65, 0, 565, 630)), (700, 0))
    mark = badge(392)
    image.paste(mark, (754, 119), mark)
    write = ImageDraw.Draw(image)
    write.rounded_rectangle((576, 54, 636, 114), 15, fill=(185, 60, 11))
    write.rounded_rectangle((400, 520, 636, 576), 28, fill=(240, 230, 215))
    texts = [("الخضار أولًا", "bold", 72, 290), ("مارلو وأبناؤه", "bold", 34, 92), ("ليلى", "medium", 36, 350),
             ("في ١٤ مارس ٢٠٢٦", "medium", 28, 410), ("واحد من ٩٠", "medium", 26, 556)]  # fmt: skip
    for text, weight, size, y in texts:
        face = _font(fonts / f"readex-pro-{weight}.ttf", size)
        write.text((612, y), text, fill=(33, 27, 22), font=face, anchor="rs", direction="rtl", language="ar")
    return saved(image, "PNG")
