"""Ribbons: two tails that hang from behind a badge, or a band across it."""

from __future__ import annotations

from badges.art.canvas import Mask, Sheet, within
from badges.art.colours import Palette, tone
from badges.art.outline import Point, bezier

BAND = 17.0  # height of a banner
SAG = 3.4


def tails(sheet: Sheet, colours: Palette, centre: Point, radius: float) -> None:
    """Two tails with notched ends, in shade near the badge."""
    x, y = centre
    for side in (-1, 1):
        top = y + radius * 0.55
        inner, outer = x + side * radius * 0.02, x + side * radius * 0.56
        slant = side * radius * 0.24
        foot = 98.0
        points = [
            (inner, top),
            (outer, top),
            (outer + slant, foot - 3.5),
            ((inner + outer) / 2 + slant * 1.02, foot - 6.5),
            (inner + slant * 0.9, foot),
        ]
        sheet.lay(Mask(sheet.size).fill(points).done(), (colours.tail[1], colours.tail[0]))
        fold = [(inner, top), (inner + slant * 0.9, foot)]
        sheet.lay(Mask(sheet.size).stroke(fold, 1.4).done(), tone(colours.tail[1], -0.05))


def banner_middle(centre: Point, radius: float) -> float:
    """The height at which words on the band stand."""
    return centre[1] + radius * 0.66 + SAG / 2


def banner(sheet: Sheet, colours: Palette, centre: Point, radius: float) -> None:
    """A band across the lower third, its ends folded back."""
    x, y = centre[0], centre[1] + radius * 0.66
    half, end, top, foot = 38.0, 48.5, y - BAND / 2, y + BAND / 2
    for side in (-1, 1):
        points = [
            (x + side * (half - 9), top + 4.5),
            (x + side * end, top + 4.5),
            (x + side * (end - 5), y + 4.5),
            (x + side * end, foot + 4.5),
            (x + side * (half - 9), foot + 4.5),
        ]
        sheet.lay(Mask(sheet.size).fill(points).done(), colours.tail[1])
        corner = [
            (x + side * (half - 9), foot + 1),
            (x + side * half, foot),
            (x + side * (half - 9), foot + 4.5),
        ]
        sheet.lay(Mask(sheet.size).fill(corner).done(), tone(colours.tail[1], -0.12))
    upper = bezier([(x - half, top), (x, top + 2 * SAG), (x + half, top)])
    lower = bezier([(x + half, foot), (x, foot + 2 * SAG), (x - half, foot)])
    band = [(x - half, top), *upper, (x + half, foot), *lower]
    shadow = Mask(sheet.size).fill([(px, py + 1.6) for px, py in band]).done()
    sheet.lay(within(shadow, sheet.image.getchannel("A")), (0, 0, 0), 0.25)
    sheet.lay(Mask(sheet.size).fill(band).done(), (tone(colours.rim, 0.05), tone(colours.rim, -0.06)))
    stitch = [(px, py + 2.0) for px, py in [(x - half, top), *upper]]
    sheet.lay(Mask(sheet.size).stroke(stitch[2:-2], 0.8).done(), colours.line, 0.6)
