"""Moments of the document that every calendar can hold: near the ends of time a zone has no day for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from members.programme.problems import Problem

if TYPE_CHECKING:
    from members.programme.document import Programme

YEARS = (2000, 9000)
NAMES = ("visible_from", "claimable_from", "until", "opens", "closes")
REMEDY = f"write a moment in the years from {YEARS[0]} to {YEARS[1]}, or leave it out"


def within(at: datetime) -> bool:
    """Whether a moment's year is one that a programme can name."""
    return YEARS[0] <= at.year <= YEARS[1]


def moments(programme: Programme) -> Iterator[Problem]:
    """Moments out of all reach."""
    parts: tuple[tuple[str, Sequence[object]], ...] = (
        ("rewards", programme.rewards),
        ("badges", programme.badges),
        ("challenges", programme.challenges),
        ("goals", programme.goals),
        ("boards", programme.boards),
    )
    for part, things in parts:
        for i, thing in enumerate(things):
            for name in NAMES:
                at = getattr(thing, name, None)
                if at and not within(at):
                    yield Problem.at((part, i, name), f"the year {at.year} is out of reach", REMEDY)
