"""One wallet of a member, plainly: piles of points, what is owed, and what is set aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

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

    @property
    def order(self) -> tuple[Any, ...]:
        """Promotional first, then by the end, then by when they came."""
        return (not self.promotional, self.end or FAR, self.place)


@dataclass
class Purse:
    """`policy` is what follows when there is too little, `limit` how much is owed at most.

    `holds` are what is set aside, and when it is spent; `active` is the last day on which something was done.
    """

    policy: str
    limit: int
    lasting: Lasting
    piles: list[Pile] = field(default_factory=list)
    owed: list[int] = field(default_factory=list)
    holds: dict[str, tuple[int, datetime | None]] = field(default_factory=dict)
    active: date | None = None

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
        """What is over by now is gone, and what was set aside is spent when its time has come."""
        for pile in self.piles:
            if pile.left and self.end(pile) <= now:
                pile.left = 0
        self.holds = {name: hold for name, hold in self.holds.items() if not (hold[1] and hold[1] <= now)}

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
        if points and self.policy == "refuse":
            raise ShortError(points)
        if points and self.policy == "debt":
            debt = min(points, max(0, self.limit - self.debt))
            self.owed += [debt] if debt else []
