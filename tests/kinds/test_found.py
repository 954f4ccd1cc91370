"""What drawn lives have found, each as the smallest life that shows it."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import Session

from members.actions import advance, record
from members.prove import prove
from tests.builders import NOW, PROGRAMME, a_fact, a_refund, an_order, in_force, standing_of


def noon(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


def test_points_that_came_over_when_their_time_was_over_are_weighed_again_as_before(session: Session) -> None:
    """They are gone at once, where they came: what comes late between their end and then does not take them twice."""
    in_force(session)
    over = {"item": "i", "lots": [{"points": 30, "expires_at": "2026-07-01T04:00:00+00:00"}]}
    facts = [an_order("A", "10.00", at=noon(8, 20)), an_order("B", "10.00", at=noon(9, 20)),
             an_order("late", "10.00", at=noon(8, 25))]  # fmt: skip
    for fact in (an_order("first", "5.00", at=noon(1, 2)),
                 a_fact("import.balance", over, at=noon(8, 15), internal=True), *facts):  # fmt: skip
        assert record(session, [fact], NOW)[0].status == "recorded"
    assert standing_of(session).balance == 35
    assert prove(session).flaws == []


def test_an_order_paid_with_more_points_than_its_goods_cost_lowers_no_tier(session: Session) -> None:
    """Points paid its delivery too: by spend it counts as nothing, and the member is weighed as before."""
    in_force(session, PROGRAMME.replace("basis: points_earned", "basis: spend"))
    first, paid = an_order("A", "120.00", at=noon(3, 1)), {"shipping": "4.90", "points_paid": "9.90"}
    for fact in (
        first,
        an_order("B", "5.00", at=noon(5, 1), **paid),
        an_order("C", "0.00", at=noon(5, 2), **paid),
    ):
        assert record(session, [fact], NOW)[0].status == "recorded"
    early = an_order("D", "5.00", at=noon(5, 1), subject="customer:2", **paid)
    assert record(session, [early], NOW)[0].status == "recorded"
    assert standing_of(session).tier == "silver"
    assert prove(session).flaws == []


def test_points_that_were_lost_too_early_can_be_lost_again_later(session: Session) -> None:
    """They ended by inactivity; a late order says that they had not, and later they end all the same."""
    in_force(session, PROGRAMME.replace("{kind: rolling, months: 12}", "{kind: inactivity, days: 90}"))
    for fact in (an_order("C", "30.00", at=noon(5, 31)), an_order("A", "10.00", at=noon(1, 28)),
                 an_order("B", "20.00", at=noon(3, 22))):  # fmt: skip
        assert record(session, [fact], NOW)[0].status == "recorded"
    advance(session, [standing_of(session).member_id], NOW)
    assert standing_of(session).balance == 0
    assert prove(session).flaws == []


def test_what_a_level_gives_once_is_given_again_to_who_lost_it_and_comes_back(session: Session) -> None:
    """The order that led there was returned, and another one leads there later."""
    silver = "threshold: 100, entry: {points: 25}"
    in_force(session, PROGRAMME.replace("threshold: 100", silver))
    for fact in (an_order("A", "120.00", at=noon(3, 1)), a_refund("A", ("1", "120.00"), at=noon(3, 2)),
                 an_order("B", "130.00", at=noon(5, 2))):  # fmt: skip
        assert record(session, [fact], NOW)[0].status == "recorded"
    assert standing_of(session).balance == 130 + 25
    assert prove(session).flaws == []
