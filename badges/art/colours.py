"""The colours of a badge, derived from one: in OKLCH, where equal steps look equal (Ottosson 2020). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import atan2, cos, hypot, sin

from badges.artwork import Artwork

RGB = tuple[int, int, int]

# Mid-tones: each stands out at 3:1 or better from light paper and from dark (WCAG 2.2, 1.4.11).
BASES = {
    "common": "#76808a", "uncommon": "#2f8f5b", "rare": "#3f7cb8", "epic": "#8a57bd", "legendary": "#b97a10",
    "tier-1": "#b0683c", "tier-2": "#3f7f68", "tier-3": "#b3790f", "tier-4": "#95579b",
}  # fmt: skip
PAPER: RGB = (255, 249, 239)
INK: RGB = (33, 27, 22)
GREY: RGB = (133, 122, 107)  # of what is locked: seen on light paper and on dark


@dataclass(frozen=True, slots=True)
class Palette:
    """What each layer is painted with; pairs run from top to bottom."""

    rim: RGB
    edge: RGB  # the thickness below the rim
    ring: tuple[RGB, RGB]
    line: RGB  # ornaments of the ring
    field: tuple[RGB, RGB]
    emblem: RGB
    tail: tuple[RGB, RGB]

    @property
    def fields(self) -> tuple[RGB, ...]:
        """Every tone that the emblem can stand on, its textures included."""
        return (*self.field, lighter(self.field[0]))


def palette(artwork: Artwork) -> Palette:
    """The colours of an artwork."""
    return _palette(artwork.colour, artwork.field_colour, artwork.emblem_colour)


@lru_cache(maxsize=512)
def _palette(colour: str, field_colour: str | None, emblem_colour: str | None) -> Palette:
    base = rgb(BASES.get(colour, colour))
    light, chroma, hue = oklch(base)
    vivid = max(chroma, 0.02)
    if field_colour:
        own = rgb(field_colour)
        field = (tone(own, 0.03), tone(own, -0.05))
    else:
        deep = hue - _warmth(hue)
        field = (from_oklch(0.475, min(vivid, 0.14), deep), from_oklch(0.375, min(vivid, 0.12), deep))
    return Palette(
        rim=base,
        edge=from_oklch(max(light - 0.2, 0.2), vivid * 0.85, hue),
        ring=(
            from_oklch(min(light + 0.16, 0.93), vivid * 1.05, hue),
            from_oklch(light + 0.02, vivid * 1.05, hue),
        ),
        line=from_oklch(min(light + 0.26, 0.96), vivid * 0.75, hue),
        field=field,
        emblem=rgb(emblem_colour) if emblem_colour else PAPER,
        tail=(
            from_oklch(max(light - 0.05, 0.3), vivid, hue),
            from_oklch(max(light - 0.17, 0.22), vivid * 0.9, hue),
        ),
    )


def _warmth(hue: float) -> float:
    """How far a yellow turns towards red in its deep tones, where it would look like mud."""
    return 0.32 * max(0.0, 1 - abs(hue - 1.35) / 0.6)


def lighter(colour: RGB) -> RGB:
    """The light tone of a texture on a field."""
    return tone(colour, 0.045)


def tone(colour: RGB, step: float) -> RGB:
    """The same colour, lighter or darker by a step of OKLCH lightness."""
    light, chroma, hue = oklch(colour)
    return from_oklch(min(max(light + step, 0.0), 1.0), chroma, hue)


def rgb(text: str) -> RGB:
    """The colour of `#rrggbb`."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def hexed(colour: RGB) -> str:
    """`#rrggbb` of a colour."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _linear(part: int) -> float:
    value = part / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _part(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def luminance(colour: RGB) -> float:
    """Relative luminance (WCAG 2.2)."""
    red, green, blue = (_linear(part) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: RGB, other: RGB) -> float:
    """Contrast ratio of two colours (WCAG 2.2), from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def oklch(colour: RGB) -> tuple[float, float, float]:
    """Lightness from 0 to 1, chroma, and hue in radians."""
    red, green, blue = (_linear(part) for part in colour)
    l = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)  # noqa: E741
    m = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    s = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s
    b = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
    return 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s, hypot(a, b), atan2(b, a)


def from_oklch(light: float, chroma: float, hue: float) -> RGB:
    """The nearest colour of a screen: less chroma where there is none so vivid."""
    for _ in range(40):
        parts = _parts(light, chroma, hue)
        if all(-0.0005 <= part <= 1.0005 for part in parts):
            break
        chroma *= 0.93
    red, green, blue = (round(255 * _part(min(max(part, 0.0), 1.0))) for part in _parts(light, chroma, hue))
    return red, green, blue


def _parts(light: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * cos(hue), chroma * sin(hue)
    l = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3  # noqa: E741
    m = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    )
