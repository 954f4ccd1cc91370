"""Cards of the calculator on the rules page. Frozen, finished texts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReckonedCard:
    """What an amount would bring a member of one tier, and how much of it points could pay."""

    tier: str = ""
    points: str = ""
    worth: str = ""
    could_pay: str = ""
