"""Facts into the programme, some hundred in one transaction, and the report of what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from time import perf_counter

from sqlalchemy import Engine

from app.database import attempt
from facts.events import Fact
from members.actions.record import record

BATCH_FACTS = 500
STRETCH_FACTS = 10_000  # held in memory at a time
REFUSED_SHOWN = 20


@dataclass(slots=True)
class Posted:
    """What became of the facts of a file."""

    counts: Counter[str] = field(default_factory=Counter[str])
    points: int = 0
    refused: list[str] = field(default_factory=list[str])
    seconds: float = 0.0

    @property
    def total(self) -> int:
        """How many facts there were."""
        return sum(self.counts.values())


def post(engine: Engine, facts: Iterable[Fact], now: datetime, advance: Callable[[int], object]) -> Posted:
    """Record `facts` in batches, each in one transaction of its own; `advance` hears of each batch.

    It is `now` when the first is recorded, and later for each that follows.
    """
    posted = Posted()
    start = perf_counter()
    for batch in batches(facts, BATCH_FACTS):
        at = now + timedelta(seconds=perf_counter() - start)
        outcomes = attempt(engine, lambda session, batch=batch, at=at: record(session, batch, at))
        for fact, outcome in zip(batch, outcomes, strict=True):
            posted.counts[str(outcome.status)] += 1
            if outcome.refusal is not None and len(posted.refused) < REFUSED_SHOWN:
                posted.refused.append(f"{fact.id}: {outcome.refusal.sentence()}")
        gained = {one.member_id: one.points for one in outcomes if one.member_id and one.status == "recorded"}
        posted.points += sum(gained.values())
        advance(len(batch))
    posted.seconds = perf_counter() - start
    return posted


def batches(facts: Iterable[Fact], size: int) -> Iterator[list[Fact]]:
    """`facts` in lists of at most `size`, in which the facts of one person stand together.

    A batch that touches few members is weighed faster than one that touches many, so a stretch of history
    is put in order by person first; each person's own history stays in the order of time.
    """
    rest = iter(facts)
    while stretch := list(islice(rest, STRETCH_FACTS)):
        stretch.sort(key=lambda fact: fact.subject)
        for start in range(0, len(stretch), size):
            yield stretch[start : start + size]
