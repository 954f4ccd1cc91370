"""The fonts that pictures are written with: Onest for Latin and Cyrillic, Readex Pro for Arabic and Latin."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from PIL import ImageFont

FOLDER = Path(__file__).parents[2] / "assets" / "fonts"
Family = Literal["onest", "readex-pro"]
Weight = Literal["medium", "bold"]


@lru_cache(maxsize=256)
def font(family: Family, weight: Weight, size: float) -> ImageFont.FreeTypeFont:
    """A font of `size` pixels, shaped by raqm (HarfBuzz, FriBiDi)."""
    return ImageFont.truetype(FOLDER / f"{family}-{weight}.ttf", size, layout_engine=ImageFont.Layout.RAQM)
