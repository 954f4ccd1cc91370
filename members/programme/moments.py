"""Moments of the document that every calendar can hold: near the ends of time a zone has no day for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel

from facts.said import Said
from members.programme.problems import Problem

if TYPE_CHECKING:
    from members.programme.document import Programme

YEARS = (2000, 9000)
FIRST, LAST = datetime(YEARS[0], 1, 1, tzinfo=UTC), datetime(YEARS[1], 12, 31, tzinfo=UTC)
PARTS = ("rewards", "badges", "challenges", "goals", "boards")
NAMES = ("visible_from", "claimable_from", "until", "opens", "closes")
REMEDY = Said(
    "write a moment in the years from {first} to {last}, or leave it out", first=YEARS[0], last=YEARS[1]
)


def within(at: datetime) -> bool:
    """Whether a moment's year is one that a programme can name."""
    return YEARS[0] <= at.year <= YEARS[1]


def reachable(programme: Programme) -> Programme:
    """A stored programme with no moment out of reach: what was written before that was refused ends with the years."""
    changed: dict[str, object] = {}
    for part in PARTS:
        things = [_within_reach(thing) for thing in getattr(programme, part)]
        if any(now is not was for now, was in zip(things, getattr(programme, part), strict=True)):
            changed[part] = things
    return programme.model_copy(update=changed) if changed else programme


def _within_reach(thing: BaseModel) -> BaseModel:
    told = {name: at for name in NAMES if (at := getattr(thing, name, None)) and not within(at)}
    near = {name: FIRST if at.year < YEARS[0] else LAST for name, at in told.items()}
    return thing.model_copy(update=near) if near else thing


def moments(programme: Programme) -> Iterator[Problem]:
    """Moments out of all reach."""
    for part in PARTS:
        for i, thing in enumerate(getattr(programme, part)):
            for name in NAMES:
                at = getattr(thing, name, None)
                if at and not within(at):
                    yield Problem.at(
                        (part, i, name), Said("the year {year} is out of reach", year=at.year), REMEDY
                    )
