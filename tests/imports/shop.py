"""A shop for the import tests: a programme set up, the command run at a moment of the past, and how members stand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import time_machine
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select
from typer.testing import CliRunner, Result

from app import database, settings
from app.cli import main
from members.actions.record import advance_due
from members.programme import apply
from members.tables import Identity, Standing
from rewards.tables import Entry, Lot
from tests.builders import loaded

LotKey = tuple[str, int, int, datetime, datetime, datetime | None]


def open_shop(url: str, document: str, now: datetime) -> None:
    """An empty, migrated database with a programme."""
    database.migrate(url)
    engine = database.engine(url)
    with time_machine.travel(now), database.transaction(engine) as session:
        apply(session, loaded(document), base=None, actor="test", now=now)
    engine.dispose()


def run(url: str, now: datetime, *words: str) -> Result:
    """`regulars …` as if it were `now`, against the database at `url`."""
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(now, tick=True):
        patch.setenv("REGULARS_DATABASE_URL", url)
        settings.current.cache_clear()
        try:
            return CliRunner().invoke(main, list(words), terminal_width=200)
        finally:
            settings.current.cache_clear()
            database.shared(url).dispose()


def let_time_pass(engine: Engine, now: datetime) -> None:
    """What the nightly jobs do."""
    while database.attempt(engine, lambda session: advance_due(session, now)):
        pass


def members(session: Session, source: str) -> dict[str, Any]:
    """Each customer's member id."""
    prefix = f"customer:{source}:"
    rows = session.exec(select(Identity.key, Identity.member_id).where(col(Identity.key).startswith(prefix)))
    return {key.removeprefix(prefix): member_id for key, member_id in rows}


def open_lots(session: Session) -> dict[Any, set[LotKey]]:
    """What is left of each lot, by member: (cause, amount, remaining, at, active from, expires at)."""
    found: dict[Any, set[LotKey]] = {}
    for lot in session.exec(select(Lot).where(Lot.remaining != 0)):
        key = (lot.cause, lot.amount, lot.remaining, lot.at, lot.active_from, lot.expires_at)
        found.setdefault(lot.member_id, set()).add(key)
    return found


def standings(session: Session) -> dict[Any, tuple[int, str]]:
    """Balance and tier by member."""
    rows = session.exec(select(Standing.member_id, Standing.balance, Standing.tier))
    return {member_id: (balance, tier) for member_id, balance, tier in rows}


def sums(session: Session) -> dict[Any, int]:
    """Σ entries by member."""
    rows = session.execute(
        text(f"SELECT member_id, sum(amount) FROM {Entry.__tablename__} GROUP BY member_id")
    )
    return {str(member_id).replace("-", ""): int(total) for member_id, total in rows}


def everything(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that facts can change."""
    tables = ("claim", "fact", "standing", "entry", "lot", "checkpoint", "tier_change", "identity", "member")
    with engine.connect() as connection:
        return {
            table: sorted(tuple(map(str, row)) for row in connection.execute(text(f"SELECT * FROM {table}")))
            for table in tables
        }
