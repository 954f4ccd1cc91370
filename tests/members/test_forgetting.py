"""What is gone from the programme is forgotten: boards after a while, rules at once, in any order of arrival."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlmodel import Session

from facts.events import Fact
from members.actions import record
from members.programme import apply, load
from members.prove import prove
from tests.builders import NOW, PROGRAMME, an_order, days, in_force, standing_of

BEFORE = (
    PROGRAMME.replace(
        "tiers:\n",
        "  - {kind: criterion_bonus, slug: third, points: 13, criterion: {kind: count, at_least: 3}}\ntiers:\n",
        1,
    )
    + "boards:\n  - {slug: spent, name: Spent, period: ever, criterion: {kind: count, at_least: 1}}\n"
)
CHANGED = NOW + timedelta(days=10)


def remembered(session: Session, source: str) -> tuple[list[str], list[str]]:
    """The rules and the boards that one member's memory names."""
    standing = standing_of(session, source=source)
    rules, boards = json.loads(standing.state).get("counts", {}), json.loads(standing.game).get("boards", {})
    return sorted(rules), sorted(boards)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_what_is_gone_is_forgotten_in_any_order_of_arrival(session: Session, order: Sequence[int]) -> None:
    in_force(session, BEFORE)
    apply(session, load(PROGRAMME), base=1, effective_from=CHANGED, actor="test", now=NOW)
    later = NOW + days(200)
    facts: list[Fact] = [an_order(f"o{at}", "10.00", at=NOW + days(at), source="gone") for at in (1, 20, 150)]
    record(session, facts[:1], later)
    assert remembered(session, "gone") == (["third"], ["spent"])
    record(session, facts[:2], later)
    assert remembered(session, "gone") == ([], ["spent"])
    record(session, facts[2:], later)
    assert remembered(session, "gone") == ([], [])
    for place in order:
        other = [an_order(f"o{at}", "10.00", at=NOW + days(at), source="mixed") for at in (1, 20, 150)]
        record(session, [other[place]], later)
    assert remembered(session, "mixed") == ([], [])
    assert prove(session).flaws == []
