"""Claims: a fact and its order are claimed at once, and nothing is claimed by what is no news."""

from __future__ import annotations

from sqlmodel import Session, col, select

from members.actions import record
from members.prove import prove
from members.tables import Claim, Standing
from tests.builders import NOW, an_order, in_force


def claims(session: Session) -> set[str]:
    return set(session.exec(select(Claim.key)))


def test_a_fact_that_came_before_claims_no_other_order(session: Session) -> None:
    in_force(session)
    record(session, [an_order("1", "30.00", id="f")], NOW)
    (again,) = record(session, [an_order("2", "30.00", id="f")], NOW)
    assert again.status == "duplicate"
    assert claims(session) == {"fact:f", "order:1"}


def test_beside_a_fact_that_came_before_an_order_goes_to_whose_news_it_is(session: Session) -> None:
    in_force(session)
    record(session, [an_order("1", "30.00", id="f")], NOW)
    again, news = record(
        session,
        [an_order("2", "30.00", id="f"), an_order("2", "40.00", id="g", subject="customer:2")],
        NOW,
    )
    assert (again.status, news.status) == ("duplicate", "recorded")
    order = session.exec(select(Claim).where(Claim.key == "order:2")).one()
    assert order.member_id == news.member_id
    assert [one.balance for one in session.exec(select(Standing).order_by(col(Standing.balance)))] == [30, 40]
    assert prove(session).flaws == []


def test_an_order_belongs_to_whose_it_was_first(session: Session) -> None:
    in_force(session)
    first, second = record(
        session,
        [an_order("1", "30.00", id="f"), an_order("1", "30.00", id="g", subject="customer:2")],
        NOW,
    )
    assert (first.status, second.status) == ("recorded", "refused")
    assert second.refusal
    assert second.refusal.code == "order_of_another"
    assert claims(session) == {"fact:f", "order:1"}
