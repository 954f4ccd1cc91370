"""What a badge looks like, as data: shape, ring, field, emblem, ribbon and colour. `badges.art` draws it.

No words are drawn but a level or a member's edition number, so one picture serves every language.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from badges.emblems import NAMES
from facts.said import Said

Shape = Literal["circle", "shield", "hexagon", "octagon", "diamond", "star", "scallop", "tile"]
Ring = Literal["plain", "double", "beaded", "notched"]
Ground = Literal["plain", "rays", "dots", "stripes", "split"]
Ribbon = Literal["none", "tails", "banner"]
Rarity = Literal["common", "uncommon", "rare", "epic", "legendary"]
TierColour = Literal["tier-1", "tier-2", "tier-3", "tier-4"]

RARITIES: tuple[Rarity, ...] = get_args(Rarity)
TIER_COLOURS: tuple[TierColour, ...] = get_args(TierColour)
_HEX = re.compile(r"#[0-9a-f]{6}\Z")
_DIGEST = re.compile(r"[0-9a-f]{32}\Z")


def _hex(value: str) -> str:
    lower = value.lower()
    if not _HEX.match(lower):
        raise ValueError(Said('must be a colour such as "#2f8f5b"'))
    return lower


def _colour(value: str) -> str:
    if value in RARITIES or value in TIER_COLOURS:
        return value
    try:
        return _hex(value)
    except ValueError:
        known = ", ".join((*RARITIES, *TIER_COLOURS))
        raise ValueError(Said('must be one of {known}, or a colour such as "#2f8f5b"', known=known)) from None


def _emblem(value: str) -> str:
    if value in NAMES or _DIGEST.match(value):
        return value
    raise ValueError(
        Said("must be one of {known}, or the name of an uploaded picture", known=", ".join(NAMES))
    )


Hex = Annotated[str, AfterValidator(_hex)]
Colour = Annotated[str, AfterValidator(_colour)]
Emblem = Annotated[str, AfterValidator(_emblem)]


class Artwork(BaseModel):
    """The layers of a badge. `colour` is a rarity, a tier or a colour of its own; the rest follows from it.

    `emblem` is one of the built-in set, or the 32 digits by which an uploaded picture is kept. `field_colour`
    and `emblem_colour` replace what `colour` would give. With `numbered`, a holder's edition number is shown.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    shape: Shape = "circle"
    ring: Ring = "plain"
    field: Ground = "plain"
    emblem: Emblem = "star"
    ribbon: Ribbon = "none"
    colour: Colour = "common"
    field_colour: Hex | None = None
    emblem_colour: Hex | None = None
    numbered: Annotated[bool, Field(strict=True)] = False

    @property
    def uploaded(self) -> str:
        """The name of the uploaded emblem; nothing for a built-in one."""
        return self.emblem if self.emblem not in NAMES else ""
