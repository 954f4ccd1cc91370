"""The command line on a database of the test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app import database, door
from app.cli import main
from facts.events import parse
from members.actions.record import record
from members.actions.redeem import redeem
from members.standing import member_of
from tests.api.shop import SOURCE, a_programme, an_order

Run = Callable[..., Result]


@pytest.fixture
def run(house: Path) -> Run:
    """Run `regulars` with these words; a traceback is a failure of the test."""

    def run(*words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(main, list(words))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def shop(house: Path) -> database.Engine:
    """Two members with orders, one with a reward."""
    engine = door.engine()
    with a_programme(engine), database.transaction(engine) as session:
        orders = [an_order("2000.00", days_ago=400), an_order("90.00"), an_order("30.00", customer="901")]
        now = datetime.now(UTC)
        record(session, [parse(order) for order in orders], now)
        member_id = member_of(session, SOURCE, "customer:900")
        assert member_id
        redeem(session, member_id, "coffee", now, "r1", b"a secret of this test only, 32 bytes")
    return engine
