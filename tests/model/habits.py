"""What it brings how, when and how often somebody comes: conditions, bonuses and pauses, plainly, rule by rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from tests.model.arithmetic import ZONE, local_day

RULES = """\
  - {kind: multiply, slug: late, factor: 1.5, stack: times, where: {skus: [plain, tea]}, when: {hours: [17, 21]}}
  - {kind: extra_points, slug: app, points: 4, each: order, where: {},
     when: {channels: [app], since: 2026-02-01, until: 2026-06-30}}
  - {kind: extra_points, slug: bakery, points: 3, where: {skus: [plain]},
     when: {partners: [bakery], amount_min: "40.00"}}
  - {kind: extra_points, slug: club, points: 3, each: order, where: {}, tiers: [silver, gold]}
  - {kind: extra_points, slug: newcomer, points: 11, each: order, where: {}, when: {purchases: [1, 3]}}
  - {kind: extra_points, slug: third, points: 5, each: order, where: {}, pending_days: 2, when: {purchase_every: 3}}
  - {kind: extra_points, slug: unpaid, points: 2, each: order, where: {}, when: {points_paid: [0, 10]}}
  - {kind: fixed_points, slug: stop, on: x.visit, points: 9, pause: {hours: 160}, cap_per_month: 12,
     when: {fields: [{name: desk, at_least: 2}]}}
  - {kind: fixed_points, slug: birthday, on: member.birthday, points: 30}
  - {kind: fixed_points, slug: yearly, on: member.anniversary, points: 15}
  - {kind: criterion_bonus, slug: guest, points: 8, criterion: {kind: count, at_least: 3, where: {type: x.visit}}}
  - {kind: criterion_bonus, slug: round, points: 6, criterion: {kind: sum, at_least: "150"}}
  - {kind: criterion_bonus, slug: stamp, points: 12, promotional: true, expires_days: 15,
     criterion: {kind: count, at_least: 4}}
"""
STOP_PER_MONTH = 12
PAUSES = {"stop": timedelta(hours=160)}
WAITS = {"third": 2}
Points = list[
    tuple[str, int, int | None]
]  # the rule, how many, and for how many days if they are promotional


@dataclass
class Habits:
    """`orders` so far, what was counted for each bonus since it was paid last, and when each rule last `gave`."""

    orders: int = 0
    counted: Counter[str] = field(default_factory=Counter)
    gave: dict[str, datetime] = field(default_factory=dict)

    def order(self, fact: dict[str, Any], earning: list[dict[str, Any]], tier: int) -> Points:
        """What an order brings, which has lines that `earning` does not have."""
        self.orders += 1
        lines, day = fact["left"], local_day(fact["at"])
        amount, paid = sum(line["amount"] for line in lines), sum(line["paid"] for line in lines)
        plain = sum(line["pieces"] for line in earning if line["sku"] == "plain")
        fits = {
            "app": fact.get("channel") == "app" and date(2026, 2, 1) <= day <= date(2026, 6, 30),
            "club": tier > 0,
            "newcomer": self.orders in (1, 3),
            "third": self.orders % 3 == 0,
            "unpaid": paid * 100 <= amount * 10,
        }
        worth = {"app": 4, "club": 3, "newcomer": 11, "third": 5, "unpaid": 2}
        found: Points = [(rule, worth[rule], None) for rule, fit in fits.items() if fit and earning]
        if fact.get("partner") == "bakery" and amount >= 4000:
            found += [("bakery", 3 * plain, None)]
        return found + self.bonus("round", amount, 15_000, 6) + self.bonus("stamp", 1, 4, 12, 15)

    def visit(self, fact: dict[str, Any]) -> Points:
        """What it brings to be here."""
        stop: Points = [("stop", 9, None)] if fact["desk"] >= 2 else []
        return self.bonus("guest", 1, 3, 8) + stop

    def bonus(self, rule: str, more: int, goal: int, points: int, days: int | None = None) -> Points:
        """Paid with the fact that reaches the goal; what is beyond it is not carried over."""
        self.counted[rule] += more
        if self.counted[rule] < goal:
            return []
        self.counted[rule] = 0
        return [(rule, points, days)]

    def pauses(self, rule: str, at: datetime) -> bool:
        """Whether it is too soon for a rule to give again."""
        return rule in PAUSES and rule in self.gave and at - self.gave[rule] < PAUSES[rule]


def late(fact: dict[str, Any], line: dict[str, Any]) -> Fraction:
    """What some lines earn more between five and nine in the evening."""
    hour = fact["at"].astimezone(ZONE).hour
    return Fraction(3, 2) if line["sku"] in ("plain", "tea") and 17 <= hour < 21 else Fraction(1)
