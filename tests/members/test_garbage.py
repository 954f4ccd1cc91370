"""What was weighed is gone as soon as it is written, and not when Python next looks for garbage.

A weighing that something within it points back to waits for that look, with the whole account: orders by the API came
a fifth slower (P3). What the counters of a batch point back to is its session.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlmodel import Session

from facts.events import Fact
from members.actions import record
from members.programme.presets import text
from tests.builders import NOW, a_refund, an_order, in_force

OURS = (
    "members.weighing",
    "members.awarding",
    "members.books",
    "members.guarding",
    "members.scarcity",
    "members.budgets",
    "badges.game",
    "rewards.",
)
FIRST = an_order("first", "10.00", at=NOW - timedelta(days=9))


@contextmanager
def sweeping() -> Iterator[list[object]]:
    """What the collector finds of all that is done within."""
    found: list[object] = []
    gc.collect()
    known = len(gc.garbage)
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        yield found
        gc.collect()
        found += gc.garbage[known:]
    finally:
        gc.set_debug(0)
        del gc.garbage[known:]
        gc.enable()


@pytest.mark.parametrize(
    "news",
    [
        [an_order("next", "10.00", at=NOW - timedelta(days=3))],
        [an_order("late", "10.00", at=NOW - timedelta(days=70))],
        [a_refund("first", ("1", "10.00"), at=NOW - timedelta(days=2))],
    ],
    ids=["in order", "late", "a return"],
)
def test_a_weighing_leaves_nothing_for_the_collector(session: Session, news: Sequence[Fact]) -> None:
    in_force(session, text("grocery"))
    record(session, [FIRST], NOW)
    session.commit()
    with sweeping() as found:
        assert [one.status for one in record(session, news, NOW)] == ["recorded"]
    assert [type(one) for one in found if type(one).__module__.startswith(OURS)] == []
