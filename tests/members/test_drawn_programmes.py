"""The engine's law for programmes drawn at random from all kinds of rules, with all their conditions and limits.

Budgets are left out: what is scarce is decided once, first come, so the order of arrival does matter there.
"""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from members.programme import load
from members.prove import prove
from rewards.earning import BY_KIND
from tests.builders import PROGRAMME, a_line, a_refund, an_order, in_force
from tests.members.test_law import facts_of, histories, in_batches, state

numbers = count()
SKUS = ["sku-1", "sku-2", "sku-3"]
WHERES: list[dict[str, Any]] = [{}, {"skus": ["sku-1"]}, {"skus": ["sku-2", "sku-3"]}]
CRITERIA: list[dict[str, Any]] = [
    {"kind": "count", "at_least": 2},
    {"kind": "sum", "at_least": "80", "window": {"kind": "calendar", "unit": "month"}},
    {"kind": "distinct", "of": "sku", "at_least": 2, "window": {"kind": "rolling", "days": 60}},
]
ORDER_CONDITIONS: dict[str, st.SearchStrategy[Any]] = {
    "since": st.sampled_from(["2025-12-01", "2026-03-01"]),
    "until": st.sampled_from(["2026-04-30", "2026-08-01"]),
    "dates": st.just(["12-25", "01-01", "2026-03-08"]),
    "weekdays": st.lists(st.sampled_from(["mon", "wed", "sat", "sun"]), min_size=1, max_size=3, unique=True),
    "hours": st.sampled_from([[0, 12], [6, 22], [20, 24]]),
    "skus": st.just(["sku-2"]),
    "amount_min": st.sampled_from(["5", "60.50"]),
    "purchases": st.lists(st.integers(1, 4), min_size=1, max_size=2),
    "purchase_every": st.integers(2, 3),
    "points_paid": st.sampled_from([[0, 0], [0, 50], [1, 100]]),
}
TIMES = ("since", "until", "dates", "weekdays", "hours")


@st.composite
def conditions(draw: st.DrawFn, *, orders: bool) -> dict[str, Any]:
    """One or two conditions, or none."""
    names = sorted(ORDER_CONDITIONS) if orders else sorted(TIMES)
    chosen = draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
    return {"when": {name: draw(ORDER_CONDITIONS[name]) for name in chosen}} if chosen else {}


@st.composite
def limits(draw: st.DrawFn) -> dict[str, Any]:
    """Caps, a pause, what is promotional and what expires."""
    found: dict[str, Any] = {}
    for name, figures in (("cap_per_day", [40]), ("cap_per_week", [60]), ("cap_per_month", [75])):
        if draw(st.integers(0, 3)) == 0:
            found[name] = draw(st.sampled_from(figures))
    if draw(st.integers(0, 3)) == 0:
        found["pause"] = draw(st.sampled_from([{"hours": 30}, {"days": 20}]))
    if draw(st.integers(0, 3)) == 0:
        found |= {"promotional": True, "expires_days": 20}
    return found


@st.composite
def rules(draw: st.DrawFn, slug: str) -> dict[str, Any]:
    """A rule of any kind."""
    kind = draw(st.sampled_from(sorted(BY_KIND)))
    rule: dict[str, Any] = {"kind": kind, "slug": slug}
    if kind in ("exclude", "multiply", "points_per_money", "extra_points"):
        rule["where"] = draw(st.sampled_from(WHERES if kind != "exclude" else WHERES[1:]))
    if kind == "multiply":
        rule |= {
            "factor": draw(st.sampled_from(["0.5", "1.5", "2"])),
            "stack": draw(st.sampled_from(["best", "times"])),
        }
    if kind == "fixed_points":
        rule["on"] = "review.posted"
    if kind == "criterion_bonus":
        rule["criterion"] = draw(st.sampled_from(CRITERIA))
    if kind in ("points_per_money", "extra_points", "fixed_points", "criterion_bonus"):
        rule |= {"points": draw(st.integers(1, 30)), **draw(limits())}
    return rule | draw(conditions(orders=kind != "fixed_points"))


@st.composite
def programmes(draw: st.DrawFn) -> str:
    """A programme of up to six rules beside the one that pays for money."""
    drawn = [draw(rules(f"r{i}")) for i in range(draw(st.integers(1, 6)))]
    told = "".join(f"  - {json.dumps(rule)}\n" for rule in drawn)
    points = "points:\n  cap_per_week: 300\n  pending_days: 3\n" if draw(st.booleans()) else "points:\n"
    return PROGRAMME.replace("points:\n", points, 1).replace("tiers:\n", told + "tiers:\n", 1)


SETTINGS = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@given(text=programmes(), history=histories(), seed=st.integers())
@SETTINGS
def test_any_order_of_arrival_and_any_return_end_in_the_same_state(
    session: Session, text: str, history: list[tuple[str, Any]], seed: int
) -> None:
    """In their order, shuffled, and with a line that came back as if it had never been there; each why recomputes."""
    nested, number, chance = session.begin_nested(), next(numbers), random.Random(seed)
    try:
        in_force(session, text)
        straight, shuffled, without = (f"{name}{number}" for name in "stw")
        in_batches(session, sorted(facts_of(history, straight), key=lambda fact: fact.key), random.Random(1))
        mixed = facts_of(history, shuffled)
        chance.shuffle(mixed)
        in_batches(session, mixed, chance)
        assert state(session, shuffled) == state(session, straight)
        extra = datetime.fromisoformat("2026-03-07T17:00:00+00:00")
        lines = [a_line("70.00", "1"), a_line("12.34", "2")]
        for source, kept in ((straight, lines), (without, lines[:1])):
            if source == without:
                in_batches(session, facts_of(history, without), chance)
            in_batches(session, [an_order("extra", *kept, at=extra, source=source)], chance)
        back = a_refund("extra", ("2", "12.34"), at=extra + timedelta(days=9), source=straight)
        in_batches(session, [back], chance)
        assert state(session, straight) == state(session, without)
        assert prove(session).flaws == []
    finally:
        session.expire_all()
        nested.rollback()


@given(text=programmes())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_drawn_can_be_published_and_is_read_back_as_it_was(text: str) -> None:
    programme = load(text)
    assert type(programme).model_validate_json(programme.model_dump_json()) == programme
