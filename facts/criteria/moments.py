"""Criteria that are met at a moment: a date, a tier, one single fact, or a person's decision."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from facts.criteria.filters import CLOSED, ORDERS, Filter
from facts.criteria.seen import TIER_REACHED, Place, Seen
from facts.criteria.shared import Where, Whole
from facts.parts import Misfit
from facts.said import Said

_DAY = re.compile(r"(\d{4}-)?(\d{2})-(\d{2})\Z")


def real_days(on: tuple[str, ...], field: str) -> None:
    """Refuse a text that is no day, in the `field` that it stands in."""
    for i, text in enumerate(on):
        found = _DAY.match(text)
        try:
            assert found is not None
            date(int((found[1] or "2024-")[:4]), int(found[2]), int(found[3]))
        except (AssertionError, ValueError):
            said = Said("“{text}” is no day; write 12-25 for every year, or 2026-12-25", text=text)
            raise Misfit(said, field, i) from None


def is_on(on: tuple[str, ...], day: int) -> bool:
    """Whether a day (an ordinal) is one of these; 29 February is the 28th in years that have no 29th."""
    when = date.fromordinal(day)
    names = {when.isoformat(), f"{when:%m-%d}"}
    if when.month == 2 and when.day == 28 and when.year % 4:
        names |= {"02-29", f"{when.year}-02-29"}
    return not names.isdisjoint(on)


class _Once(Whole):
    """Met or not: the state is 1 once it is met."""

    __slots__ = ()

    @property
    def target(self) -> str:
        """Once."""
        return "1"

    @property
    def most(self) -> int | None:
        """Once is all there is."""
        return 1

    def value(self, state: Any, day: int, place: Place) -> int:
        """Whether it is met."""
        return int(bool(state))


@dataclass(frozen=True, slots=True)
class Event(_Once, Where):
    """A fact of this sort, once."""

    __pydantic_config__ = CLOSED

    kind: Literal["event"]
    where: Filter = ORDERS

    def step(self, state: Any, seen: Seen, enough: int) -> Any:
        """It happened."""
        return state or (1 if self.where.lines(seen) is not None else state)


@dataclass(frozen=True, slots=True)
class OnDate(_Once, Where):
    """A fact on one of these days of the member's calendar: `12-25` every year, or `2026-12-25`.

    What is meant for 29 February happens on the 28th in years that have no 29th.
    """

    __pydantic_config__ = CLOSED

    kind: Literal["date"]
    on: tuple[str, ...]
    where: Filter = ORDERS

    def __post_init__(self) -> None:
        """Days that exist."""
        if not self.on:
            raise Misfit(Said("name a day, such as 12-25"), "on")
        real_days(self.on, "on")

    def step(self, state: Any, seen: Seen, enough: int) -> Any:
        """It happened on that day."""
        return state or (1 if is_on(self.on, seen.day) and self.where.lines(seen) is not None else state)


@dataclass(frozen=True, slots=True)
class TierReached(_Once):
    """A tier, or one above it, that was reached."""

    __pydantic_config__ = CLOSED

    kind: Literal["tier"]
    tier: str

    def filters(self) -> Iterator[Filter | str]:
        """The engine's own event."""
        yield TIER_REACHED

    def step(self, state: Any, seen: Seen, enough: int) -> Any:
        """It was reached."""
        return state or (1 if seen.type == TIER_REACHED and self.tier in seen.data["tiers"] else state)


@dataclass(frozen=True, slots=True)
class Manual(_Once):
    """Staff decides, and says why."""

    __pydantic_config__ = CLOSED

    kind: Literal["manual"]

    def filters(self) -> Iterator[Filter | str]:
        """Nothing moves it by itself."""
        return iter(())

    def step(self, state: Any, seen: Seen, enough: int) -> Any:
        """Nothing happens by itself."""
        return state
