"""Who takes part when a goal is reached is owed its prize, and gets it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from badges.goal_tables import GoalTotal
from members.actions import record
from members.actions.goals import gather, pay, unpaid
from tests.builders import NOW, PROGRAMME, days, in_force, standing_of
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
