"""One wallet of a member, plainly: piles of points, what is owed, and what is set aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.model.arithmetic import key_of, local_day, midnight
from tests.model.lasting import FAR, Lasting


class ShortError(Exception):
    """There are too few points, and the shop refuses that."""


@dataclass
class Pile:
    """Points that came together. `end` is None where they last as long as something is done; `gift`: can be given."""

    name: str
    left: int
    promotional: bool
    start: datetime
    born: date
    end: datetime | None
    place: tuple[Any, ...]
    gift: bool = False
    opened: datetime | None = None  # when it came here, if it was somewhere else before

    @property
    def order(self) -> tuple[Any, ...]:
        """Promotional first, then by the end, then by when they came, then by name."""
        return (not self.promotional, self.end or FAR, self.place, self.name)


@dataclass
class Away:
    """Points of a pile that were away until a moment; `over` once it has ended without them."""

    pile: Pile
    points: int
    back: datetime
    name: str
    over: bool = False


@dataclass
class Purse:
    """`policy` is what follows when there is too little, `limit` how much is owed at most.

    `holds` are what is set aside, and when it is spent; `active` is the last day on which something was done. What
    comes back too late lasts `grace` days.
    """

    policy: str
    limit: int
    lasting: Lasting
    piles: list[Pile] = field(default_factory=list)
    owed: list[int] = field(default_factory=list)
    holds: dict[str, tuple[int, datetime | None]] = field(default_factory=dict)
    active: date | None = None
    grace: int = 0
    away: list[Away] = field(default_factory=list)

    @property
    def debt(self) -> int:
        return sum(self.owed)

    @property
    def held(self) -> int:
        return sum(points for points, _ in self.holds.values())

    def end(self, pile: Pile) -> datetime:
        """When a pile is over, as things stand."""
        return pile.end or self.lasting.idle(pile.born, self.active)

    def available(self, now: datetime) -> int:
        return sum(pile.left for pile in self.live(now))

    def pending(self, now: datetime) -> int:
        return sum(pile.left for pile in self.piles if pile.start > now)

    def live(self, at: datetime) -> list[Pile]:
        """What can be spent, in the order in which it goes."""
        there = [pile for pile in self.piles if pile.left and pile.start <= at < self.end(pile)]
        return sorted(there, key=lambda pile: pile.order)

    def pass_until(self, now: datetime) -> None:
        """What is over by now is gone, what comes back too late has its grace, and what was set aside is spent."""
        while (at := self.next_change()) <= now:
            for pile in self.piles:
                if pile.left and self.end(pile) <= at:
                    self.lose(pile)
            back = [one for one in self.away if one.back <= at]
            self.away = [one for one in self.away if one.back > at]
            for one in back:
                self.come_back(one)
        self.holds = {name: hold for name, hold in self.holds.items() if not (hold[1] and hold[1] <= now)}

    def next_change(self) -> datetime:
        """When the next pile ends, or points come back that were away."""
        ends = [self.end(pile) for pile in self.piles if pile.left]
        return min([*ends, *(one.back for one in self.away)], default=FAR)

    def lose(self, pile: Pile) -> None:
        """A pile is over. What of it is away is over when it comes back."""
        for one in self.away:
            if one.pile is pile:
                one.points, one.over = min(one.points, pile.left), True
                pile.left -= one.points
        pile.left = 0

    def come_back(self, one: Away) -> None:
        """Of a pile that is over they last some days more, once."""
        if one.over and one.points and not one.pile.name.startswith("restore|"):
            name, day = f"restore|{one.name}|{one.pile.name}", local_day(one.back)
            end, place = midnight(day + timedelta(days=self.grace + 1)), (one.back, "", name, "")
            self.put(Pile(name, one.points, one.pile.promotional, one.back, day, end, place))

    def set_away(self, fact: dict[str, Any]) -> None:
        """What was away is what would have been spent then; what came with the same fact is none of it."""
        points = fact["points"]
        for pile in self.live(fact["at"]):
            if pile.place[:3] != key_of(fact):
                part = min(points, pile.left - sum(one.points for one in self.away if one.pile is pile))
                if part > 0:
                    self.away.append(Away(pile, part, fact["back"], fact["name"]))
                    points -= part

    def put(self, pile: Pile) -> None:
        """New points pay what is owed first, the oldest debt first."""
        while self.owed and pile.left:
            paid = min(self.owed[0], pile.left)
            pile.left -= paid
            self.owed[0] -= paid
            if not self.owed[0]:
                del self.owed[0]
        self.piles.append(pile)

    def take(self, points: int, at: datetime, first: Callable[[Pile], bool] = lambda pile: True) -> None:
        """Spend, of what is asked for first; what is missing is refused, owed or forgiven."""
        there = self.live(at)
        for pile in sorted(there, key=lambda pile: not first(pile)):
            part = min(points, pile.left)
            pile.left -= part
            points -= part
        self.miss(points)

    def miss(self, points: int) -> None:
        """What is spent and is not there."""
        if points and self.policy == "refuse":
            raise ShortError(points)
        if points and self.policy == "debt":
            debt = min(points, max(0, self.limit - self.debt))
            self.owed += [debt] if debt else []
