"""What is forgotten by date alone: those who left and did not come back, and what was needed for a while only."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine

from app import database
from members import retention
from members.actions.erase import erase_those_who_left
from members.actions.own import RETURN_DAYS

BATCH = 20
ENGINE = "engine:retention"


def erase_left(engine: Engine, now: datetime) -> int:
    """Erase those whose days of grace are over. Returns how many."""
    before, count = now - timedelta(days=RETURN_DAYS), 0
    while gone := database.attempt(
        engine, lambda session: erase_those_who_left(session, before, ENGINE, now, BATCH)
    ):
        count += len(gone)
    if count:
        database.fold_in(engine)
    return count


def forget(engine: Engine, now: datetime) -> int:
    """Forget what was kept for a while. Returns how many rows."""
    return database.attempt(engine, lambda session: retention.forget(session, now))
