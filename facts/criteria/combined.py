"""Criteria made of criteria: ALL of them, ANY one, or so many of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field as Bound

from facts.criteria.filters import CLOSED, Filter
from facts.criteria.measures import Count, Distinct, Largest, Sum
from facts.criteria.moments import Event, Manual, OnDate, TierReached
from facts.criteria.seen import Place, Seen
from facts.criteria.shared import UpTo, Whole
from facts.criteria.streaks import Streak
from facts.money import minor
from facts.parts import Misfit
from facts.said import Said


def goal(target: str, decimals: int | None, place: Place) -> int:
    """A target as the whole number that values are compared with."""
    return minor(target, place.digits if decimals is None else decimals)


class _Combined(Whole):
    """Counts how many of its parts are fulfilled."""

    __slots__ = ()

    of: tuple[Any, ...]

    @property
    def most(self) -> int | None:
        """All parts."""
        return len(self.of)

    def filters(self) -> Iterator[Filter | str]:
        """Whatever moves a part."""
        for part in self.of:
            yield from part.filters()

    def step(self, state: Any, seen: Seen, enough: int) -> Any:
        """Each part takes its step."""
        before = state or [None] * len(self.of)
        after = [
            part.step(old, seen, goal(part.target, part.decimals, seen.place))
            for part, old in zip(self.of, before, strict=True)
        ]
        return state if after == before else after

    def value(self, state: Any, day: int, place: Place) -> int:
        """How many parts are fulfilled on a day."""
        return sum(self.met(state, day, place))

    def met(self, state: Any, day: int, place: Place) -> list[bool]:
        """For each part whether it is fulfilled."""
        return [
            part.value(old, day, place) >= goal(part.target, part.decimals, place)
            for part, old in zip(self.of, state or [None] * len(self.of), strict=True)
        ]


@dataclass(frozen=True, slots=True)
class All(_Combined):
    """All of these at the same time."""

    __pydantic_config__ = CLOSED

    kind: Literal["all"]
    of: Annotated[tuple[Criterion, ...], Bound(min_length=2, max_length=20)]

    @property
    def target(self) -> str:
        """Every one."""
        return str(len(self.of))


@dataclass(frozen=True, slots=True)
class Any_(_Combined):  # noqa: N801 - `Any` is taken
    """One of these."""

    __pydantic_config__ = CLOSED

    kind: Literal["any"]
    of: Annotated[tuple[Criterion, ...], Bound(min_length=2, max_length=20)]

    @property
    def target(self) -> str:
        """One is enough."""
        return "1"


@dataclass(frozen=True, slots=True)
class SoMany(_Combined, UpTo):
    """So many of these: `n_of` with `at_least`."""

    __pydantic_config__ = CLOSED

    kind: Literal["n_of"]
    at_least: Annotated[int, Bound(ge=1, le=20)]
    of: Annotated[tuple[Criterion, ...], Bound(min_length=2, max_length=20)]

    def __post_init__(self) -> None:
        """It must be possible."""
        if self.at_least > len(self.of):
            raise Misfit(
                Said(
                    "at_least is {at_least}, and there are only {number} to fulfil",
                    at_least=self.at_least,
                    number=len(self.of),
                ),
                "at_least",
            )


Criterion = Annotated[
    Count | Sum | Distinct | Largest | Streak | OnDate | TierReached | Manual | Event | All | Any_ | SoMany,
    Bound(discriminator="kind"),
]
"""One question about what a member did. Closed: a new kind is one class here, and one line in `KINDS`."""

KINDS = (Count, Sum, Distinct, Largest, Streak, OnDate, TierReached, Manual, Event, All, Any_, SoMany)
