"""A question at a glance: the rows that are had at length, on a line that is given back as it was."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, Text, cast, func, literal, select, text, union_all
from sqlalchemy.exc import DBAPIError

from app import database
from facts.columns import Utc
from members.tables import Standing
from members.views.home import home_question

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
MADE = datetime(2026, 5, 1, 9, 30, 15, 250_000, tzinfo=UTC)


def a_question() -> Any:
    """Words, a number, a moment, a per cent sign, and a value of its own beside what is asked with."""
    one = select(literal("100 %").label("what"), literal(7).label("amount"), literal(MADE, Utc()).label("at"))
    return union_all(one, select(cast(func.lower("MORE"), Text), literal(-(2**40)), literal(NOW, Utc())))


def at_length(engine: Engine, question: Any, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(question, values)]


def test_the_rows_are_those_that_are_had_at_length(engine: Engine) -> None:
    question = a_question()
    rows = database.ask(engine, question, {})
    assert [tuple(row) for row in rows] == at_length(engine, question, {})
    assert (rows[0].what, rows[0].amount, rows[0].at) == ("100 %", 7, MADE)
    assert rows[0].at.tzinfo is not None


def test_home_is_asked_in_words_that_the_driver_keeps(engine: Engine) -> None:
    values = {"digest": b"\x00" * 32, "now": NOW}
    assert [tuple(row) for row in database.ask(engine, home_question(), values)] == at_length(
        engine, home_question(), values
    )


def test_who_writes_next_on_the_same_line_can_still_take_it_back(engine: Engine) -> None:
    database.ask(engine, a_question(), {})
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE probe (n integer)"))
        connection.rollback()
    with pytest.raises(DBAPIError, match="probe"), engine.connect() as connection:
        connection.execute(text("SELECT n FROM probe"))


def test_what_cannot_be_asked_is_said_and_the_line_stays_good(engine: Engine) -> None:
    with pytest.raises((DBAPIError, psycopg.Error), match=r"no_such"):
        database.ask(engine, select(text("no_such FROM standing")), {})
    assert database.ask(engine, select(func.count().label("n")).select_from(Standing), {})[0].n == 0


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_a_line_that_was_cut_is_not_noticed(engine: Engine) -> None:
    question = select(func.pg_backend_pid().label("pid"))
    (before,) = database.ask(engine, question, {})
    other = database.engine(str(engine.url.render_as_string(hide_password=False)))
    try:
        with other.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:pid, 60000)"), {"pid": before.pid})
    finally:
        other.dispose()
    (after,) = database.ask(engine, question, {})
    assert after.pid != before.pid
