"""A batch of facts, recorded together; and by halves when that fails, until the fact at fault stands alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from app import database
from facts.events import Fact
from members.actions.record import Outcome, record

BATCH_MAX = 500
WAITING_MAX = 20_000

Answer = Outcome | Exception
Told = Callable[[int, Exception], object]


def by_halves(engine: Engine, facts: list[Fact], told: Told) -> list[Answer]:
    """What became of each fact, in order, after the commit; an exception stands for one that could not be recorded.

    `told` hears how many facts an error has cost, and the error.
    """
    try:
        now = datetime.now(UTC)
        return list(database.attempt(engine, lambda session: record(session, facts, now)))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told, and harms no other fact
        if len(facts) == 1 or _database_is_away(error):
            told(len(facts), error)
            return [error] * len(facts)
    middle = len(facts) // 2
    return by_halves(engine, facts[:middle], told) + by_halves(engine, facts[middle:], told)


def _database_is_away(error: Exception) -> bool:
    """Whether trying smaller batches is no use: nothing can be recorded just now."""
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or (
        isinstance(error, OperationalError | InterfaceError) and not database.asks_again(error)
    )
