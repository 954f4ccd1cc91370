"""Batches of imported members: begun when something is to be written, finished with what became of it, and listed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from facts.refusals import Refusal
from members.audit import ONE_AT_A_TIME, audit
from members.import_tables import ImportBatch, ImportedLine


def begin(session: Session, source: str, file: str, actor: str, now: datetime) -> int:
    """The number of a new batch; of two that begin at once, the second waits for the first."""
    if session.get_bind().dialect.name == "postgresql":
        session.exec(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME))).all()
    number = (session.exec(select(func.max(ImportBatch.number))).one() or 0) + 1
    session.add(ImportBatch(number=number, source=source, file=file, actor=actor, started_at=now))
    audit(session, actor, "import.begun", f"import:{number}", {"source": source}, now)
    session.flush()
    return number


def one_after_another(session: Session, source: str) -> None:
    """Whoever moves people in from a source, or back, waits until whoever does so now has committed.

    What was read before says nothing any more. SQLite writes alone anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(source.encode()).digest()[:8], signed=True)
        session.exec(select(func.pg_advisory_xact_lock(number))).all()


def finish(session: Session, number: int, counts: dict[str, int], now: datetime) -> None:
    """Everything has come over that could."""
    batch = the_batch(session, number)
    batch.finished_at, batch.counts = now, json.dumps(counts, sort_keys=True)
    audit(session, batch.actor, "import.finished", f"import:{number}", dict(counts), now)
    session.add(batch)
    session.flush()


def the_batch(session: Session, number: int) -> ImportBatch:
    """A batch by its number; refuses one that there is not."""
    found = session.get(ImportBatch, number)
    if found is None:
        raise Refusal("batch_unknown", "There is no batch {number}. `regulars import list` shows those that are.",
                      number=number, status=404)  # fmt: skip
    return found


def listed(session: Session) -> Sequence[ImportBatch]:
    """All batches, the newest first."""
    return session.exec(select(ImportBatch).order_by(col(ImportBatch.number).desc())).all()


def left(session: Session, number: int) -> int:
    """How many lines of a batch stand, and can be taken back."""
    return session.exec(select(func.count()).where(ImportedLine.number == number)).one()
