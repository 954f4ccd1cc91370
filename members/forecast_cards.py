"""What the member page says of an order that is still to come."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ForecastCard:
    """What spending so much would bring: the order in words, the points, and the tier with how long it is kept.

    `beside` is what goes to wallets beside points. Where orders bring no points, `points` is what goes to the first
    of them.
    """

    order: str = ""
    points: str = ""
    beside: tuple[str, ...] = ()
    tier: str = ""
    tone: str = "1"
    kept: str = ""
