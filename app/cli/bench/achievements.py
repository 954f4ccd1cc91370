"""P6: what one more fact costs in rules and badges, pure evaluation without a database: with 1,000 ÷ with 10.

Half are earning rules, half are badges, and all of them are about products of their own; the orders are of products
that the first ten are about, so that the same things are earned in both.
"""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime, timedelta

from app.cli.bench.figures import Measured
from app.cli.bench.place import Bench
from badges.game import Game
from badges.tracks import Rules, RulesLine, track_of
from facts.history import Event
from facts.orders import order_of
from members.programme import Programme, load
from rewards.earning.rule import in_order
from rewards.fold import Fold
from rewards.terms import Terms, TermsLine

FEW, MANY = 10, 1_000
ORDERS, ROUNDS = 400, 7
START = datetime(2026, 1, 10, 12, tzinfo=UTC)
HEAD = """
regulars: 1
name: Bench
currency: USD
timezone: America/New_York
points: {value: {points: 100, money: "1.00"}}
tiers: {levels: [{slug: member, name: Member, threshold: 0}]}
earning:
  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}
"""


def measure(bench: Bench) -> dict[str, Measured]:
    """The median of several rounds, in which both take turns."""
    few, many = _document(FEW), _document(MANY)
    events = [_order(i) for i in range(ORDERS)]
    for programme in (few, many):
        _seconds(programme, events)
    pairs = [(_seconds(few, events), _seconds(many, events)) for _ in range(ROUNDS)]
    small, large = (statistics.median(side) / ORDERS * 1e6 for side in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for a, b in pairs)
    return {
        "P6": Measured(ratio, 0.0, {"µs a fact with 10": round(small, 1), "µs with 1,000": round(large, 1)})
    }


def _document(size: int) -> Programme:
    rules = [
        f"  - {{kind: extra_points, slug: r{i}, points: 5, where: {{skus: [sku-{i}]}}}}"
        for i in range(size // 2 - 1)
    ]
    badges = [
        f"  - {{slug: b{i}, name: B, levels: {{formula: 5*level, levels: 50}},"
        f" criterion: {{kind: count, at_least: 5, where: {{skus: [sku-{i}]}}}}}}"
        for i in range(size // 2)
    ]
    return load(HEAD + "\n".join(rules) + "\nbadges:\n" + "\n".join(badges))


def _order(i: int) -> Event:
    lines = [
        {"line_id": str(k), "sku": f"sku-{(i + k) % 5}", "quantity": "1", "amount": "4.50"} for k in range(3)
    ]
    data = {"order_id": str(i), "currency": "USD", "lines": lines}
    return Event((START + timedelta(hours=i), "bench", str(i)), "order.paid", data, order_of(data))


def _seconds(programme: Programme, events: list[Event]) -> float:
    """One member's orders, folded and played; the programme is made ready beforehand, as a process does once."""
    terms = Terms(1, START, programme.points, programme.tiers, in_order(list(programme.earning)),
                  programme.zone, programme.currency, programme.digits)  # fmt: skip
    tracks = [track_of(badge, programme.digits, 1) for badge in programme.badges]
    fold = Fold(TermsLine([terms]))
    game = Game(RulesLine([Rules.of(1, START, programme.zone, programme.digits, tracks, ["member"])]))
    began = time.perf_counter()
    for event in events:
        fold.apply(event)
        game.apply(event, fold.climb.tier)
    took = time.perf_counter() - began
    assert len(game.awards) > 100
    return took
