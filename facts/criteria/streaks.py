"""Streaks: periods in a row in which something happened, on the member's own calendar.

A missed period breaks a streak, unless the member was away for half of it, or a freeze was left: it keeps the streak
and never lengthens it. Freezes are used by themselves, oldest missed period first; a month (for streaks by month: a
year) has at most two. Who travels is not punished: of the day before by the old clock and by the new one, the later
counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import Field as Bound

from facts.criteria.filters import CLOSED, ORDERS, Filter
from facts.criteria.seen import Place, Seen
from facts.criteria.shared import UpTo, Where, Whole
from facts.criteria.windows import period_days, period_of

FREEZES_MAX = 2
GAP_MAX = 60  # missed periods that are looked at one by one
Reason = Literal["", "none_left", "no_freezes", "too_long"]


@dataclass(slots=True)
class Chain:
    """A streak as it is kept. `last` is the last period that counted, `at` the moment (seconds) it did.

    `frozen` are the periods that freezes kept; `within` counts facts of the period that is not full yet. `broke` is
    how the one before ended: the missed period, the reason, and how long it was; None when none ever did.
    """

    last: int = 0
    length: int = 0
    best: int = 0
    at: int = 0
    frozen: list[int] = field(default_factory=list[int])
    within: tuple[int, int] = (0, 0)
    broke: tuple[int, Reason, int] | None = None

    @staticmethod
    def of(state: Any) -> Chain:
        """From its JSON."""
        if not state:
            return Chain()
        last, length, best, at, frozen, within, *more = state
        return Chain(
            last, length, best, at, list(frozen), (within[0], within[1]), tuple(more[0]) if more else None
        )

    def state(self) -> list[Any]:
        """As JSON."""
        said = [self.last, self.length, self.best, self.at, self.frozen, list(self.within)]
        return [*said, list(self.broke)] if self.broke else said


@dataclass(frozen=True, slots=True)
class Missed:
    """A period in which nothing happened: `away`, `frozen`, or `broken` with the reason why no freeze helped."""

    period: int
    how: Literal["away", "frozen", "broken"]
    reason: Reason = ""


@dataclass(frozen=True, slots=True)
class Streak(Whole, UpTo, Where):
    """So many periods in a row: `every` day, week or month with `times` fitting facts."""

    __pydantic_config__ = CLOSED

    kind: Literal["streak"]
    every: Literal["day", "week", "month"]
    at_least: Annotated[int, Bound(ge=2, le=1000)]
    where: Filter = ORDERS
    times: Annotated[int, Bound(ge=1, le=50)] = 1
    freezes: Annotated[int, Bound(ge=0, le=FREEZES_MAX)] = 0

    def step(self, state: Any, seen: Seen, enough: int) -> Any:
        """One more of the period; the period counts when it is full."""
        if self.where.lines(seen) is None:
            return state
        chain = Chain.of(state)
        now = period_of(seen.day, self.every)
        last = self._last(chain, seen.place)
        if chain.length and now <= last:
            return state
        done = chain.within[1] + 1 if chain.within[0] == now else 1
        chain.within = (now, done)
        if done < self.times:
            return chain.state()
        missed = list(self.missed(chain, now, seen.place)) if chain.length else []
        for one in missed:
            if one.how == "broken":
                chain.broke, chain.length = (one.period, one.reason, chain.length), 0
        chain.frozen = [*chain.frozen, *(one.period for one in missed if one.how == "frozen")][-12:]
        chain.length += 1
        chain.best = max(chain.best, chain.length)
        chain.last, chain.at, chain.within = now, int(seen.event.at.timestamp()), (0, 0)
        return chain.state()

    def _last(self, chain: Chain, place: Place) -> int:
        """The last period that counted, by the clock that is kinder."""
        if not chain.length:
            return 0
        moment = datetime.fromtimestamp(chain.at, UTC).astimezone(place.zone)
        return max(chain.last, period_of(moment.toordinal(), self.every))

    def missed(self, chain: Chain, now: int, place: Place) -> Iterator[Missed]:
        """What became of each period between the last that counted and `now`, neither included."""
        first = self._last(chain, place) + 1
        if now - first > GAP_MAX:
            yield Missed(first, "broken", "too_long")
            return
        frozen = list(chain.frozen)
        for period in range(first, now):
            if self._is_away(period, place):
                yield Missed(period, "away")
            elif self._left(frozen, period):
                frozen.append(period)
                yield Missed(period, "frozen")
            else:
                yield Missed(period, "broken", "none_left" if self.freezes else "no_freezes")
                return

    def _is_away(self, period: int, place: Place) -> bool:
        """Whether the member was away for at least half of a period's days: a day away excuses no week."""
        start, end = period_days(period, self.every)
        days = {day for first, last in place.away for day in range(max(first, start), min(last + 1, end))}
        return 2 * len(days) >= end - start

    def _left(self, frozen: list[int], period: int) -> bool:
        return sum(self._budget(one) == self._budget(period) for one in frozen) < self.freezes

    def _budget(self, period: int) -> int:
        """The month whose freezes a period uses: that of its last day; the year, for streaks by month."""
        last = period_days(period, self.every)[1] - 1
        return period_of(last, "year" if self.every == "month" else "month")

    def freezes_left(self, state: Any, day: int) -> int:
        """How many freezes are left for the period of a day."""
        period = period_of(day, self.every)
        used = sum(self._budget(one) == self._budget(period) for one in Chain.of(state).frozen)
        return max(0, self.freezes - used)

    def value(self, state: Any, day: int, place: Place) -> int:
        """The length, as long as it is not broken; a period that is not over yet breaks nothing."""
        chain = Chain.of(state)
        if not chain.length:
            return 0
        now = period_of(day, self.every)
        broken = any(one.how == "broken" for one in self.missed(chain, now, place))
        return 0 if broken else chain.length
