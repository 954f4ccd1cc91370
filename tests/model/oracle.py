"""A second, plain computation of what a member has: the words of docs/engine.md, on lists, from the start each time.

It imports nothing of the engine. What happens to a member is told to a `Stand` in the order of history; who tells it is
`tests.model.history`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from tests.model.arithmetic import add_months, local_day, midnight
from tests.model.games import FIRST, SECOND, Play, Won

LEVELS = [("member", 0, Fraction(1)), ("silver", 100, Fraction(3, 2)), ("gold", 300, Fraction(2))]
HELD_DAYS, REFUNDABLE_DAYS = 30, 60
FAR = datetime(9999, 1, 1, tzinfo=UTC)


class ShortError(Exception):
    """There are too few points, and the shop refuses that."""


@dataclass(frozen=True)
class Terms:
    """One programme, as far as the model varies it."""

    pending_days: int = 0
    months: int | None = 12  # None: points never expire
    policy: str = "debt"
    limit: int = 10**9
    cap_per_day: int | None = None
    cap_per_week: int | None = None
    gift_days: tuple[str, ...] = ()  # the days on which gifts bring points on top; none named: every day
    review_cap: int = 40
    basis: str = "points_earned"
    window: str = "calendar"
    keep: str = "this_year"
    window_months: int = 2
    downgrade: str = "to_earned"
    grace: int = 0
    played: bool = True  # whether there are badges and challenges

    def text(self, *, second: bool = False) -> str:
        """The programme as YAML; its second version has more to play for."""
        expiry = "{kind: never}" if self.months is None else f"{{kind: rolling, months: {self.months}}}"
        window = (
            f"{{kind: calendar_year, keep: {self.keep}}}"
            if self.window == "calendar"
            else f"{{kind: rolling, months: {self.window_months}}}"
        )
        levels = "\n".join(
            f"    - {{slug: {slug}, name: {slug.title()}, threshold: {at}, multiplier: {float(factor)}}}"
            for slug, at, factor in LEVELS
        )
        cap = f"  cap_per_day: {self.cap_per_day}\n" if self.cap_per_day else ""
        cap += f"  cap_per_week: {self.cap_per_week}\n" if self.cap_per_week else ""
        when = f", when: {{weekdays: [{', '.join(self.gift_days)}]}}" if self.gift_days else ""
        return f"""
regulars: 1
name: Corner Shop
currency: USD
timezone: America/New_York
languages: [en]
points:
  value: {{points: 100, money: "1.00"}}
  pending_days: {self.pending_days}
  expiry: {expiry}
  negative_balance: {{policy: {self.policy}, limit: {self.limit}}}
{cap}earning:
  - {{kind: exclude, slug: no-card, where: {{skus: [card]}}}}
  - {{kind: multiply, slug: double, factor: 2, where: {{skus: [tea]}}}}
  - {{kind: points_per_money, slug: base, points: 1, per: "1.00"}}
  - {{kind: extra_points, slug: gift, points: 7, promotional: true, expires_days: 20, where: {{skus: [gift]}}{when}}}
  - {{kind: fixed_points, slug: review, on: review.posted, points: 25, cap_per_day: {self.review_cap}}}
tiers:
  basis: {self.basis}
  window: {window}
  downgrade: {{policy: {self.downgrade}, grace_days: {self.grace}}}
  levels:
{levels}
rewards:
  - {{slug: tea, kind: product, name: Tea, price: 30, refundable_days: {REFUNDABLE_DAYS}}}
  - {{slug: mug, kind: product, name: Mug, price: 50, fulfilment: by_staff, held_days: {HELD_DAYS}}}
{(SECOND if second else FIRST).lstrip() if self.played else ""}"""


@dataclass
class Pile:
    """Points that came together."""

    name: str
    left: int
    promotional: bool
    start: datetime
    end: datetime
    place: tuple[Any, ...]


@dataclass
class Stand:
    """What a member has; `piles` are what is left by name, `days` what climbed, by day."""

    terms: Terms
    piles: list[Pile] = field(default_factory=list)
    owed: list[int] = field(default_factory=list)
    holds: dict[str, tuple[int, datetime | None]] = field(default_factory=dict)
    days: dict[date, list[int]] = field(default_factory=dict)
    capped: dict[tuple[date, str], int] = field(default_factory=dict)
    tier: int = 0
    until: date | None = None
    play: Play = field(default_factory=lambda: Play(None))

    @property
    def debt(self) -> int:
        return sum(self.owed)

    def available(self, now: datetime) -> int:
        return sum(pile.left for pile in self.piles if pile.start <= now < pile.end)

    def pending(self, now: datetime) -> int:
        return sum(pile.left for pile in self.piles if pile.start > now)

    def held(self) -> int:
        return sum(points for points, _ in self.holds.values())

    # --- time ---------------------------------------------------------------------------------------------

    def pass_until(self, now: datetime) -> None:
        """What is over by now is gone, and tiers whose time is over fall."""
        for pile in self.piles:
            if pile.end <= now:
                pile.left = 0
        self.holds = {name: hold for name, hold in self.holds.items() if not (hold[1] and hold[1] <= now)}
        while self.until and self.terms.downgrade != "none":
            day = self.until + timedelta(days=1 + self.terms.grace)
            if midnight(day) > now:
                return
            self.fall(day)

    def fall(self, day: date) -> None:
        deserved = self.deserved(day)
        if deserved >= self.tier:
            self.until = self.kept_until(day, self.tier)
            return
        self.tier = self.tier - 1 if self.terms.downgrade == "one_step" else deserved
        if deserved >= self.tier:
            self.until = self.kept_until(day, self.tier)
        elif self.terms.window == "calendar":
            self.until = date(day.year, 12, 31)
        else:
            self.until = add_months(day, self.terms.window_months) - timedelta(days=1)

    # --- tiers --------------------------------------------------------------------------------------------

    def counts(self, day: date) -> int:
        """What counts on a day."""
        column = 0 if self.terms.basis == "spend" else 1
        if self.terms.window == "calendar":
            years = [day.year, day.year - 1] if self.terms.keep == "next_year" else [day.year]
            return max(sum(row[column] for d, row in self.days.items() if d.year == year) for year in years)
        months = self.terms.window_months
        return sum(row[column] for d, row in self.days.items() if d <= day < add_months(d, months))

    def deserved(self, day: date) -> int:
        unit = 100 if self.terms.basis == "spend" else 1
        counts = self.counts(day)
        return max(i for i, (_, threshold, _) in enumerate(LEVELS) if counts >= threshold * unit)

    def kept_until(self, day: date, level: int) -> date | None:
        """The last day in a row on which a level is earned."""
        if not level:
            return None
        while True:
            after = date(day.year + 1, 1, 1) if self.terms.window == "calendar" else day + timedelta(days=1)
            if self.deserved(after) < level:
                return after - timedelta(days=1)
            day = after

    def climb(self, at: datetime, spend: int, points: int) -> bool:
        """A day's spend and points; returns whether a higher tier is reached."""
        day = local_day(at)
        row = self.days.setdefault(day, [0, 0])
        row[0] += spend
        row[1] += points
        deserved, before = self.deserved(day), self.tier
        if deserved >= self.tier:
            self.tier, self.until = deserved, self.kept_until(day, deserved)
        return self.tier > before

    # --- points -------------------------------------------------------------------------------------------

    def grant(self, fact: dict[str, Any], rule: str, points: int, promotional: bool, days: int | None) -> int:
        """Points by a rule, as far as the caps of the day leave room."""
        day = local_day(fact["at"])
        caps = {"*": self.terms.cap_per_day, rule: self.terms.review_cap if rule == "review" else None}
        room = [cap - self.capped.get((day, name), 0) for name, cap in caps.items() if cap is not None]
        week = (day - timedelta(days=day.weekday()), "week")
        if self.terms.cap_per_week is not None:
            room.append(self.terms.cap_per_week - self.capped.get(week, 0))
        points = min([points, *(max(0, free) for free in room)])
        self.capped[week] = self.capped.get(week, 0) + points
        for name in caps:
            self.capped[day, name] = self.capped.get((day, name), 0) + points
        wait = self.terms.pending_days
        start = midnight(day + timedelta(days=wait)) if wait else fact["at"]
        place = (fact["at"], fact["source"], fact["id"], rule)
        name = f"earn|{fact['source']}|{fact['id']}|{rule}"
        self.put(Pile(name, points, promotional, start, self.end_of(day, days), place))
        return points

    def prize(self, won: Won) -> None:
        """Points for what was won, where it was won: there at once, no matter what has to wait."""
        if won.points and self.terms.played:
            (at, source, name), (points, promotional) = won.key, won.points
            cause = f"prize|{source}|{name}|{won.kind}:{won.slug}:{won.round}:{won.level}"
            place = (at, source, name, f"{won.kind}:{won.slug}:{won.round:012}:{won.level:03}")
            self.put(Pile(cause, points, promotional, at, self.end_of(local_day(at), None), place))

    def end_of(self, day: date, days: int | None) -> datetime:
        if days is not None:
            return midnight(day + timedelta(days=days + 1))
        if self.terms.months is None:
            return FAR
        return midnight(add_months(day, self.terms.months) + timedelta(days=1))

    def put(self, pile: Pile) -> None:
        """New points pay what is owed first, the oldest debt first."""
        while self.owed and pile.left:
            paid = min(self.owed[0], pile.left)
            pile.left -= paid
            self.owed[0] -= paid
            if not self.owed[0]:
                del self.owed[0]
        self.piles.append(pile)

    def take(self, points: int, at: datetime) -> None:
        """Spend: promotional first, then by the end, then by when they came."""
        there = [pile for pile in self.piles if pile.left and pile.start <= at < pile.end]
        for pile in sorted(there, key=lambda pile: (not pile.promotional, pile.end, pile.place)):
            part = min(points, pile.left)
            pile.left -= part
            points -= part
        if points and self.terms.policy == "refuse":
            raise ShortError(points)
        if points and self.terms.policy == "debt":
            debt = min(points, max(0, self.terms.limit - self.debt))
            self.owed += [debt] if debt else []
