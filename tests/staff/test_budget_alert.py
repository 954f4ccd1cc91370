"""A challenge whose budget is nearly gone is told to staff once, before it stops by itself; FEATURES 69 and 70."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import col, select

from app import database, door
from app.frame.routes import address
from badges.goal_tables import BudgetAlert
from facts.language import codes
from members.actions.record import record
from members.programme import apply, versions
from members.programme.document import Programme
from members.tables import Audit
from pages.staff.games import GamesState
from tests.builders import PROGRAMME, an_order, days, in_force
from tests.staff.conftest import call, visit

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]

BUDGETED = """
challenges:
  - slug: spender
    name: Spender
    criterion: {kind: count, at_least: 1}
    budget: 100
    milestones: [{at: 1, prize: {points: 30}}]
  - slug: large
    name: Large
    criterion: {kind: largest, at_least: "50"}
    budget: 100
    milestones: [{at: "50", prize: {points: 70}}]
"""


def buy(*customers: int, amount: str = "1.00") -> None:
    """Each of them buys once."""
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        record(
            session,
            [an_order(f"o{n}", amount, at=now - days(1), subject=f"customer:{n}") for n in customers],
            now,
        )


def told() -> tuple[list[tuple[str, int, int]], list[str]]:
    """The alerts on record, and what the audit says of them."""
    with database.reading(door.engine()) as session:
        rows = session.exec(select(BudgetAlert).order_by(col(BudgetAlert.key), col(BudgetAlert.budget))).all()
        audited = session.exec(
            select(Audit.object).where(Audit.action == "budget.alert").order_by(col(Audit.seq))
        ).all()
        return [(row.key, row.budget, row.taken) for row in rows], list(audited)


async def banner(code: str = "en") -> tuple[str, ...]:
    page = visit(GamesState, "analyst", address("/staff/badges", code))
    await call(page, "load")
    return page.card.alerts


@pytest.fixture(autouse=True)
def budgeted(house: Any) -> None:
    with database.transaction(door.engine()) as session:
        in_force(session, PROGRAMME + BUDGETED)


async def test_at_four_fifths_it_is_recorded_once_logged_and_shown(caplog: pytest.LogCaptureFixture) -> None:
    buy(1, 2)
    assert (told(), await banner()) == (([], []), ())
    with caplog.at_level(logging.WARNING, "members.budgets"):
        buy(3)
    assert told() == ([("challenge:spender", 100, 90)], ["challenge:spender"])
    assert [record.getMessage() for record in caplog.records] == [
        "challenge:spender has given 90 of its budget of 100 points"
    ]
    buy(4)
    buy(5, 6)
    assert told() == ([("challenge:spender", 100, 90)], ["challenge:spender"]), "once, however many come"
    assert await banner() == ("“Spender” has stopped: 90 of the 100 points of its budget are given.",)
    for code in codes():
        assert ("stopped" in (await banner(code))[0]) == (code == "en")


async def test_one_that_cannot_pay_its_next_prize_is_told_too() -> None:
    buy(1, amount="60.00")
    assert told() == ([], [])
    buy(2, amount="60.00")
    assert told()[0] == [("challenge:large", 100, 70)]
    buy(3, amount="60.00")
    assert told()[1] == ["challenge:large", "challenge:spender"]


async def test_who_raises_the_budget_has_answered_and_is_told_anew() -> None:
    buy(1, 2, 3)
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        latest = versions(session).latest
        document = latest.programme.model_dump(mode="json")
        document["challenges"][0]["budget"] = 150
        apply(
            session,
            Programme.model_validate(document),
            base=latest.number,
            effective_from=now,
            actor="owner:kim",
            now=now,
        )
    assert await banner() == ()
    later = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        record(session, [an_order("p", "1.00", at=later, subject="customer:9")], later)
    assert told()[0] == [("challenge:spender", 100, 90), ("challenge:spender", 150, 120)]
    assert await banner() == ("“Spender” has 30 points ($0.30) of its budget of 150 left. Then it stops.",)
