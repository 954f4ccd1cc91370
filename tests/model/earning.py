"""What an order and a visit earn, plainly, rule by rule, and what of it climbs."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Any

from tests.model.arithmetic import key_of, local_day
from tests.model.habits import Points, late
from tests.model.oracle import Stand
from tests.model.spending import pay
from tests.model.terms import CASHBACK_PERCENT, LEVELS, PER_ORDER, PER_ORDER_FROM

Fact = dict[str, Any]


def buy(found: Stand, fact: Fact) -> bool:
    """Pay with points, earn with the tier held before, climb; returns whether a tier is reached."""
    pay(found, fact)
    lines, terms, tier = fact["left"], found.terms, found.ladder.held
    earning = [line for line in lines if line["sku"] != "card"]
    day = local_day(fact["at"])
    factor = LEVELS[tier][1] * 2 ** sum(day < until for until in found.play.boosts if terms.played)
    exact = sum(
        Fraction(max(0, line["amount"] - line["paid"]), 100)
        * (2 if line["sku"] == "tea" else 1)
        * (late(fact, line) if terms.habits else 1)
        for line in earning
    )
    points = found.grant(fact, "base", floor(exact * factor)) if floor(exact * factor) else 0
    if terms.cash:
        found.grant(fact, "back", floor(exact * factor * CASHBACK_PERCENT), wallet="cash")
        found.grant(fact, "step", floor(exact / 10), wallet="xp")
    pieces = {
        sku: sum(line["pieces"] for line in earning if line["sku"] == sku and line["amount"])
        for sku in ("gift", "plain")
    }
    open_ = not terms.gift_days or day.strftime("%a").lower() in terms.gift_days
    more = found.habits.order(fact, earning, tier) if terms.habits else []
    if open_:
        more.append(("gift", 7 * pieces["gift"], 20))
    if terms.budget is not None:
        more.append(("plain", 6 * pieces["plain"], None))
    points += top_up(found, fact, more)
    amount = sum(line["amount"] for line in lines)
    if terms.perks and tier and amount >= PER_ORDER_FROM:
        slot = f"tier:{LEVELS[tier][0]}"
        found.put_earned(fact, f"order|{fact['source']}|{fact['id']}|{slot}", slot, PER_ORDER)
    spend, orders = max(0, amount - sum(line["paid"] for line in lines)), int(amount >= terms.order_min)
    return found.climb(fact, {"spend": spend, "points_earned": points, "orders": orders})


def visit(found: Stand, fact: Fact) -> None:
    """Somebody was here: nothing is bought, and it counts where facts do."""
    points = top_up(found, fact, found.habits.visit(fact)) if found.terms.habits else 0
    if found.climb(fact, told(points, "x.visit")):
        found.play.reached(key_of(fact))


def celebrate(found: Stand, fact: Fact) -> None:
    """A birthday, or another year with the shop."""
    points = found.grant(fact, fact["type"], {"birthday": 30, "yearly": 15}[fact["type"]])
    if found.climb(fact, {"points_earned": points}):
        found.play.reached(key_of(fact))


def top_up(found: Stand, fact: Fact, more: Points) -> int:
    """Points on top, rule by rule, by their names; returns those that climb."""
    given = [(found.grant(fact, rule, points, days), days) for rule, points, days in sorted(more) if points]
    return sum(points for points, days in given if days is None)


def told(points: int, name: str) -> dict[str, int]:
    """What a fact that is no order counts for."""
    return {"points_earned": points, "facts": 1, name: 1}
