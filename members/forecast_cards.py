"""What the member page says of an order that is still to come."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ForecastCard:
    """What spending so much would bring: the order in words, the points, and the tier with how long it is kept."""

    order: str = ""
    points: str = ""
    tier: str = ""
    tone: str = "1"
    kept: str = ""
