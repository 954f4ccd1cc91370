"""Claims: a fact and its order are claimed at once, and nothing is claimed by what is no news."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from app import database
from app.jobs.due import wake_stranded_facts
from members.actions import record
from members.intake import admit, known
from members.programme import versions
from members.prove import prove
from members.tables import Claim, Standing
from tests.builders import NOW, a_line, a_refund, an_order, in_force


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


def test_a_refund_and_its_order_that_did_not_see_each_other_meet_within_the_hour(engine: Engine) -> None:
    """Both are recorded at once: on PostgreSQL neither sees the other; on SQLite one waits for the other's end."""
    order = an_order("o1", a_line("30.00"), subject="customer:1")
    nameless = a_refund("o1", ("1", "30.00"), subject="")
    with database.transaction(engine) as session:
        in_force(session)
    if engine.dialect.name == "sqlite":
        with database.transaction(engine) as session:
            assert record(session, [nameless], NOW)[0].status == "waiting"
            session.execute(update(Claim).values(waiting_for="elsewhere"))
            record(session, [order], NOW)
            waits = col(Claim.waiting_for) == "elsewhere"
            session.execute(update(Claim).where(waits).values(waiting_for=f"order:{nameless.source}:o1"))
    else:
        with database.transaction(engine) as first, database.transaction(engine) as second:
            assert record(first, [nameless], NOW)[0].status == "waiting"
            assert record(second, [order], NOW)[0].points == 30
    assert balance(engine) == 30
    assert wake_stranded_facts(engine, NOW) == 1
    assert balance(engine) == 0
    assert wake_stranded_facts(engine, NOW) == 0
    with database.reading(engine) as session:
        assert prove(session).flaws == []


def test_a_refund_that_comes_with_its_order_meets_it(session: Session) -> None:
    in_force(session)
    order = an_order("o1", a_line("30.00"), subject="customer:1")
    nameless = a_refund("o1", ("1", "10.00"), subject="")
    said = record(session, [nameless, order, a_refund("o1", ("1", "5.00"), subject="", id="later")], NOW)
    assert [one.status for one in said] == ["waiting", "recorded", "waiting"]
    assert session.exec(select(Standing.balance)).one() == 15
    assert session.exec(select(Claim.envelope).where(col(Claim.envelope).is_not(None))).first() is None
    assert prove(session).flaws == []


def test_what_waited_for_an_order_is_woken_by_whoever_claimed_it_first(engine: Engine) -> None:
    """What was seen to wait before another batch brought the order is not recorded a second time."""
    placed = replace(an_order("o1", a_line("30.00"), id="p"), type="order.placed")
    paid = an_order("o1", a_line("30.00"), id="q")
    with database.transaction(engine) as session:
        in_force(session)
        record(session, [a_refund("o1", ("1", "10.00"), subject="")], NOW)
    with database.reading(engine) as session:
        seen = known(session, [paid])
        assert [name for name, _ in seen.waited] == [f"order:{paid.source}:o1"]
    with database.transaction(engine) as session:
        record(session, [placed], NOW)
    with database.transaction(engine) as session:
        admitted = admit(session, [paid], NOW, versions(session), seen)
        assert [one.fact.id for one in admitted] == ["q"]
        session.rollback()
    with database.transaction(engine) as session:
        record(session, [paid], NOW)
    assert balance(engine) == 20


def balance(engine: Engine) -> int:
    with database.reading(engine) as session:
        return session.exec(select(Standing.balance)).one()
