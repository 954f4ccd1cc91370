"""The budget of a rule that gives into a wallet is told in what it holds: money, or steps; FEATURES 11 and 18."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import select

from app import database, door
from app.frame.routes import address
from members.actions.record import record
from members.tables import Audit
from pages.staff.games import GamesState
from tests.builders import PROGRAMME, a_fact, an_order, days, in_force
from tests.staff.conftest import call, visit

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]

CASH = """
  - {kind: cashback, slug: back, name: Money back, percent: "10", wallet: cash, budget: 100000, tier_multiplier: false}
"""
XP = """
  - {kind: fixed_points, slug: told, name: Say something, on: review.posted, points: 85, wallet: xp, budget: 100}
"""
WALLETS = """
wallets:
  cash: {kind: cashback, name: Cashback, value: {money: "1.00", pays: "%s"}}
  xp: {kind: experience, name: Experience, unit: steps}
"""


def begin(rule: str, pays: str = "1.00") -> None:
    with database.transaction(door.engine()) as session:
        in_force(session, PROGRAMME.replace("tiers:", rule + "tiers:", 1) + WALLETS % pays)


def buy(order: str, amount: str) -> None:
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        record(session, [an_order(order, amount, at=now - days(1))], now)


async def banner(code: str = "en") -> tuple[str, ...]:
    page: Any = visit(GamesState, "analyst", address("/staff/badges", code))
    await call(page, "load")
    return page.card.alerts


def audited() -> list[tuple[str, Any]]:
    with database.reading(door.engine()) as session:
        rows = session.exec(select(Audit).where(Audit.action == "budget.alert")).all()
        return [(row.object, json.loads(row.detail)) for row in rows]


@pytest.mark.feature(11)
@pytest.mark.feature(18)
async def test_what_is_left_of_a_budget_of_cashback_is_an_amount_of_money(
    caplog: pytest.LogCaptureFixture,
) -> None:
    begin(CASH)
    with caplog.at_level(logging.WARNING, "members.budgets"):
        buy("A", "8000.00")
    assert await banner() == ("“Money back” has $200.00 of its budget of $1,000.00 left. Then it stops.",)
    assert [one.getMessage() for one in caplog.records] == [
        "rule:back has given 800.00 of its budget of 1000.00 USD of the wallet cash"
    ]
    assert audited() == [("rule:back", {"budget": 100_000, "taken": 80_000, "wallet": "cash"})]
    assert "200,00" in (await banner("ru"))[0]
    assert "٢٠٠٫٠٠" in (await banner("ar"))[0]
    for code in ("ru", "ar"):
        assert "left" not in (await banner(code))[0]
    buy("B", "2000.00")
    assert await banner() == ("“Money back” has stopped: $1,000.00 of its budget of $1,000.00 are given.",)


@pytest.mark.feature(18)
async def test_cashback_that_pays_less_than_it_says_is_told_with_what_it_pays() -> None:
    begin(CASH, pays="0.50")
    buy("A", "8000.00")
    assert await banner() == (
        "“Money back” has $200.00 (it pays $100.00) of its budget of $1,000.00 left. Then it stops.",
    )


@pytest.mark.feature(18)
async def test_experience_is_worth_no_money(caplog: pytest.LogCaptureFixture) -> None:
    begin(XP)
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session, caplog.at_level(logging.WARNING, "members.budgets"):
        record(session, [a_fact("review.posted", {"review_id": "r"}, at=now - days(1))], now)
    assert [one.replace("\u00a0", " ") for one in await banner()] == [
        "“Say something” has 15 steps of its budget of 100 steps left. Then it stops."
    ]
    assert [one.getMessage() for one in caplog.records] == [
        "rule:told has given 85 of its budget of 100 of the wallet xp"
    ]
