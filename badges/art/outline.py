"""Outlines as text, turned into corners: the path language of SVG 1.1 (8.3), and `O x y r` for a circle. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import acos, ceil, cos, hypot, pi, radians, sin, sqrt, tan

Point = tuple[float, float]

STEPS = 14  # straight pieces of one curve
_TOKEN = re.compile(r"([MLHVCSQAOZmlhvcsqaz])|([-+]?(?:\d+\.?\d*|\.\d+))")
_COUNT = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "A": 7, "O": 3, "Z": 0}


@dataclass(frozen=True, slots=True)
class Line:
    """A chain of corners; a closed one returns to its first."""

    points: tuple[Point, ...]
    closed: bool


@lru_cache(maxsize=1024)
def trace(path: str) -> tuple[Line, ...]:
    """The chains of a path. Raises ValueError for a text that is not one."""
    tracer = _Tracer()
    for command, numbers in _commands(path):
        tracer.step(command, numbers)
    tracer.end(closed=False)
    return tuple(tracer.lines)


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    if _TOKEN.sub("", path).strip(" ,\n"):
        raise ValueError(f"not a path: {path}")
    letter = ""
    numbers: list[float] = []
    for found in _TOKEN.finditer(path):
        if found[1]:
            if letter and (numbers or letter in "zZ"):
                yield from _repeated(letter, numbers)
            letter, numbers = found[1], []
        else:
            numbers.append(float(found[2]))
    if letter:
        yield from _repeated(letter, numbers)


def _repeated(letter: str, numbers: list[float]) -> Iterator[tuple[str, list[float]]]:
    """One command for each full set of numbers; what follows a move is a line."""
    count = _COUNT[letter.upper()]
    if (len(numbers) % count if count else len(numbers)) or (count and not numbers):
        raise ValueError(f"{letter} takes {count} numbers")
    yield letter, numbers[:count]
    following = {"M": "L", "m": "l"}.get(letter, letter)
    for start in range(count, len(numbers), count or 1):
        yield following, numbers[start : start + count]


class _Tracer:
    """Follows the commands from where the pen is."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._points: list[Point] = []
        self._control: Point | None = None

    def step(self, command: str, numbers: list[float]) -> None:
        """Move, draw or close."""
        kind = command.upper()
        if kind == "Z":
            start = self._points[0]
            self.end(closed=True)
            self._points = [start]
            return
        here = self._points[-1] if self._points else (0.0, 0.0)
        base = here if command.islower() else (0.0, 0.0)
        control, self._control = self._control, None
        if kind == "O":
            self.end(closed=False)
            self.lines.append(Line(_circle(*numbers), closed=True))
        elif kind == "M":
            self.end(closed=False)
            self._points = [(base[0] + numbers[0], base[1] + numbers[1])]
        elif kind == "H":
            self._points.append((base[0] + numbers[0], here[1]))
        elif kind == "V":
            self._points.append((here[0], base[1] + numbers[0]))
        elif kind == "A":
            end = (base[0] + numbers[5], base[1] + numbers[6])
            self._points += _arc(here, end, numbers)
        else:
            pairs = zip(numbers[::2], numbers[1::2], strict=True)
            self._curve(kind, here, [(base[0] + x, base[1] + y) for x, y in pairs], control)

    def _curve(self, kind: str, here: Point, given: list[Point], control: Point | None) -> None:
        if kind == "S":
            mirrored = (2 * here[0] - control[0], 2 * here[1] - control[1]) if control else here
            given = [mirrored, *given]
        if kind in "CS":
            self._control = given[1]
        self._points += given if kind == "L" else bezier([here, *given])

    def end(self, *, closed: bool) -> None:
        """Keep the chain, if there is one to see."""
        if len(self._points) > 1:
            self.lines.append(Line(tuple(self._points), closed))
        self._points = []


def bezier(controls: list[Point], steps: int = STEPS) -> list[Point]:
    """Points on a Bézier curve (de Casteljau), without its start."""
    found: list[Point] = []
    for step in range(1, steps + 1):
        t, points = step / steps, controls
        while len(points) > 1:
            points = [_between(a, b, t) for a, b in pairwise(points)]
        found.append(points[0])
    return found


def _between(a: Point, b: Point, t: float) -> Point:
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t


def _arc(start: Point, end: Point, numbers: list[float]) -> list[Point]:
    """An elliptical arc, from its ends to its centre as in SVG 1.1, F.6.5."""
    rx, ry, turn, large, sweep = abs(numbers[0]), abs(numbers[1]), radians(numbers[2]), numbers[3], numbers[4]
    if not rx or not ry or start == end:
        return [end]
    dx, dy = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x, y = cos(turn) * dx + sin(turn) * dy, cos(turn) * dy - sin(turn) * dx
    grow = sqrt(max(1.0, (x / rx) ** 2 + (y / ry) ** 2))
    rx, ry = rx * grow, ry * grow
    rest = max(0.0, (rx * ry) ** 2 - (rx * y) ** 2 - (ry * x) ** 2) / ((rx * y) ** 2 + (ry * x) ** 2)
    sign = -1 if bool(large) == bool(sweep) else 1
    cx, cy = sign * sqrt(rest) * rx * y / ry, -sign * sqrt(rest) * ry * x / rx
    first = _angle(1, 0, (x - cx) / rx, (y - cy) / ry)
    span = _angle((x - cx) / rx, (y - cy) / ry, (-x - cx) / rx, (-y - cy) / ry)
    span += 2 * pi if sweep and span < 0 else -2 * pi if not sweep and span > 0 else 0
    middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    steps = max(2, ceil(abs(span) / (2 * pi) * 4 * STEPS))
    found: list[Point] = []
    for step in range(1, steps + 1):
        angle = first + span * step / steps
        px, py = rx * cos(angle) + cx, ry * sin(angle) + cy
        found.append(
            (cos(turn) * px - sin(turn) * py + middle[0], sin(turn) * px + cos(turn) * py + middle[1])
        )
    return found


def _circle(x: float, y: float, radius: float) -> tuple[Point, ...]:
    angles = [2 * pi * step / (4 * STEPS) for step in range(4 * STEPS)]
    return tuple((x + radius * cos(angle), y + radius * sin(angle)) for angle in angles)


def _angle(ux: float, uy: float, vx: float, vy: float) -> float:
    size = hypot(ux, uy) * hypot(vx, vy)
    angle = acos(max(-1.0, min(1.0, (ux * vx + uy * vy) / size)))
    return -angle if ux * vy - uy * vx < 0 else angle


def rounded(corners: list[Point], radius: float) -> tuple[Point, ...]:
    """A closed chain with each corner replaced by an arc of about `radius`."""
    found: list[Point] = []
    count = len(corners)
    for at, corner in enumerate(corners):
        before, after = corners[at - 1], corners[(at + 1) % count]
        a = (before[0] - corner[0], before[1] - corner[1])
        b = (after[0] - corner[0], after[1] - corner[1])
        la, lb = hypot(*a), hypot(*b)
        half = acos(max(-1.0, min(1.0, (a[0] * b[0] + a[1] * b[1]) / (la * lb)))) / 2
        reach = min(radius / tan(half), la / 2, lb / 2)
        start = (corner[0] + a[0] / la * reach, corner[1] + a[1] / la * reach)
        end = (corner[0] + b[0] / lb * reach, corner[1] + b[1] / lb * reach)
        found += [start, *bezier([start, corner, end], 10)]
    return tuple(found)
