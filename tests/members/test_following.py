"""Whoever follows boards and goals each second looks only at what has changed, and finds it by an index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from badges.goal_tables import GoalTotal
from members.actions import board_lists, goals, record
from tests.builders import NOW
from tests.members.boards import play, shopping

BOTH = """
boards:
  - {slug: orders, name: Orders, criterion: {kind: count, at_least: 1}}
goals:
  - {slug: baskets, name: Baskets, criterion: {kind: count, at_least: 1}, target: "2"}
"""


@contextmanager
def asked(session: Session) -> Iterator[list[tuple[str, Any]]]:
    """What is asked of the scores and the parts meanwhile."""
    connection, found = session.connection(), list[tuple[str, Any]]()

    def hear(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if statement.startswith("SELECT") and ("FROM board_score" in statement or "FROM goal_" in statement):
            found.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", hear)
    yield found
    event.remove(connection, "before_cursor_execute", hear)


def plan(session: Session, statement: str, parameters: Any) -> str:
    """How the database finds it, were there many rows."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return "\n".join(row[0] for row in connection.exec_driver_sql("EXPLAIN " + statement, parameters))
    return "\n".join(
        row[3] for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)
    )


def refresh(session: Session) -> int:
    return board_lists.refresh(session, NOW)


def is_behind(session: Session) -> bool:
    return goals.is_behind(session, NOW)


def gather(session: Session) -> int:
    return goals.gather(session, NOW)


def pay(session: Session) -> int:
    return goals.pay(session, session.exec(select(GoalTotal.goal)).one(), NOW)


@pytest.mark.parametrize(
    ("work", "index"),
    [(board_lists.behind, "board_score_dirty"), (refresh, "board_score_dirty"),
     (is_behind, "goal_part_dirty"), (gather, "goal_part_dirty"),
     (goals.unpaid, "goal_part_unpaid"), (pay, "goal_part_unpaid")],
)  # fmt: skip
def test_what_has_changed_is_found_by_an_index(
    session: Session, work: Callable[[Session], Any], index: str
) -> None:
    play(session, {1: 2, 2: 1}, BOTH)
    goals.gather(session, NOW)
    record(session, [shopping(1, 9), shopping(2, 9)], NOW)
    with asked(session) as statements:
        assert work(session)
    table = index.rpartition("_")[0]
    plans = [
        plan(session, *one)
        for one in statements
        if table in one[0] and "falling" not in one[0].split("WHERE")[1]
    ]
    assert plans
    for one in plans:
        assert index in one, one
