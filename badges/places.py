"""Places: how scores become places, how a place is found without counting everybody, and who climbs in a league. Pure.

The counts are a tree. On its lowest level a bucket is one score, on each level above it holds 128 of those below. Who
has more than a score lies in the buckets to the right of the way down: never more than 128 on each of five levels,
however many members there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

BITS, LEVELS = 7, 5


def places(scores: Sequence[int]) -> list[int]:
    """The places of scores that fall: ties share one, and the next counts all before it (1, 2, 2, 4)."""
    found: list[int] = []
    for i, score in enumerate(scores):
        found.append(found[-1] if i and score == scores[i - 1] else i + 1)
    return found


def buckets(score: int) -> Iterator[tuple[int, int]]:
    """The bucket in which a score is counted, on each level."""
    return ((level, score >> BITS * level) for level in range(LEVELS))


def above(score: int) -> Iterator[tuple[int, int, int | None]]:
    """The buckets of everybody with more: level, first bucket, and the first one after them (None: no end)."""
    for level in range(LEVELS):
        first = (score >> BITS * level) + 1
        yield level, first, ((first - 1 >> BITS) + 1 << BITS) if level < LEVELS - 1 else None


def moved(changes: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """What (before, after) scores change in the counts; 0 is not counted."""
    found: dict[tuple[int, int], int] = {}
    for before, after in changes:
        for score, sign in ((before, -1), (after, 1)):
            for bucket in buckets(score) if score > 0 else ():
                found[bucket] = found.get(bucket, 0) + sign
    return {bucket: number for bucket, number in found.items() if number}


@dataclass(frozen=True, slots=True)
class Zones:
    """How many of a circle climb, and how many go down."""

    up: int
    down: int


def zones(members: int, division: int, divisions: int, size: int, up: int, down: int) -> Zones:
    """The zones of a circle of so many: a full one has `up` and `down`, a smaller one fewer, in proportion.

    Nobody climbs out of the highest division or falls from the lowest; of two or more, the best always climbs.
    """
    share = min(1.0, members / size)
    rising = max(1, int(up * share)) if members > 1 and division < divisions - 1 else 0
    falling = int(down * share) if division > 0 else 0
    return Zones(rising, min(falling, max(0, members - 1 - rising)))


def moves(scores: Sequence[int], zone: Zones) -> list[int]:
    """What becomes of each, scores falling: 1 climbs, -1 goes down, 0 stays. A tie at an edge is decided kindly."""
    found: list[int] = []
    last = len(scores)
    for score, place in zip(scores, places(scores), strict=True):
        at_or_below = last - sum(one > score for one in scores)
        found.append(1 if place <= zone.up else -1 if at_or_below <= zone.down else 0)
    return found
