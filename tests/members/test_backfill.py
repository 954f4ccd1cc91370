"""Back-fill equals having been there live, shows beforehand what it will do, and can be undone."""

from __future__ import annotations

import random
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlmodel import Session

from members import programme
from members.actions.backfill import backfill, preview
from members.prove import prove
from tests.builders import NOW, in_force, standing_of
from tests.members.test_law import PLAYED, PROGRAMMES, facts_of, histories, in_batches, state

PLAIN = PROGRAMMES["rich"].replace(", keep: next_year", "")
LATER = PLAYED.replace("slug:", "counts: from_beginning, slug:").replace(
    "- counts: from_beginning, slug: both\n", "- slug: both\n    counts: from_beginning\n"
)
numbers = count()


def publish(session: Session, text: str, base: int) -> None:
    programme.apply(session, programme.load(text), base=base, actor="test", now=NOW)


@given(history=histories())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.feature(63)
def test_a_back_fill_ends_where_being_there_would_have_ended(
    session: Session, history: list[tuple[str, Any]]
) -> None:
    """The same history under the badges from the first version on, and under badges that come at the end."""
    source, number = "S", next(numbers)
    whole = session.begin_nested()
    in_force(session, PLAIN + PLAYED)
    in_batches(session, facts_of(history, source), random.Random(number))
    there = state(session, source)
    whole.rollback()
    session.expire_all()
    late = session.begin_nested()
    in_force(session, PLAIN)
    in_batches(session, facts_of(history, source), random.Random(number))
    publish(session, PLAIN + LATER, 1)
    member_id = standing_of(session, source=source).member_id
    expected, cost = preview(session, [member_id], NOW)
    found, points = backfill(session, [member_id], NOW)
    assert (found, points) == (expected, cost)
    assert state(session, source) == there
    assert backfill(session, [member_id], NOW)[0] == []
    assert prove(session).flaws == []
    late.rollback()
    session.expire_all()
