"""Whether a badge can be told from the page, and its emblem from its field: WCAG 2.2, 1.4.11, 3:1 or better."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from badges.art.colours import RGB, from_oklch, hexed, oklch, palette, ratio, rgb
from badges.artwork import Artwork
from facts.language import N_, Language

if TYPE_CHECKING:
    from PIL import Image

NEEDED = 3.0
LIGHT = tuple(rgb(colour) for colour in ("#faf7f2", "#ffffff", "#f2ede4"))  # surface, raised, sunk
DARK = tuple(rgb(colour) for colour in ("#15120e", "#201b16", "#1b1712"))

ON_LIGHT = N_(
    "On a light page the badge is hard to see: {ratio} to 1, and 3 to 1 is needed. "
    "A darker colour such as {better} would do."
)
ON_DARK = N_(
    "On a dark page the badge is hard to see: {ratio} to 1, and 3 to 1 is needed. "
    "A lighter colour such as {better} would do."
)
ON_FIELD = N_(
    "The emblem is hard to see on its field: {ratio} to 1, and 3 to 1 is needed. An emblem in {better} would do."
)
PICTURE = N_(
    "The uploaded emblem is hard to see on its field: {ratio} to 1, and 3 to 1 is needed. A field in {better} would do."
)


@dataclass(frozen=True, slots=True)
class Advice:
    """What is hard to see, by how much, and a colour that would do."""

    msgid: str
    ratio: float
    better: str

    def sentence(self, language: Language) -> str:
        """For the person who composes the badge."""
        return language.text(self.msgid, ratio=language.number(shown(self.ratio)), better=self.better)


@dataclass(frozen=True, slots=True)
class Contrast:
    """The worst ratio of the outline on light pages and on dark ones, and of the emblem on its field.

    `emblem` is None for an uploaded emblem that was not given, and for a photograph, which fills the field.
    """

    light: float
    dark: float
    emblem: float | None
    advice: tuple[Advice, ...]

    @property
    def enough(self) -> bool:
        """Whether everything reaches 3:1."""
        return not self.advice


def shown(value: float) -> Decimal:
    """A ratio to one decimal, never rounded up to what it does not reach."""
    return Decimal(value).quantize(Decimal("0.1"), ROUND_DOWN)


def contrast(artwork: Artwork, emblem: Image.Image | None = None) -> Contrast:
    """What can be told from what. `emblem` is the uploaded picture, when there is one."""
    colours = palette(artwork)
    light, dark = _worst(colours.rim, LIGHT), _worst(colours.rim, DARK)
    advice: list[Advice] = []
    if light < NEEDED:
        advice.append(Advice(ON_LIGHT, light, _seen(colours.rim)))
    if dark < NEEDED:
        advice.append(Advice(ON_DARK, dark, _seen(colours.rim)))
    inner = None
    if not artwork.uploaded:
        inner = _worst(colours.emblem, colours.fields)
        if inner < NEEDED:
            advice.append(Advice(ON_FIELD, inner, _against(colours.fields)))
    elif emblem is not None and (tones := _tones(emblem)):
        inner = min(max(ratio(tone, field) for tone in tones) for field in colours.fields)
        if inner < NEEDED:
            advice.append(Advice(PICTURE, inner, _against(tones)))
    return Contrast(light, dark, inner, tuple(advice))


def _worst(colour: RGB, others: Iterable[RGB]) -> float:
    return min(ratio(colour, other) for other in others)


def _seen(colour: RGB) -> str:
    """The nearest lightness of this hue that is seen on light pages and dark ones."""
    light, chroma, hue = oklch(colour)
    steps = sorted((step / 100 for step in range(101)), key=lambda step: abs(step - light))
    tries = (from_oklch(step, chroma, hue) for step in steps)
    return hexed(next(one for one in tries if _worst(one, (*LIGHT, *DARK)) >= NEEDED))


def _against(grounds: tuple[RGB, ...]) -> str:
    """Paper or ink, whichever is seen better."""
    return hexed(max((rgb("#fff9ef"), rgb("#211b16")), key=lambda one: _worst(one, grounds)))


def _tones(emblem: Image.Image) -> tuple[RGB, ...]:
    """The main colours of an emblem on a clear ground; none for a photograph."""
    small = emblem.convert("RGBA")
    small.thumbnail((64, 64))
    if small.getchannel("A").getextrema()[0] == 255:
        return ()
    counted: dict[RGB, int] = {}
    pixels = small.tobytes()
    for red, green, blue, alpha in zip(*(pixels[band::4] for band in range(4)), strict=True):
        if alpha > 127:
            tone = red // 32 * 32 + 16, green // 32 * 32 + 16, blue // 32 * 32 + 16
            counted[tone] = counted.get(tone, 0) + 1
    most = sorted(counted, key=lambda tone: -counted[tone])
    enough = sum(counted.values()) / 8
    return tuple(tone for tone in most if counted[tone] >= enough) or tuple(most[:1])
