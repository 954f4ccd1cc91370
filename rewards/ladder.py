"""The ladder made ready: what is counted of an event, what days come to, and which level that is. Pure.

A day is a row [day, spend in minor units, points earned], and behind it, only where a programme asks for it, how often
what else happened: {"orders": 2, "referrals": 1, "review.posted": 1}. So rows of other versions can always be read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from facts.history import Event
from facts.money import minor
from rewards.tier_document import Basis, Level, Tiers

Row = list[Any]
SPEND, POINTS, MORE = 1, 2, 3
COLUMNS = {Basis.SPEND.value: SPEND, Basis.POINTS_EARNED.value: POINTS}
FRIEND = "referral.bought"


@dataclass(frozen=True, slots=True)
class Step:
    """What a level asks for: the number of a measure, and how much of it (money in minor units); of `either` one."""

    asks: tuple[tuple[int, int], ...]
    either: bool = False
    closed: bool = False

    def met(self, totals: Sequence[int]) -> bool:
        """Whether the totals are enough; those of a level by invitation never are."""
        if self.closed:
            return False
        enough = (totals[number] >= amount for number, amount in self.asks)
        return any(enough) if self.either else all(enough)


@dataclass(frozen=True, slots=True)
class Ladder:
    """A ladder as the engine climbs it. `reads` says where each of the `measures` is found in a day's row.

    `counts` is what is counted besides spend and points; `thresholds` are there where all levels ask for the basis.
    """

    measures: tuple[str, ...]
    reads: tuple[int | tuple[str, ...], ...]
    steps: tuple[Step, ...]
    counts: frozenset[str]
    order_min: int
    thresholds: tuple[int, ...]

    @staticmethod
    def of(tiers: Tiers, digits: int) -> Ladder:
        """The ladder of a document, with money in minor units of the programme's currency."""
        measures = tiers.measures
        reads = tuple(_read(name, tiers) for name in measures)
        counts = frozenset(name for read in reads if isinstance(read, tuple) for name in read)
        steps = tuple(_step(level, tiers, measures, digits) for level in tiers.levels)
        plain = len(measures) == 1 and not any(step.closed or step.either for step in steps)
        thresholds = tuple(step.asks[0][1] if step.asks else 0 for step in steps) if plain else ()
        least = minor(tiers.order_min, digits) if counts else 0
        return Ladder(measures, reads, steps, counts, least, thresholds)

    def counted_in(self, event: Event) -> dict[str, int] | None:
        """What an event counts for besides spend and points; a friend counts with their first purchase."""
        name = event.type
        if event.order is not None:
            name = Basis.ORDERS.value if event.order.amount >= self.order_min else ""
        elif name == FRIEND:
            name = Basis.REFERRALS.value if event.data.get("order") == 1 else ""
        return {name: 1} if name in self.counts else None

    def totals(self, rows: Sequence[Row]) -> list[int]:
        """What the rows come to, by measure."""
        return [_sum(rows, read) for read in self.reads]

    def level(self, totals: Sequence[int]) -> int:
        """The highest level that is reached with totals."""
        if self.thresholds:
            return bisect_right(self.thresholds, totals[0]) - 1
        return next((i for i in range(len(self.steps) - 1, 0, -1) if self.steps[i].met(totals)), 0)

    def above(self, index: int) -> int | None:
        """The next level that can be climbed to; None at the top."""
        return next((i for i in range(index + 1, len(self.steps)) if not self.steps[i].closed), None)

    def below(self, index: int) -> int:
        """The next lower level that is not by invitation."""
        return next(i for i in range(index - 1, -1, -1) if not self.steps[i].closed)


def add(rows: list[Row], day: int, spend: int, points: int, more: dict[str, int] | None = None) -> None:
    """Count what was spent and earned on a day, and what else happened."""
    if not rows or rows[-1][0] < day:
        row: Row = [day, spend, points]
        rows.append(row)
    elif rows[-1][0] == day:
        row = rows[-1]
        row[SPEND] += spend
        row[POINTS] += points
    else:
        at = next(i for i, one in enumerate(rows) if one[0] >= day)
        if rows[at][0] != day:
            rows.insert(at, [day, 0, 0])
        row = rows[at]
        row[SPEND] += spend
        row[POINTS] += points
    if more:
        if len(row) == MORE:
            row.append({})
        for name, number in more.items():
            row[MORE][name] = row[MORE].get(name, 0) + number


def fold_in(rows: list[Row], before: int) -> None:
    """Make one row of all that lie before a day: for who counts for a lifetime, the days do not matter."""
    while len(rows) > 1 and rows[1][0] < before:
        old = rows.pop(0)
        first = rows[0]
        add(rows, first[0], old[SPEND], old[POINTS], old[MORE] if len(old) > MORE else None)


def _read(name: str, tiers: Tiers) -> int | tuple[str, ...]:
    if name in COLUMNS:
        return COLUMNS[name]
    return tuple(tiers.facts) if name == Basis.FACTS.value else (name,)


def _step(level: Level, tiers: Tiers, measures: tuple[str, ...], digits: int) -> Step:
    asked = level.asked(tiers.basis).items()
    scale = 10**digits
    asks = tuple((measures.index(name), n * scale if name == Basis.SPEND.value else n) for name, n in asked)
    return Step(asks, level.either, level.invite_only)


def _sum(rows: Iterable[Row], read: int | tuple[str, ...]) -> int:
    if isinstance(read, int):
        return sum(row[read] for row in rows)
    return sum(row[MORE].get(name, 0) for row in rows if len(row) > MORE for name in read)
