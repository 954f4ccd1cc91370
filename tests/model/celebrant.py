"""Members who say when they were born, at random, and the days of the year that are paid for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from facts.events import OWN_SOURCE
from members.actions.occasions import anniversaries, birthdays
from members.actions.own import tell
from members.tables import Member
from tests.model.arithmetic import local_day, midnight
from tests.model.life import Life
from tests.model.teller import attempt

TOLD_BEFORE, FIXED, APART, LATE = (timedelta(days=days) for days in (30, 365, 330, 7))


@dataclass
class Celebrant(Life):
    """Random operations on birthdays: `born` is what somebody said and when, `since` when they were first heard of."""

    born: dict[str, tuple[date, datetime]] = field(default_factory=dict)
    since: dict[str, datetime] = field(default_factory=dict)

    def operations(self) -> dict[str, int]:
        return super().operations() | ({"say": 3, "celebrate": 4} if self.terms.habits else {})

    def member(self, who: str) -> UUID | None:
        found = super().member(who)
        if found:
            self.since.setdefault(who, self.now)
        return found

    def say(self, who: str) -> None:
        """A birthday, which can be corrected once a year. Who says it has joined by then."""
        me = self.member(who)
        if me is None:
            return
        self.session.get_one(Member, me).status = "active"
        day = local_day(self.now) + timedelta(days=self.chance.choice([8, 15, 22, 31, 34, 38]))
        day = date(1980, 2, 29) if self.chance.random() < 0.2 else day.replace(year=1980)
        before = self.born.get(who)
        fixed = before and before[0] != day and self.now < before[1] + FIXED
        _, refused = attempt(lambda: tell(self.session, me, self.now, birthday=day.isoformat()))
        assert refused == ("birthday_fixed" if fixed else None), self.said((before, day, refused))
        self.done[str(refused)] += bool(refused)
        if not fixed and (before is None or before[0] != day):
            self.born[who] = (day, self.now)
        if before is None:
            fact = {"type": "said", "at": self.now, "source": OWN_SOURCE, "id": f"profile:{me}:birthday"}
            self.facts[who].append(fact)

    def celebrate(self, who: str) -> None:
        """The nightly job records whose day it was lately, each once."""
        self.every(birthdays)
        self.every(anniversaries)
        for one in self.facts:
            if me := self.member(one):
                found = [*self.birthday(one, me), *self.anniversary(one, me)]
                self.facts[one] += found
                self.done.update(fact["type"] for fact in found)
        for one in self.facts:
            self.check(one)

    def lapse(self) -> None:
        super().lapse()
        if self.terms.habits:
            self.celebrate("")

    def every(self, job: Callable[..., tuple[int, UUID | None]]) -> None:
        after, more = None, True
        while more:
            _, after = job(self.session, self.now, after)
            more = after is not None

    def birthday(self, who: str, me: UUID) -> list[dict[str, Any]]:
        """Told thirty days before; once in a calendar year, and not within 330 days of the last one."""
        if who not in self.born:
            return []
        born, told = self.born[who]
        day = lately(born, local_day(self.now))
        at = midnight(day)
        had = [fact["at"] for fact in self.facts[who] if fact["type"] == "birthday"]
        again = any(local_day(one).year == day.year or abs(at - one) < APART for one in had)
        if again or told + TOLD_BEFORE > at or at <= self.now - LATE:
            return []
        return [{"type": "birthday", "at": at, "source": OWN_SOURCE, "id": f"birthday:{me}:{day.year}"}]

    def anniversary(self, who: str, me: UUID) -> list[dict[str, Any]]:
        """Each year after the day on which somebody who joined was first heard of."""
        if who not in self.born:
            return []
        first = local_day(self.since[who])
        day = lately(first, local_day(self.now))
        at, years = midnight(day), day.year - first.year
        name = f"anniversary:{me}:{years}"
        had = {fact["id"] for fact in self.facts[who]}
        if years < 1 or name in had or at <= self.now - LATE:
            return []
        return [{"type": "yearly", "at": at, "source": OWN_SOURCE, "id": name}]


def lately(day: date, today: date) -> date:
    """When a day of the year was last; 29 February is the 28th in years that have none."""
    leap = (day.month, day.day) == (2, 29)
    years = (today.year, today.year - 1)
    days = [date(year, 3, 1) - timedelta(days=1) if leap else day.replace(year=year) for year in years]
    return days[0] if days[0] <= today else days[1]
