"""A second, plain computation of what a member has: the words of docs/engine.md, on lists, from the start each time.

It imports nothing of the engine. What happens to a member is told to a `Stand` in the order of history; who tells it is
`tests.model.history`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.model.arithmetic import local_day, midnight
from tests.model.games import Play, Won
from tests.model.habits import STOP_PER_MONTH, WAITS, Habits
from tests.model.ladder import Ladder
from tests.model.lasting import Lasting
from tests.model.purse import Pile, Purse
from tests.model.terms import ENTRY, LEVELS, XP_PER_DAY, Terms

Ask = Callable[[tuple[str, str], int], int]  # how many of so many points a budget has for a fact and rule


@dataclass
class Stand:
    """What a member has. `entered` are levels that were met, `given` those that brought something here.

    `capped` are points by the first day of a day, a week or a month, and by what limits them.
    """

    terms: Terms
    ask: Ask = lambda name, points: points
    purses: dict[str, Purse] = field(default_factory=dict)
    capped: dict[tuple[date, str], int] = field(default_factory=dict)
    entered: set[int] = field(default_factory=set)
    given: set[int] = field(default_factory=set)
    habits: Habits = field(default_factory=Habits)
    play: Play = field(default_factory=lambda: Play(None))

    def __post_init__(self) -> None:
        terms, cash = self.terms, self.terms.cash
        self.ladder = Ladder(terms)
        self.purses = {"points": Purse(terms.policy, terms.limit, terms.lasting)}
        if cash:
            self.purses["cash"] = Purse(cash.policy, cash.limit, cash.lasting)
            self.purses["xp"] = Purse("zero", 0, Lasting("never"))
        for purse in self.purses.values():
            purse.grace = terms.restored

    @property
    def points(self) -> Purse:
        return self.purses["points"]

    def lots(self) -> dict[tuple[str, str], int]:
        """What is left of each pile, by its wallet and its name."""
        return {
            (slug, pile.name): pile.left
            for slug, purse in self.purses.items()
            for pile in purse.piles
            if pile.left
        }

    def pass_until(self, now: datetime) -> None:
        """What is over by now is gone, and tiers whose time is over fall."""
        for purse in self.purses.values():
            purse.pass_until(now)
        self.ladder.pass_until(now)

    def begin(self, fact: dict[str, Any]) -> None:
        """Something happens: time passes to it, and some things keep points alive."""
        day = local_day(fact["at"])
        self.pass_until(fact["at"])
        self.ladder.joined = self.ladder.joined or day
        for purse in self.purses.values():
            if fact["type"] in purse.lasting.activities and not fact.get("gift"):
                purse.active = day

    def climb(self, fact: dict[str, Any], counted: Mapping[str, int]) -> bool:
        """Count what a fact earned; returns whether a tier is reached. Who comes there first is given something."""
        reached = self.ladder.climb(local_day(fact["at"]), counted)
        for level in reached:
            if self.terms.perks and level not in self.entered:
                self.entered.add(level)
                self.given.add(level)
                slug = LEVELS[level][0]
                name = f"tier|{slug}|{fact['source']}|{fact['id']}"
                self.put_earned(fact, name, f"tier:{slug}", ENTRY[slug])
        return bool(reached)

    # --- points -------------------------------------------------------------------------------------------

    def limits(self, day: date, rule: str, wallet: str) -> list[tuple[tuple[date, str], int]]:
        """The caps that hold for a rule, and under which name they are counted."""
        monday, terms = day - timedelta(days=day.weekday()), self.terms
        first = day.replace(day=1)
        found = [((day, rule), terms.review_cap if rule == "review" else None)]
        found += [((first, rule), STOP_PER_MONTH if rule == "stop" else None)]
        if wallet == "points":
            found += [((day, "*"), terms.cap_per_day), ((monday, "week"), terms.cap_per_week)]
            found += [((first, "month"), terms.cap_per_month)]
        elif wallet == "xp":
            found += [((day, "xp"), XP_PER_DAY)]
        else:
            found += [((monday, "cash week"), terms.cash.cap_per_week if terms.cash else None)]
        return [(name, most) for name, most in found if most is not None]

    def grant(
        self, fact: dict[str, Any], rule: str, points: int, days: int | None = None, wallet: str = "points"
    ) -> int:
        """Points by a rule, as far as its caps and its budget leave room; with `days` they are promotional."""
        limits = self.limits(local_day(fact["at"]), rule, wallet)
        points = min([points, *(max(0, most - self.capped.get(name, 0)) for name, most in limits)])
        points = 0 if self.habits.pauses(rule, fact["at"]) else points
        if rule == "plain" and points:
            points = self.ask((fact["id"], rule), points)
        for name, _ in limits:
            self.capped[name] = self.capped.get(name, 0) + points
        if points:
            self.habits.gave[rule] = fact["at"]
        name = f"earn|{fact['source']}|{fact['id']}|{rule}"
        self.put_earned(fact, name, rule, points, days, wallet)
        return points

    def put_earned(
        self,
        fact: dict[str, Any],
        name: str,
        rule: str,
        points: int,
        days: int | None = None,
        wallet: str = "points",
    ) -> None:
        """Points that wait as long as those of a wallet do. What nothing was bought for is never given."""
        day, at = local_day(fact["at"]), fact["at"]
        end = (
            self.purses[wallet].lasting.end_of(day)
            if days is None
            else midnight(day + timedelta(days=days + 1))
        )
        place = (at, fact["source"], fact["id"], rule)
        bought = name.startswith("earn") and fact["type"] == "paid"
        start = midnight(day + timedelta(days=WAITS[rule])) if rule in WAITS else self.start(fact, wallet)
        self.purses[wallet].put(Pile(name, points, days is not None, start, day, end, place, bought))

    def start(self, fact: dict[str, Any], wallet: str) -> datetime:
        """When points of a fact can be spent: so many days after its day, or after an order was delivered."""
        terms, day, since = self.terms, local_day(fact["at"]), fact["at"]
        waits = {"points": terms.pending_days, "cash": terms.cash.pending_days if terms.cash else 0}
        wait = waits.get(wallet, 0)
        if wallet == "points" and terms.delivered_days and fact["type"] == "paid":
            latest = midnight(day + timedelta(days=terms.delivered_days))
            if fact["come"] is None:
                return latest
            since = max(since, fact["come"])
            return min(latest, midnight(local_day(since) + timedelta(days=wait)) if wait else since)
        return midnight(day + timedelta(days=wait)) if wait else since

    def put(
        self, fact: dict[str, Any], name: str, slot: str, points: int, wallet: str = "points", **more: Any
    ) -> None:
        """Points that are there at once, and last as long as others unless `end` says more."""
        day, purse = local_day(fact["at"]), self.purses[wallet]
        end = more["end"] if "end" in more else purse.lasting.end_of(day)
        place = (fact["at"], fact["source"], fact["id"], slot)
        promotional, gift = more.get("promotional", False), more.get("gift", True)
        purse.put(Pile(name, points, promotional, fact["at"], day, end, place, gift))

    def prize(self, won: Won) -> None:
        """Points for what was won, where it was won: there at once, no matter what has to wait."""
        if won.points and self.terms.played:
            (at, source, name), (points, promotional) = won.key, won.points
            cause = f"prize|{source}|{name}|{won.kind}:{won.slug}:{won.round}:{won.level}"
            slot = f"{won.kind}:{won.slug}:{won.round:012}:{won.level:03}"
            fact = {"at": at, "source": source, "id": name}
            self.put(fact, cause, slot, points, promotional=promotional, gift=False)
