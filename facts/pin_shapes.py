"""What facts carry when staff give a tier by hand, or take it off again."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from facts.shapes import Data, Key, Text

Day = Annotated[str, Field(pattern=r"^(\d{4}-\d\d-\d\d)?$")]


class PinnedData(Data):
    """A level that staff gave by hand, up to and including the day `until` (ISO 8601; "" for no end), and why."""

    pin_id: Key
    tier: Key
    until: Day = ""
    reason: Annotated[str, Field(min_length=3, max_length=500)]
    actor: Key


class LentData(Data):
    """A level that was brought along to another account of the same person, and counts as earned up to and including
    the day `until` (ISO 8601; "" for no end).
    """

    tier: Key
    until: Day = ""


class HeldData(Data):
    """A level that staff gave on another account of the same person, up to and including `until`, at the moment `since`
    (both ISO 8601).
    """

    tier: Key
    until: Day = ""
    since: Text


class UnpinnedData(Data):
    """The level that staff gave is taken off, and why."""

    pin_id: Key
    reason: Annotated[str, Field(min_length=3, max_length=500)]
    actor: Key
