"""Who takes part when a goal is reached is owed its prize, and gets it."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from badges.goal_tables import GoalPart, GoalTotal
from badges.goals import TOPIC
from members import programme
from members.actions import record
from members.actions.goals import gather, is_behind, pay, unpaid
from members.tables import Audit, Outbox
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


def test_who_is_gone_is_refused_and_told_apart_and_the_others_are_paid(session: Session) -> None:
    together(session)
    gather(session, NOW + days(1))
    gone = UUID(int=1)
    key = session.exec(select(GoalTotal.goal)).one()
    session.add(GoalPart(member_id=gone, goal=key, part=1, gathered=1, took_part_at=NOW))
    session.flush()
    assert paid(session, NOW + days(2)) == [60, 60]
    assert unpaid(session) == []
    refused = session.exec(select(Audit).where(Audit.action == "goal.prize_refused")).all()
    assert [(row.object, json.loads(row.detail)["code"]) for row in refused] == [
        (f"member:{gone}", "member_unknown")
    ]


def test_a_lowered_target_is_noticed_without_anything_new(session: Session) -> None:
    together(session, "3")
    gather(session, NOW + days(1))
    later = NOW + days(2)
    assert not is_behind(session, later)
    heard = session.exec(select(Outbox).where(Outbox.members == TOPIC.hex)).all()
    lower = PROGRAMME + TOGETHER
    programme.apply(session, programme.load(lower), base=1, actor="test", now=later)
    assert len(session.exec(select(Outbox).where(Outbox.members == TOPIC.hex)).all()) == len(heard) + 1
    assert is_behind(session, later)
    assert gather(session, later) == 1
    assert session.exec(select(GoalTotal.reached_at)).one() == later
    assert not is_behind(session, later)
    assert paid(session, later) == [60, 60]
