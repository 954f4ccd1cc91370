"""P3c: single orders posted by many clients at once while 200 criteria are active, beside TPC-B."""

from __future__ import annotations

from datetime import UTC, datetime

from app import database
from app.cli.bench.criteria import with_criteria
from app.cli.bench.events_api import throughput
from app.cli.bench.figures import Measured
from app.cli.bench.place import Bench
from members.programme import Programme, apply, versions


def measure(bench: Bench) -> dict[str, Measured]:
    """The shop's programme has more criteria as long as it is measured, and then those from before."""
    before = publish(bench, None)
    publish(bench, with_criteria(before))
    try:
        return {"P3c": throughput(bench)}
    finally:
        publish(bench, before)


def publish(bench: Bench, programme: Programme | None) -> Programme:
    """Put a programme in force now; gives the one that was."""
    now = datetime.now(UTC)
    with database.transaction(bench.engine(bench.shop.settings["REGULARS_DATABASE_URL"])) as session:
        latest = versions(session).latest
        if programme is not None:
            apply(session, programme, base=latest.number, actor="bench", now=now)
        return latest.programme
