"""The engine's law: any order of arrival ends in the same state, and a refund is a replay without the line."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from badges.tables import WENT_BACK, Award
from facts.events import Fact
from members.actions import advance, record
from members.prove import prove
from members.tables import Standing
from tests.budget import CALM, examples
from tests.builders import (
    NOW,
    PROGRAMME,
    a_fact,
    a_line,
    a_refund,
    an_order,
    in_force,
    open_lots,
    standing_of,
)

PLAYED = """
badges:
  - {slug: orders, name: Orders, levels: {formula: 2*level, levels: 4}, criterion: {kind: count, at_least: 1},
     prizes: [{points: 11, promotional: false}, {points: 5}]}
  - {slug: spender, name: Spender, criterion: {kind: sum, at_least: "120", window: {kind: rolling, days: 60}},
     expires_days: 40, prizes: [{points: 9, expires_days: 15}]}
  - {slug: taster, name: Taster, criterion: {kind: distinct, of: sku, at_least: 3}, prizes: [{badge: crowned}]}
  - {slug: crowned, name: Crowned, criterion: {kind: tier, tier: gold}}
  - {slug: steady, name: Steady, criterion: {kind: streak, every: month, at_least: 3, freezes: 1},
     prizes: [{boost: {factor: 2, days: 30}}]}
  - {slug: big, name: Big, criterion: {kind: largest, at_least: "140"}}
  - slug: both
    name: Both
    criterion: {kind: all, of: [{kind: event, where: {type: review.posted}},
                                {kind: count, at_least: 2, where: {amount_min: "40"}}]}
challenges:
  - {slug: monthly, name: Monthly, repeats: month, criterion: {kind: count, at_least: 1},
     milestones: [{at: 1, prize: {points: 3}}, {at: 2, prize: {points: 4}}]}
  - {slug: taken, name: Taken, join: opt_in, days: 60, repeats: on_joining, criterion: {kind: count, at_least: 1},
     milestones: [{at: 2, prize: {points: 6, promotional: false}}]}
"""
START = datetime(2025, 10, 20, 5, tzinfo=UTC)
numbers = count()

PROGRAMMES = {
    "calendar": PROGRAMME,
    "rolling": PROGRAMME.replace("{kind: calendar_year}", "{kind: rolling, months: 2}").replace(
        "levels:", "downgrade: {policy: one_step, grace_days: 5}\n  levels:"
    ),
    "short_lots": PROGRAMME.replace("months: 12", "months: 1").replace(
        "points:\n", "points:\n  pending_days: 3\n  negative_balance: {policy: debt, limit: 40}\n", 1
    ),
    "capped": PROGRAMME.replace('per: "1.00"}', 'per: "1.00", cap_per_day: 90}').replace(
        "points:\n", "points:\n  cap_per_day: 150\n  negative_balance: {policy: zero}\n", 1
    )
    + "",
    "rich": PROGRAMME.replace(
        "tiers:\n",
        """  - {kind: multiply, slug: double, factor: 2, where: {skus: [sku-1]}}
  - {kind: exclude, slug: none, where: {skus: [sku-3]}}
  - {kind: extra_points, slug: extra, points: 7, promotional: true, expires_days: 20, where: {skus: [sku-2]}}
  - {kind: fixed_points, slug: review, on: review.posted, points: 25, cap_per_day: 30}
  - {kind: criterion_bonus, slug: third, points: 13, criterion: {kind: count, at_least: 3}}
  - kind: criterion_bonus
    slug: much
    points: 17
    promotional: true
    criterion: {kind: sum, at_least: "90", where: {skus: [sku-1, sku-2]}, window: {kind: rolling, days: 90}}
tiers:
""",
        1,
    ).replace("{kind: calendar_year}", "{kind: calendar_year, keep: next_year}"),
}

PROGRAMMES["played"] = PROGRAMMES["rich"].replace(", keep: next_year", "") + PLAYED

amounts = st.integers(1, 15000).map(lambda cents: f"{cents // 100}.{cents % 100:02}")
moments = st.integers(0, 9000).map(lambda hours: START + timedelta(hours=hours))


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, Any]]:
    """Things that happen to one member, as (what, figures) to be made into facts for any source."""
    found: list[tuple[str, Any]] = []
    for i in range(draw(st.integers(1, 7))):
        lines = [draw(amounts) for _ in range(draw(st.integers(1, 3)))]
        found.append(
            ("order", (f"o{i}", lines, draw(moments), draw(st.sampled_from(["0", "0", "0", "0.50", "1.20"]))))
        )
        if draw(st.integers(0, 2)) == 0:
            back = sorted(draw(st.sets(st.integers(1, len(lines)), min_size=1)))
            found.append(("refund", (f"o{i}", [(str(k), lines[k - 1]) for k in back], draw(moments))))
        if draw(st.integers(0, 5)) == 0:
            found.append(("partial", (f"o{i}", "0.40", draw(moments))))
        if draw(st.integers(0, 7)) == 0:
            found.append(("cancel", (f"o{i}", draw(moments))))
    for i in range(draw(st.integers(0, 3))):
        found.append(("review", (f"v{i}", draw(moments))))
    for i in range(draw(st.integers(0, 2))):
        settled = draw(st.sampled_from(["no", "held", "captured", "cancelled"]))
        found.append(("redeem", (f"r{i}", draw(st.integers(1, 200)), draw(moments), settled)))
    for i in range(draw(st.integers(0, 1))):
        found.append(("adjust", (f"a{i}", draw(st.sampled_from([-60, 45])), draw(moments))))
    for i in range(draw(st.integers(0, 2))):
        found.append(("play", (f"p{i}", draw(st.sampled_from(sorted(PLAYS))), draw(moments))))
    for i in range(draw(st.integers(0, 1))):
        undone = draw(st.one_of(st.none(), moments))
        found.append(("batch", (f"b{i}", draw(st.sampled_from(sorted(BATCHES))), draw(moments), undone)))
    return found


PLAYS: dict[str, dict[str, Any]] = {
    "challenge.joined": {"challenge": "taken"},
    "challenge.left": {"challenge": "taken"},
    "badge.granted": {"grant_id": "g", "badge": "big", "reason": "a test", "actor": "test"},
    "badge.revoked": {"badge": "orders", "reason": "a test", "actor": "test"},
    "streak.paused": {"since": START.toordinal() + 40, "until": START.toordinal() + 90},
    "streak.resumed": {"since": START.toordinal() + 40, "until": START.toordinal() + 90},
    "member.moved": {"zone": "Pacific/Auckland"},
}
BATCHES = ("badge.granted", "badge.revoked")


def facts_of(history: list[tuple[str, Any]], source: str) -> list[Fact]:
    """The history as facts of a source."""
    found: list[Fact] = []
    for what, figures in history:
        if what == "order":
            name, lines, at, paid = figures
            full = [a_line(amount, str(i)) for i, amount in enumerate(lines, 1)]
            found.append(an_order(name, *full, at=at, source=source, points_paid=paid))
        elif what == "refund":
            found.append(a_refund(figures[0], *figures[1], at=figures[2], source=source))
        elif what == "partial":
            found.append(
                a_refund(figures[0], at=figures[2], source=source, id=f"part-{figures[0]}", amount=figures[1])
            )
        elif what == "cancel":
            name, at = figures
            found.append(a_fact("order.cancelled", {"order_id": name}, at=at, id=f"c-{name}", source=source))
        elif what == "review":
            found.append(
                a_fact(
                    "review.posted", {"review_id": figures[0]}, at=figures[1], id=figures[0], source=source
                )
            )
        elif what == "adjust":
            data = {"adjustment_id": figures[0], "points": figures[1], "reason": "a test", "actor": "test"}
            found.append(
                a_fact("points.adjusted", data, at=figures[2], id=figures[0], source=source, internal=True)
            )
        elif what == "play":
            name, kind, at = figures
            found.append(a_fact(kind, PLAYS[kind], at=at, id=name, source=source, internal=True))
        elif what == "batch":
            found.extend(a_batch(figures, source))
        else:
            found.extend(redemption(figures, source))
    return found


def a_batch(figures: tuple[str, str, datetime, datetime | None], source: str) -> list[Fact]:
    """What staff gave or took in a batch, and its undoing."""
    name, kind, at, undone = figures
    data = {**PLAYS[kind], "batch": name, **({"grant_id": name} if kind == "badge.granted" else {})}
    made = a_fact(kind, data, at=at, id=name, source=source, internal=True)
    if undone is None:
        return [made]
    told = {"batch": name, "actor": "test"}
    return [made, a_fact("badge.cancelled", told, at=undone, id=f"u-{name}", source=source, internal=True)]


def redemption(figures: tuple[str, int, datetime, str], source: str) -> list[Fact]:
    """A redemption, and what became of it."""
    name, points, at, settled = figures
    data = {"redemption_id": name, "reward": "tea", "points": points, "held": settled != "no"}
    made = a_fact("redemption.made", data, at=at, id=f"m-{name}", source=source, internal=True)
    if settled in ("no", "held"):
        return [made]
    later = {"redemption_id": name}
    end = a_fact(
        f"redemption.{settled}",
        later,
        at=at + timedelta(days=20),
        id=f"e-{name}",
        source=source,
        internal=True,
    )
    return [made, end]


def state(session: Session, source: str) -> dict[str, Any]:
    """Everything that the law speaks of, without the source's name."""
    standing = standing_of(session, source=source)
    advance(session, [standing.member_id], NOW)
    standing = standing_of(session, source=source)
    lots = {cause.replace(source, "S"): left for cause, left in open_lots(session, standing).items()}
    return {"balance": standing.balance, "debt": standing.debt, "tier": standing.tier, "since": standing.tier_since,
            "until": standing.tier_until, "lots": lots, "game": standing.game,
            "awards": awards_of(session, standing)}  # fmt: skip


def awards_of(session: Session, standing: Standing) -> dict[tuple[str, str, int, int], Any]:
    """Every award that stands, and when it was reached; those that staff took away with their words."""
    rows = session.exec(select(Award).where(Award.member_id == standing.member_id)).all()
    told = ("awarded_at", "fact_id", "value", "expires_at", "reason")
    return {(row.kind, row.slug, row.instance, row.level): [getattr(row, name) for name in told]
            for row in rows if row.reason not in WENT_BACK}  # fmt: skip


def in_batches(session: Session, facts: list[Fact], chance: random.Random) -> None:
    """Record facts in this order, in batches of any size."""
    left = list(facts)
    while left:
        size = chance.randint(1, 4)
        outcomes = record(session, left[:size], NOW)
        assert {outcome.status for outcome in outcomes} == {"recorded"}, outcomes
        del left[:size]


@pytest.fixture(params=PROGRAMMES)
def programme(request: pytest.FixtureRequest, session: Session) -> str:
    in_force(session, PROGRAMMES[request.param])
    return str(request.param)


SETTINGS = settings(max_examples=examples(10, full=25), deadline=None, suppress_health_check=CALM)


@given(history=histories(), seed=st.integers())
@SETTINGS
def test_any_order_of_arrival_ends_in_the_same_state(
    programme: str, session: Session, history: list[tuple[str, Any]], seed: int
) -> None:
    chance, number = random.Random(seed), next(numbers)
    straight, shuffled = f"s{number}", f"t{number}"
    in_batches(session, sorted(facts_of(history, straight), key=lambda fact: fact.key), random.Random(1))
    mixed = facts_of(history, shuffled)
    chance.shuffle(mixed)
    in_batches(session, mixed, chance)
    assert state(session, shuffled) == state(session, straight)
    assert prove(session).flaws == []


@given(history=histories(), seed=st.integers())
@SETTINGS
def test_a_refund_is_the_history_without_the_line(
    programme: str, session: Session, history: list[tuple[str, Any]], seed: int
) -> None:
    """record(orders) + refund(k) == record(orders without k), redemptions included."""
    number = next(numbers)
    full, without = f"f{number}", f"w{number}"
    kept = [item for item in history if item[0] not in ("partial", "cancel", "refund")]
    chance = random.Random(seed)
    order = chance.choice([item for item in kept if item[0] == "order"])
    name, lines, at, _ = order[1]
    k = chance.randint(1, len(lines))
    paid_free = [(w, (*f[:3], "0") if w == "order" and f[0] == name else f) for w, f in kept]
    in_batches(session, facts_of(paid_free, full), chance)
    in_batches(
        session, [a_refund(name, (str(k), lines[k - 1]), at=at + timedelta(days=2), source=full)], chance
    )
    rest = [fact for fact in facts_of(paid_free, without) if fact.data.get("order_id") != name]
    left = [a_line(amount, str(i)) for i, amount in enumerate(lines, 1) if i != k]
    lone = an_order(name, *left, at=at, source=without)
    in_batches(session, [*rest, lone], chance)
    assert state(session, full) == state(session, without)


@given(history=histories(), kind=st.sampled_from(BATCHES), at=moments, later=st.integers(0, 400))
@SETTINGS
def test_an_undone_batch_is_the_history_without_it(
    programme: str, session: Session, history: list[tuple[str, Any]], kind: str, at: datetime, later: int
) -> None:
    number, chance = next(numbers), random.Random(later)
    full, without = f"f{number}", f"w{number}"
    in_batches(session, facts_of(history, without), chance)
    made, undone = a_batch(("undo", kind, at, min(NOW, at + timedelta(days=later))), full)
    in_batches(session, [*facts_of(history, full), made], chance)
    in_batches(session, [undone], chance)
    assert state(session, full) == state(session, without)
    assert prove(session).flaws == []
