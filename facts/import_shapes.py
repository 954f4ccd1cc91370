"""What facts carry that bring a member over from another programme: balance, tier, and what happened there.

`item` names what came over for good, so that it can be taken back (`import.cancelled`) and come again otherwise.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from facts.shapes import Data, Key, Text

POINTS_MAX = 10**9
LOTS_MAX = 1000


class BroughtLot(Data):
    """Points that came over together. `since` is when they were earned there: it says in which order they go.

    Without `expires_at` they last as long as points that are earned here, or for ever when it says so (`lasts`).
    """

    points: Annotated[int, Field(gt=0, le=POINTS_MAX)]
    promotional: bool = False
    active_from: Text = ""
    expires_at: Text = ""
    lasts: bool = False
    since: Text = ""


class BroughtBalance(Data):
    """A balance that came over, in its lots."""

    item: Key
    lots: Annotated[list[BroughtLot], Field(min_length=1, max_length=LOTS_MAX)]


class BroughtTier(Data):
    """A tier that was held there. It is kept up to and including the day `until`, or for one period of the window."""

    item: Key
    tier: Key
    until: Text = ""


class BroughtEntry(Data):
    """Points that came or went there, and what for. It is told and moves nothing; the chain knows the words salted."""

    item: Key
    points: Annotated[int, Field(ge=-POINTS_MAX, le=POINTS_MAX)]
    reason: Annotated[str, Field(max_length=500)] = ""
    salt: Text = ""


class BroughtBack(Data):
    """Something that came over is as if it had never come."""

    item: Key
    reason: Text = ""
