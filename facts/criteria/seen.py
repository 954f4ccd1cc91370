"""What a criterion looks at: one event of a member's history, with the calendar of the place where it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from facts.history import Event
from facts.orders import OrderLine

TIER_REACHED = "tier.reached"
"""An event that the engine makes itself when a member climbs; `data` names all tiers up to the one reached."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a member is: their `zone`, the local day on which they joined (an ordinal), and the days they are `away`.

    `away` are pairs of ordinals, first and last day of each absence. `digits` are the decimals of the currency.
    """

    zone: ZoneInfo
    joined: int
    digits: int = 2
    away: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """An event on the member's own calendar. `day` is an ordinal, `weekday` 0 for Monday, `hour` 0 to 23."""

    event: Event
    place: Place
    day: int
    weekday: int
    hour: int

    @staticmethod
    def of(event: Event, place: Place) -> Seen:
        """The event as the member's clock showed it."""
        local = event.at.astimezone(place.zone)
        return Seen(event, place, local.toordinal(), local.weekday(), local.hour)

    @property
    def type(self) -> str:
        """The fact's type."""
        return self.event.type

    @property
    def data(self) -> dict[str, Any]:
        """The fact's data."""
        return self.event.data

    @property
    def lines(self) -> Sequence[OrderLine]:
        """The order's lines, net of what came back; none for other facts."""
        return self.event.order.lines if self.event.order else ()

    @property
    def digits(self) -> int:
        """Decimals of the currency."""
        return self.place.digits
