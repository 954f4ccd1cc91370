"""Goals follow what members bring: the sum about a second behind, and the prizes as soon as one is reached."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import Engine

from app import database
from members.actions.goals import GATHERED_MAX, gather, is_behind, pay, unpaid

log = logging.getLogger(__name__)


def follow_goals(engine: Engine, now: datetime) -> int:
    """Gather and pay what there is; returns how many parts and prizes. Doing it again changes nothing.

    Each batch is a transaction of its own, so that whoever is stopped in the middle leaves nothing half done. Only a
    full one is followed by another one: while orders come, there is always a little more.
    """
    with database.reading(engine) as session:
        behind, owing = is_behind(session, now), unpaid(session)
    done, count = 0, GATHERED_MAX if behind else 0
    while count >= GATHERED_MAX:
        count = database.attempt(engine, lambda session: gather(session, now))
        done += count
    if behind:
        with database.reading(engine) as session:
            owing = unpaid(session)
    for key in owing:
        while count := database.attempt(engine, lambda session, key=key: pay(session, key, now)):
            done += count
    return done
