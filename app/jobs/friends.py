"""What friends do is followed: those of whom there is news, and who were brought by somebody, are looked at.

What was missed, since no process was there, is found every few minutes (`referring.follow_late`).

For the composition root: `app.register_lifespan_task(friends.lifespan)`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Engine

from app import database
from app.jobs.following import following
from members.actions import referring

BATCH = 200


def follow_news(engine: Engine, members: Collection[UUID]) -> int:
    """Look at those of whom there is news; returns how many were brought by somebody."""
    ordered, count = sorted(members), 0
    for start in range(0, len(ordered), BATCH):
        some = ordered[start : start + BATCH]
        with database.reading(engine) as session:
            brought = referring.brought(session, some)
        if brought:
            now = datetime.now(UTC)
            count += database.attempt(
                engine, lambda session, some=brought, now=now: referring.follow(session, some, now)
            )
    return count


def follow_late(engine: Engine, now: datetime) -> int:
    """What nobody followed, in batches; returns how many members were looked at."""
    done, after = 0, referring.NOBODY
    while True:
        found = database.attempt(
            engine, lambda session, after=after: referring.follow_late(session, now, after, BATCH)
        )
        done += len(found)
        if len(found) < BATCH:
            return done
        after = found[-1]


lifespan = following("friends", follow_news)
