"""Budgets of rules cost an order little, and are right when many ask for one at once that nobody has counted yet."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app import database
from app.cli.bench.statements import counting
from badges.tables import Scarce, ScarceGrant
from members.actions import record
from members.programme import apply
from members.prove import prove
from tests.builders import NOW, PROGRAMME, an_order, loaded
from tests.databases import Postgres

BUDGET = PROGRAMME.replace('per: "1.00"}', 'per: "1.00", budget: %s}', 1)
OTHER = BUDGET.replace("slug: base", "slug: other", 1)


@pytest.fixture
def log(postgres: Postgres | None) -> Path | None:
    """Where PostgreSQL writes what it executes."""
    return postgres.server.log if postgres else None


def buy(engine: Engine, name: str, amount: str = "9.00") -> None:
    def bought(session: Session) -> None:
        order = an_order(name, amount, at=NOW, subject=f"customer:{name}")
        assert record(session, [order], NOW)[0].status == "recorded"

    database.attempt(engine, bought)


def taken(engine: Engine) -> dict[str, int]:
    with database.reading(engine) as session:
        assert prove(session).flaws == []
        return {row.key: row.taken for row in session.exec(select(Scarce))}


def test_a_budget_costs_one_question_and_what_it_writes(engine: Engine, log: Path | None) -> None:
    costs: list[int] = []
    for text in (PROGRAMME, BUDGET % 1000):
        with database.transaction(engine) as session:
            apply(session, loaded(text), base=len(costs) or None, actor="test", now=NOW)
        buy(engine, f"first-{len(costs)}")
        with counting(engine, log) as count:
            buy(engine, f"warm-{len(costs)}")
            before = count()
            buy(engine, f"again-{len(costs)}")
            costs.append(count() - before)
    written = 1 if log else 2  # all tables at once, or one after the other
    assert costs[1] - costs[0] == 1 + written
    assert taken(engine) == {"rule:base": 27}


def test_a_budget_of_a_later_version_is_counted_beside_the_one_before(engine: Engine) -> None:
    for base, text in ((None, BUDGET % 1000), (1, OTHER % 1000)):
        with database.transaction(engine) as session:
            apply(session, loaded(text), base=base, actor="test", now=NOW)
        buy(engine, f"after-{base}")
    assert taken(engine) == {"rule:base": 9, "rule:other": 9}


def test_many_who_ask_at_once_for_what_nobody_counted_get_all_of_it_and_no_more(engine: Engine) -> None:
    with database.transaction(engine) as session:
        apply(session, loaded(BUDGET % 100), base=None, actor="test", now=NOW)
    with ThreadPoolExecutor(8) as hands:
        for done in [hands.submit(buy, engine, f"c{number}") for number in range(16)]:
            done.result()
    assert taken(engine) == {"rule:base": 99}
    with database.reading(engine) as session:
        given = session.exec(select(ScarceGrant.number).where(col(ScarceGrant.key).startswith("rule:"))).all()
    assert sorted(given) == [9] * 11
