"""Outlines written as text, and the emblems written in them."""

from __future__ import annotations

from itertools import combinations
from math import hypot, isclose
from pathlib import Path
from typing import get_args

import pytest
from PIL import Image, ImageChops, ImageStat

from badges.art.canvas import Mask
from badges.art.emblem import draw, strokes
from badges.art.outline import rounded, trace
from badges.art.shapes import along, outline
from badges.artwork import Shape
from badges.emblems import NAMES

SHAPES: tuple[Shape, ...] = get_args(Shape)


def test_lines_absolute_and_relative_are_the_same() -> None:
    assert trace("M2 2 L8 2 H12 V6 Z") == trace("m2,2 6,0 h4 v4 z")
    (line,) = trace("M2 2 L8 2 H12 V6 Z")
    assert (line.points, line.closed) == (((2, 2), (8, 2), (12, 2), (12, 6)), True)
    assert [line.closed for line in trace("M0 0 H1 M0 1 H1")] == [False, False]


def test_curves_arrive_where_they_should() -> None:
    (line,) = trace("M0 0 C0 10 10 10 10 0 S20 -10 20 0 Q25 5 30 0")
    assert line.points[14] == (10, 0)
    assert line.points[28] == (20, 0)
    assert line.points[-1] == (30, 0)
    assert max(y for _, y in line.points[:15]) == pytest.approx(7.5)


@pytest.mark.parametrize(("large", "sweep", "middle"), [(0, 1, (12, 3)), (1, 0, (12, 21))])
def test_an_arc_keeps_its_distance(large: int, sweep: int, middle: tuple[float, float]) -> None:
    (line,) = trace(f"M3 12 A9 9 0 {large} {sweep} 21 12")
    assert all(isclose(hypot(x - 12, y - 12), 9, abs_tol=1e-6) for x, y in line.points)
    assert min(hypot(x - middle[0], y - middle[1]) for x, y in line.points) < 0.3


def test_a_circle() -> None:
    (line,) = trace("O5 6 2")
    assert line.closed
    assert all(isclose(hypot(x - 5, y - 6), 2) for x, y in line.points)


@pytest.mark.parametrize("path", ["M1", "M1 2 L3", "H", "M1 2 hello", "M1 2 X3 4", "<svg>"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError):
        trace(path)


def test_round_corners_stay_inside() -> None:
    corners = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
    found = rounded(corners, 3)
    assert all(0 <= x <= 10 and 0 <= y <= 10 for x, y in found)
    assert (0.0, 0.0) not in found
    assert (3.0, 0.0) in [(round(x, 6), round(y, 6)) for x, y in found]


# --- shapes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_fits_the_picture_and_holds_its_emblem(shape: Shape) -> None:
    corners = outline(shape)
    assert all(abs(part) < 1.12 for corner in corners for part in corner)
    assert min(hypot(x, y) for x, y in corners) > 0.7


@pytest.mark.parametrize("shape", SHAPES)
def test_ornaments_stand_inside_at_equal_steps(shape: Shape) -> None:
    inside = Mask(320).fill([(50 + 40 * x, 50 + 40 * y) for x, y in outline(shape)]).done()
    for (x, y), _ in along(shape, 0.07, 40):
        assert inside.getpixel((round((50 + 40 * x) * 3.2), round((50 + 40 * y) * 3.2))) == 255


# --- emblems --------------------------------------------------------------------------------------------------


def drawn(slug: str, size: int = 48) -> Image.Image:
    return draw(Mask(size), slug, (50, 50), 100).done()


def test_there_are_emblems_for_many_shops() -> None:
    assert len(NAMES) >= 24
    wanted = {"bread", "apple", "carrot", "basket", "cup", "leaf", "star", "heart", "flame", "crown", "key", "gift",
              "calendar", "map-pin", "medal"}  # fmt: skip
    assert wanted <= set(NAMES)


def test_every_emblem_has_its_file_and_every_file_its_name() -> None:
    folder = Path(__file__).parents[2] / "badges" / "emblems"
    assert {path.stem for path in folder.glob("*.txt")} == set(NAMES)
    assert list(NAMES) == sorted(NAMES)


@pytest.mark.parametrize("slug", NAMES)
def test_an_emblem_fills_its_grid_and_no_more(slug: str) -> None:
    for stroke in strokes(slug):
        if stroke.value:
            reach = stroke.width / 2
            points = [point for line in stroke.lines for point in line.points]
            assert all(v - reach >= -0.2 and v + reach <= 24.2 for point in points for v in point), slug
    mask = drawn(slug)
    covered = ImageStat.Stat(mask).mean[0] / 255
    assert 0.2 < covered < 0.75
    left, top, right, foot = mask.getbbox() or (0, 0, 0, 0)
    assert max(right - left, foot - top) >= 36


@pytest.mark.parametrize("slug", NAMES)
def test_an_emblem_is_crisp_in_the_smallest_badge(slug: str) -> None:
    """At 24 pixels most of it is either there or not: what is half there looks blurred."""
    counts = drawn(slug, 24).histogram()
    assert sum(counts[48:208]) / (24 * 24) < 0.3


def test_no_two_emblems_look_alike() -> None:
    small = {slug: drawn(slug, 24) for slug in NAMES}
    for one, other in combinations(NAMES, 2):
        difference = ImageStat.Stat(ImageChops.difference(small[one], small[other])).mean[0] / 255
        assert difference > 0.08, (one, other)


def test_a_stranger_among_emblems_is_refused() -> None:
    with pytest.raises(ValueError, match="no emblem"):
        strokes("../../etc/passwd")
