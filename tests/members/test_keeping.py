"""What stays by policy stands at its own place in history, whatever else happened at the same moment."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session

from members.actions.record import record
from tests.builders import NOW, a_fact, a_line, a_refund, an_order, days, in_force
from tests.members.test_guarding import GUARDED
from tests.members.test_law import state
from tests.model.terms import Terms

AT = NOW - days(9)


@pytest.mark.feature(29)
def test_a_prize_that_is_kept_does_not_pay_for_the_order_that_brought_it(session: Session) -> None:
    """A fact of the same moment comes first by its id, and arrives last: the replay ends where one batch ends."""
    in_force(session, Terms(policy="debt", limit=40).text())
    for source, apart in (("apart", True), ("at-once", False)):
        big = an_order("big", "110.05", at=AT, id="b", source=source, points_paid="0.44")
        left = a_fact("challenge.left", {"challenge": "thirty"}, at=AT, id="a", source=source, internal=True)
        late = a_fact(
            "challenge.left", {"challenge": "thirty"}, at=AT - days(1), id="c", source=source, internal=True
        )
        for batch in ([big], [left], [late]) if apart else ([big, left, late],):
            assert {one.status for one in record(session, batch, NOW)} == {"recorded"}
    ends = state(session, "apart"), state(session, "at-once")
    for what in ("balance", "debt", "tier", "lots", "awards"):
        assert ends[0][what] == ends[1][what]
    assert ("badge", "keeper", 0, 1) in ends[0]["awards"]
    assert [points for cause, points in ends[0]["lots"].items() if "badge:keeper:0:1" in cause] == [7]


@pytest.mark.feature(29)
def test_of_two_badges_at_once_the_same_one_repays_a_debt_whenever_it_is_weighed(session: Session) -> None:
    """What is kept comes where its event brought it, among the others: not before them, as if it were older."""
    in_force(session, Terms(policy="debt", limit=40).text())
    for source, replayed in (("once", False), ("again", True)):
        card = a_line("110.00", sku="card")
        record(session, [an_order("big", card, at=AT, id="b", source=source, points_paid="0.03")], NOW)
        if replayed:
            late = an_order("late", a_line("1.00", sku="card"), at=AT - days(1), id="a", source=source)
            back = a_refund("late", ("1", "1.00"), at=NOW - days(1), id="c", source=source)
            for fact in (late, back):
                assert record(session, [fact], NOW)[0].status == "recorded"
    ends = state(session, "once"), state(session, "again")
    assert {("badge", "fresh", 0, 1), ("badge", "keeper", 0, 1)} <= set(ends[0]["awards"])
    assert ends[0]["lots"] == ends[1]["lots"]
    assert ends[0]["awards"] == ends[1]["awards"]


@pytest.mark.feature(29)
def test_what_is_kept_stands_where_it_would_have_been_earned_without_what_is_held(session: Session) -> None:
    """A bottle that turns out to be one of a burst was the second one: by then another one is there for it."""
    in_force(session, GUARDED)
    ends: list[dict[str, Any]] = []
    for source, apart in (("at-once", False), ("apart", True)):
        bottles = [
            a_fact("x.bottle", {"shop": shop}, at=AT + days(late), id=name, source=source)
            for name, shop, late in (("a", 0, 0), ("b", 1, 0), ("d", 1, 3), ("c", 0, 0.1))
        ]
        for batch in [[one] for one in bottles] if apart else [bottles]:
            assert {one.status for one in record(session, batch, NOW)} == {"recorded"}
        ends.append(state(session, source))
    for what in ("balance", "lots", "awards"):
        assert ends[0][what] == ends[1][what]
    assert ("badge", "kept", 0, 1) in ends[0]["awards"]
