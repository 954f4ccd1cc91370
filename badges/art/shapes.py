"""The shapes of badges: closed outlines around (0, 0) with a radius of about 1, y downwards. Pure."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from math import cos, hypot, pi, sin

from badges.art.outline import Point, rounded, trace
from badges.artwork import Shape

_SHIELD = (
    "M-.06 -1 Q0 -1.04 .06 -1 C.3 -.88 .54 -.83 .8 -.82 Q.92 -.81 .92 -.7 V.04 C.92 .56 .5 .88 .08 1.05 "
    "Q0 1.08 -.08 1.05 C-.5 .88 -.92 .56 -.92 .04 V-.7 Q-.92 -.81 -.8 -.82 C-.54 -.83 -.3 -.88 -.06 -1 Z"
)
EMBLEM_SCALE: dict[Shape, float] = {"star": 0.84, "diamond": 0.88, "scallop": 0.96}
EMBLEM_DROP: dict[Shape, float] = {"star": 0.04, "shield": -0.06}


@cache
def outline(shape: Shape) -> tuple[Point, ...]:
    """The corners of a shape."""
    if shape == "shield":
        return trace(_SHIELD)[0].points
    if shape == "hexagon":
        return rounded(_corners([1.07] * 6), 0.1)
    if shape == "octagon":
        return rounded(_corners([1.05] * 8, turn=pi / 8), 0.1)
    if shape == "diamond":
        return rounded(_corners([1.16] * 4), 0.24)
    if shape == "star":
        return rounded([(x, y + 0.06) for x, y in _corners([1.16, 0.8] * 5)], 0.16)
    return tuple(_at(angle, _radius(shape, angle)) for angle in _angles(240))


def _radius(shape: Shape, angle: float) -> float:
    if shape == "scallop":
        return 0.91 + 0.13 * abs(cos(6 * angle))
    if shape == "tile":
        return 0.94 * (abs(cos(angle)) ** 5 + abs(sin(angle)) ** 5) ** (-1 / 5)
    return 1.0


def _angles(count: int, turn: float = 0.0) -> list[float]:
    return [2 * pi * at / count + turn for at in range(count)]


def _at(angle: float, radius: float) -> Point:
    """A point by its direction, from the top clockwise."""
    return (radius * sin(angle), -radius * cos(angle))


def _corners(radii: list[float], turn: float = 0.0) -> list[Point]:
    return [_at(angle, radius) for angle, radius in zip(_angles(len(radii), turn), radii, strict=True)]


@cache
def along(shape: Shape, inset: float, count: int) -> tuple[tuple[Point, Point], ...]:
    """`count` points at equal steps on a way `inset` inside the outline, each with its direction outwards."""
    corners = outline(shape)
    ring = [*corners, corners[0]]
    steps = [hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(ring)]
    whole, found, gone, at = sum(steps), list[tuple[Point, Point]](), 0.0, 0
    for number in range(count):
        target = whole * number / count
        while gone + steps[at] < target:
            gone, at = gone + steps[at], at + 1
        a, b = ring[at], ring[at + 1]
        part = (target - gone) / steps[at] if steps[at] else 0.0
        point = (a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part)
        size = hypot(b[0] - a[0], b[1] - a[1]) or 1.0
        out = ((b[1] - a[1]) / size, (a[0] - b[0]) / size)
        found.append(((point[0] - out[0] * inset, point[1] - out[1] * inset), out))
    return tuple(found)
