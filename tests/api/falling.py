"""A recording process that falls over one fact: `python -m tests.api.falling`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from app.recording import batch, child
from facts.events import Fact
from members.actions.record import Outcome, record


def falling(session: Session, facts: Sequence[Fact], now: datetime) -> list[Outcome]:
    """As the engine does it, unless one of them is the one."""
    if any(fact.id == "poison" for fact in facts):
        os._exit(1)
    return record(session, facts, now)


if __name__ == "__main__":
    batch.record = falling
    child.main()
