"""A member's part of a goal obeys the law: the same for any order of arrival, and without what went back."""

from __future__ import annotations

import random
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from badges.goal_tables import GoalPart, GoalTotal
from members.actions.goals import gather
from members.prove import prove
from tests.budget import CALM, examples
from tests.builders import NOW, in_force, standing_of
from tests.members.test_law import PROGRAMMES, facts_of, histories, in_batches, state

GOALS = """
goals:
  - {slug: orders, name: Orders, criterion: {kind: count, at_least: 2}, target: "1000000"}
  - {slug: money, name: Money, criterion: {kind: sum, at_least: "50"}, target: "1000000",
     opens: "2025-11-01T00:00:00Z", closes: "2026-06-01T00:00:00Z"}
  - {slug: skus, name: SKUs, criterion: {kind: distinct, of: sku, at_least: 2}, target: "1000000"}
"""
numbers = count()


@pytest.fixture(autouse=True)
def aimed(session: Session) -> None:
    in_force(session, PROGRAMMES["rich"] + GOALS)


def parts(session: Session, source: str) -> dict[str, tuple[int, bool]]:
    """What the member of a source brings to each goal, and whether they take part."""
    member_id = standing_of(session, source=source).member_id
    query = select(GoalPart).where(GoalPart.member_id == member_id).execution_options(populate_existing=True)
    rows = session.exec(query).all()
    return {row.goal.split()[0]: (row.part, row.took_part_at is not None) for row in rows if row.part}


@given(history=histories(), seed=st.integers())
@settings(max_examples=examples(10, full=25), deadline=None, suppress_health_check=CALM)
def test_any_order_of_arrival_brings_the_same_part(
    session: Session, history: list[tuple[str, Any]], seed: int
) -> None:
    chance, number = random.Random(seed), next(numbers)
    straight, shuffled = f"ps{number}", f"pt{number}"
    in_batches(session, sorted(facts_of(history, straight), key=lambda fact: fact.key), random.Random(1))
    mixed = facts_of(history, shuffled)
    chance.shuffle(mixed)
    in_batches(session, mixed, chance)
    assert parts(session, shuffled) == parts(session, straight)
    assert state(session, shuffled)["balance"] == state(session, straight)["balance"]
    while gather(session, NOW, limit=1):
        pass
    every = session.exec(select(GoalPart).execution_options(populate_existing=True)).all()
    for row in session.exec(select(GoalTotal).execution_options(populate_existing=True)):
        assert row.total == sum(one.part for one in every if one.goal == row.goal)
        assert row.members == sum(one.part > 0 for one in every if one.goal == row.goal)
    assert prove(session).flaws == []
