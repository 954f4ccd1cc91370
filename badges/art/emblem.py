"""Built-in emblems: their files read once, and drawn into a mask.

A line of such a file is a verb and a path: `fill`, `line WIDTH`, and to take away again `cut`, `groove WIDTH`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from badges.art.canvas import Mask
from badges.art.outline import Line, trace
from badges.emblems import NAMES

GRID = 24.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """One line of an emblem: `width` 0 fills; `value` is 255 to cover, 0 to uncover."""

    lines: tuple[Line, ...]
    width: float
    value: int


@cache
def strokes(slug: str) -> tuple[Stroke, ...]:
    """The strokes of an emblem, in their order. Raises ValueError for one that is not there or cannot be read."""
    if slug not in NAMES:
        raise ValueError(f"there is no emblem {slug}")
    text = files("badges.emblems").joinpath(f"{slug}.txt").read_text("utf-8")
    return tuple(_stroke(line) for line in text.splitlines() if line)


def _stroke(line: str) -> Stroke:
    verb, _, rest = line.partition(" ")
    value = {"fill": 255, "line": 255, "cut": 0, "groove": 0}.get(verb)
    if value is None:
        raise ValueError(f"an emblem knows no “{verb}”")
    if verb in ("fill", "cut"):
        return Stroke(trace(rest), 0.0, value)
    width, _, path = rest.partition(" ")
    return Stroke(trace(path), float(width), value)


def draw(mask: Mask, slug: str, centre: tuple[float, float], side: float) -> Mask:
    """Draw an emblem `side` units wide around `centre`."""
    scale = side / GRID
    left, top = centre[0] - side / 2, centre[1] - side / 2
    for stroke in strokes(slug):
        for line in stroke.lines:
            points = [(left + x * scale, top + y * scale) for x, y in line.points]
            if stroke.width:
                mask.stroke(points, stroke.width * scale, stroke.value, closed=line.closed)
            else:
                mask.fill(points, stroke.value)
    return mask
