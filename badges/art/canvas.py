"""Masks drawn several times too large and reduced, so that edges are smooth and small badges crisp."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, hypot

from PIL import Image, ImageChops, ImageDraw

from badges.art.colours import RGB
from badges.art.outline import Point

UNITS = 100.0  # of the whole picture, in which everything is drawn
_FINE_MAX = 8
_FINE_SIDE = 1536


def fineness(size: int) -> int:
    """How many times too large a mask of `size` pixels is drawn."""
    return max(2, min(_FINE_MAX, _FINE_SIDE // size))


class Mask:
    """What a layer covers. Drawn in units of a hundredth of the picture."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._fine = fineness(size)
        self._scale = size * self._fine / UNITS
        self._image = Image.new("L", (size * self._fine, size * self._fine), 0)
        self._draw = ImageDraw.Draw(self._image)

    def fill(self, points: Sequence[Point], value: int = 255) -> Mask:
        """Cover a closed chain."""
        scale = self._scale
        self._draw.polygon([(x * scale - 0.5, y * scale - 0.5) for x, y in points], fill=value)
        return self

    def stroke(
        self, points: Sequence[Point], width: float, value: int = 255, *, closed: bool = False
    ) -> Mask:
        """Cover a way with round ends and corners."""
        scale, half = self._scale, self._scale * width / 2
        chain = [(x * scale - 0.5, y * scale - 0.5) for x, y in points]
        if closed:
            chain.append(chain[0])
        draw = self._draw
        for at, (x, y) in enumerate(chain):
            draw.ellipse((x - half, y - half, x + half, y + half), fill=value)
            if at + 1 < len(chain):
                nx, ny = chain[at + 1]
                length = hypot(nx - x, ny - y)
                if length:
                    dx, dy = (ny - y) / length * half, (x - nx) / length * half
                    draw.polygon(
                        [(x + dx, y + dy), (nx + dx, ny + dy), (nx - dx, ny - dy), (x - dx, y - dy)],
                        fill=value,
                    )
        return self

    def dots(self, centres: Iterable[Point], radius: float, value: int = 255) -> Mask:
        """Cover circles."""
        scale, reach = self._scale, self._scale * radius
        for x, y in centres:
            cx, cy = x * scale - 0.5, y * scale - 0.5
            self._draw.ellipse((cx - reach, cy - reach, cx + reach, cy + reach), fill=value)
        return self

    def done(self) -> Image.Image:
        """The mask in its own size."""
        return self._image.reduce(self._fine)


class Sheet:
    """A transparent picture on which layers are laid."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.image = Image.new("RGBA", (size, size), (0, 0, 0, 0))

    def lay(self, mask: Image.Image, paint: RGB | tuple[RGB, RGB], strength: float = 1.0) -> None:
        """A layer in one colour, or from one to another downwards; `strength` from 0 to 1."""
        top, bottom = paint if isinstance(paint[0], tuple) else (paint, paint)  # pyright: ignore
        layer = self._painted(top, bottom)  # pyright: ignore
        layer.putalpha(mask if strength >= 1 else mask.point(_weaker(strength)))
        self.image.alpha_composite(layer)

    def _painted(self, top: RGB, bottom: RGB) -> Image.Image:
        if top == bottom:
            return Image.new("RGBA", (self.size, self.size), top)
        ramp = Image.linear_gradient("L").resize((1, self.size), Image.Resampling.BILINEAR)
        bands = [
            ramp.point([round(a + (b - a) * step / 255) for step in range(256)])
            for a, b in zip(top, bottom, strict=True)
        ]
        return Image.merge("RGB", bands).resize((self.size, self.size)).convert("RGBA")


def _weaker(strength: float) -> list[int]:
    return [round(step * strength) for step in range(256)]


def within(mask: Image.Image, other: Image.Image) -> Image.Image:
    """Where both cover."""
    return ImageChops.multiply(mask, other)


def moved(mask: Image.Image, x: float, y: float) -> Image.Image:
    """A mask moved by hundredths of the picture, rounded up to pixels away from zero."""
    step = mask.width / UNITS
    right, down = (ceil(abs(by) * step) * (1 if by > 0 else -1) if by else 0 for by in (x, y))
    found = Image.new("L", mask.size, 0)
    found.paste(mask, (right, down))
    return found
