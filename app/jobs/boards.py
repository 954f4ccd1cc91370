"""The lists of boards and the sums of goals follow what happens.

For the composition root: `app.register_lifespan_task(boards.lifespan)`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Engine

from app.jobs import due, goals
from app.jobs.following import following


def follow_news(engine: Engine, members: Collection[UUID] = ()) -> int:
    """Take over what changed, whoever it was about: what is behind is marked in the tables."""
    followed = due.follow_boards(engine, datetime.now(UTC))
    return goals.follow_goals(engine, datetime.now(UTC)) + followed


lifespan = following("boards and goals", follow_news)
