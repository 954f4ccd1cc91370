"""Who takes part when a goal is reached is owed its prize, and gets it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from badges.goal_tables import GoalTotal
from members.actions import record
from members.actions.goals import gather, pay, unpaid
from tests.builders import NOW, PROGRAMME, a_refund, days, in_force, standing_of
from tests.members.boards import shopping

TOGETHER = """
goals:
  - {slug: baskets, name: Baskets, criterion: {kind: count, at_least: 1}, target: "2", prize: {points: 50}}
"""


def together(session: Session, target: str = "2") -> None:
    """Two customers who brought a basket each, at moments of their own."""
    in_force(session, PROGRAMME + TOGETHER.replace('"2"', f'"{target}"'))
    record(session, [shopping(1, 1)], NOW)
    record(session, [shopping(2, 1)], NOW + days(1))


def paid(session: Session, now: datetime) -> list[int]:
    """Pay what is owed, and what each customer has then."""
    for key in unpaid(session):
        pay(session, key, now)
    return [standing_of(session, customer).balance for customer in ("1", "2")]


def test_whoever_completes_it_after_the_gathering_began_has_a_prize_too(session: Session) -> None:
    together(session)
    gather(session, NOW)
    assert session.exec(select(GoalTotal.reached_at)).one() == NOW + days(1)
    assert paid(session, NOW) == [60, 60]
    assert unpaid(session) == []


def test_what_goes_back_between_reaching_and_paying_takes_no_prize_away(session: Session) -> None:
    together(session)
    gather(session, NOW + days(1))
    back = a_refund("1-1", ("1", "10.00"), at=NOW + days(2), subject="customer:1")
    record(session, [back], NOW + days(2))
    assert paid(session, NOW + days(2)) == [50, 60]


def test_what_went_back_before_a_goal_is_reached_brings_none(session: Session) -> None:
    together(session, "3")
    gather(session, NOW + days(1))
    back = a_refund("1-1", ("1", "10.00"), at=NOW + days(2), subject="customer:1")
    record(session, [back, shopping(2, 2), shopping(2, 3)], NOW + days(2))
    gather(session, NOW + days(2))
    assert paid(session, NOW + days(2)) == [0, 80]
