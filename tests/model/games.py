"""A second, plain computation of badges and challenges: what docs/badges.md says, with a counter for each, by hand.

It imports nothing of the engine. `Play` is told of a member's history in its order, and says what was won.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

BEFORE = """
badges:
  - {slug: fresh, name: Fresh, expires_days: 10, criterion: {kind: sum, at_least: "60"}, prizes: [{points: 4}]}
  - {slug: gift, name: Gift, criterion: {kind: manual}}
  - {slug: grown, name: Grown, levels: [2], criterion: {kind: count, at_least: 1}, prizes: [{points: 2}]}
  - {slug: helper, name: Helper, criterion: {kind: manual}, prizes: [{points: 5}]}
  - {slug: keeper, name: Keeper, on_refund: keep, criterion: {kind: largest, at_least: "90"}, prizes: [{points: 7}]}
  - {slug: pioneer, name: Pioneer, edition: 2, criterion: {kind: event, where: {type: review.posted}}}
  - {slug: regular, name: Regular, levels: {formula: 2*level, levels: 2}, criterion: {kind: count, at_least: 1},
     prizes: [{points: 10}, {points: 20, promotional: false}]}
  - {slug: silver, name: Silver, criterion: {kind: tier, tier: silver}, prizes: [{points: 3, promotional: false}]}
  - {slug: steady, name: Steady, criterion: {kind: streak, every: week, at_least: 3, freezes: 1}, prizes: [{points: 8}]}
  - {slug: taster, name: Taster, criterion: {kind: distinct, of: sku, at_least: 3}, prizes: [{points: 2}]}
"""
CHALLENGES = """
challenges:
  - {slug: double, name: Double, criterion: {kind: count, at_least: 1, where: {type: review.posted}},
     milestones: [{at: 3, prize: {boost: {factor: 2, days: 5}}}]}
  - {slug: high, name: High, tiers: [silver, gold], criterion: {kind: count, at_least: 1},
     milestones: [{at: 2, prize: {points: 9}}]}
  - {slug: thirty, name: Thirty, join: opt_in, days: 30, repeats: on_joining, criterion: {kind: count, at_least: 1},
     milestones: [{at: 2, prize: {points: 15}}]}
  - {slug: three, name: Three, criterion: {kind: count, at_least: 1},
     milestones: [{at: 3, prize: {points: 30}}, {at: 6, prize: {badge: gift}}]}
  - {slug: week, name: Week, repeats: week, criterion: {kind: count, at_least: 1},
     milestones: [{at: 2, prize: {points: 5, promotional: false}}]}
"""
LATER = """
  - {slug: aged, name: Aged, counts: from_beginning, criterion: {kind: count, at_least: 4}, prizes: [{points: 6}]}
  - {slug: newer, name: Newer, criterion: {kind: count, at_least: 3}, prizes: [{points: 1}]}
"""
GROWN = (  # badges that there were, and more levels of them: from now on, and from the beginning
    ("{formula: 2*level, levels: 2}", "{formula: 2*level, levels: 3}"),
    ("levels: [2], criterion: {kind: count, at_least: 1}, prizes: [{points: 2}]",
     "levels: [2, 5], counts: from_beginning, criterion: {kind: count, at_least: 1},\n"
     "     prizes: [{points: 2}, {points: 9, promotional: false}]"),
)  # fmt: skip


def _grown() -> str:
    text = BEFORE
    for few, more in GROWN:
        assert few in text
        text = text.replace(few, more)
    return text


FIRST, SECOND = BEFORE + CHALLENGES, _grown() + LATER.lstrip("\n") + CHALLENGES

POINTS = {  # what each level gives, and whether it burns first
    "fresh": [(4, True)], "grown": [(2, True), (9, False)], "helper": [(5, True)], "keeper": [(7, True)],
    "silver": [(3, False)], "steady": [(8, True)],
    "regular": [(10, True), (20, False), (20, False)], "taster": [(2, True)], "aged": [(6, True)], "newer": [(1, True)],
    "high": [(9, True)], "thirty": [(15, True)], "three": [(30, True)], "week": [(5, False)],
}  # fmt: skip
Key = tuple[datetime, str, str]


@dataclass(frozen=True)
class Won:
    """Something that was won: which, in which round, at which level, and with which fact."""

    kind: str
    slug: str
    round: int
    level: int
    key: Key

    @property
    def points(self) -> tuple[int, bool] | None:
        """How many points, and whether they burn first."""
        given = POINTS.get(self.slug, [])
        return given[self.level - 1] if self.level <= len(given) else None


@dataclass
class Play:
    """One member's game. `published` is when the second version came; `kept` what stays whatever is returned."""

    published: datetime | None
    kept: Won | None = None
    won: list[Won] = field(default_factory=list)
    gone: set[Won] = field(default_factory=set)
    level: Counter[str] = field(default_factory=Counter)
    round: Counter[str] = field(default_factory=Counter)
    count: Counter[str] = field(default_factory=Counter)
    barred: set[str] = field(default_factory=set)
    skus: set[str] = field(default_factory=set)
    weeks: list[date] = field(default_factory=list)
    frozen: list[date] = field(default_factory=list)
    joined: date | None = None
    away: bool = False
    lost_on: date | None = None
    boosts: list[date] = field(default_factory=list)

    def keep(self, key: Key | None, *, also_then: bool = False) -> list[Won]:
        """What was kept from before stands again at its time."""
        before, kept = len(self.won), self.kept
        if kept and (key is None or kept.key < key or (also_then and kept.key == key)):
            self.kept = None
            if not self.level["keeper"] and "keeper" not in self.barred:
                self.win("badge", "keeper", kept.key)
        return self.won[before:]

    def win(self, kind: str, slug: str, key: Key) -> None:
        """One more level."""
        self.level[slug] += 1
        self.won.append(Won(kind, slug, self.round[slug], self.level[slug], key))

    def anew(self, slug: str) -> None:
        """The next round."""
        self.round[slug] += 1
        self.level[slug] = self.count[slug] = 0

    def counted(self, kind: str, slug: str, goals: list[int], key: Key, more: int = 1) -> None:
        """So many more, also when there is nothing left to reach: that may come later."""
        if slug in self.barred:
            return
        self.count[slug] += more
        while self.level[slug] < len(goals) and self.count[slug] >= goals[self.level[slug]]:
            self.win(kind, slug, key)

    # --- what happens -------------------------------------------------------------------------------------

    def order(self, key: Key, day: date, lines: list[dict[str, Any]], tier: int, climbed: bool) -> list[Won]:
        """An order, net of what came back: badges first, then challenges, each by name; tiers reached come last."""
        before = len(self.won)
        amount = sum(line["amount"] for line in lines)
        self.counted("badge", "aged", [4], key) if self.published else None
        self.fresh(key, day, amount)
        self.counted("badge", "grown", [2, 5] if self.published else [2], key)
        self.counted("badge", "keeper", [1], key, int(amount >= 9000))
        self.keep(key, also_then=True)
        later = self.published is not None and key[0] >= self.published
        self.counted("badge", "newer", [3], key) if later else None
        self.counted("badge", "regular", [2, 4, 6] if later else [2, 4], key)
        self.steady(key, day)
        if not self.level["taster"]:
            self.skus |= {line["sku"] for line in lines}
            self.counted("badge", "taster", [1], key, int(len(self.skus) >= 3))
        self.counted("challenge", "high", [2], key) if tier else None
        if self.joined and not self.away and day < self.joined + timedelta(days=30):
            self.counted("challenge", "thirty", [2], key)
        self.three(key)
        self.week(key, day)
        self.reached(key) if climbed else None
        return self.won[before:]

    def review(self, key: Key, day: date, climbed: bool) -> list[Won]:
        """The third doubles what is earned for five days."""
        before = len(self.won)
        if not self.level["double"]:
            self.counted("challenge", "double", [3], key)
            self.boosts += [day + timedelta(days=5)] if self.level["double"] else []
        self.reached(key) if climbed else None
        return self.won[before:]

    def reached(self, key: Key) -> None:
        """A tier above the first one."""
        self.counted("badge", "silver", [1], key)

    def fresh(self, key: Key, day: date, amount: int) -> None:
        """Lost ten days after its day, and begun anew from nothing."""
        if self.lost_on and day >= self.lost_on:
            self.anew("fresh")
            self.lost_on = None
        had = self.level["fresh"]
        self.counted("badge", "fresh", [6000], key, amount)
        if self.level["fresh"] > had:
            self.lost_on = day + timedelta(days=11)

    def steady(self, key: Key, day: date) -> None:
        """Weeks in a row; of those whose Sunday lies in one month, one may be missed."""
        monday = day - timedelta(days=day.weekday())
        if self.weeks and monday <= self.weeks[-1]:
            return
        for sunday in self.missed(monday):
            if any((one.year, one.month) == (sunday.year, sunday.month) for one in self.frozen):
                self.weeks = []
                break
            self.frozen.append(sunday)
        self.weeks.append(monday)
        if len(self.weeks) >= 3 and not self.level["steady"]:
            self.win("badge", "steady", key)

    def missed(self, monday: date) -> Iterator[date]:
        """The Sundays of the weeks between the last one and this one."""
        week = self.weeks[-1] + timedelta(weeks=1) if self.weeks else monday
        while week < monday:
            yield week + timedelta(days=6)
            week += timedelta(weeks=1)

    def three(self, key: Key) -> None:
        """The sixth brings a badge."""
        had = self.level["three"]
        self.counted("challenge", "three", [3, 6], key)
        if had < 2 <= self.level["three"] and not self.level["gift"]:
            self.win("badge", "gift", key)

    def week(self, key: Key, day: date) -> None:
        """Anew each Monday; its round is the number of the week since the first of January of the year 1."""
        number = (day.toordinal() - 1) // 7
        if number > self.round["week"]:
            self.round["week"], self.level["week"], self.count["week"] = number, 0, 0
        self.counted("challenge", "week", [2], key)

    # --- what members and staff do ------------------------------------------------------------------------

    def join(self, day: date) -> None:
        """Taken on; a new round only when the last one is done, or its days are over."""
        if self.joined is None:
            self.joined = day
        elif self.level["thirty"] or day >= self.joined + timedelta(days=30):
            self.anew("thirty")
            self.joined = day
        self.away = False

    def leave(self) -> None:
        """Nothing counts until they come back."""
        self.away = self.joined is not None

    def grant(self, key: Key, slug: str, level: int) -> None:
        """By hand, up to a level; once it was taken away it is another one."""
        if slug in self.barred:
            self.barred.remove(slug)
            self.anew(slug)
        while self.level[slug] < level:
            self.win("badge", slug, key)

    def revoke(self, slug: str) -> None:
        """Taken away with all its levels, and not earned again."""
        if self.level[slug]:
            self.barred.add(slug)
            self.gone |= {one for one in self.won if one.slug == slug}
            self.level[slug] = self.count[slug] = 0
