"""P3r: single orders posted by many clients at once while 60 earning rules of all kinds are active, beside TPC-B."""

from __future__ import annotations

from app.cli.bench.events_api import throughput
from app.cli.bench.events_criteria import publish
from app.cli.bench.figures import Measured
from app.cli.bench.place import Bench
from app.cli.bench.rules import with_rules


def measure(bench: Bench) -> dict[str, Measured]:
    """The shop's programme has more rules as long as it is measured, and then those from before."""
    before = publish(bench, None)
    publish(bench, with_rules(before))
    try:
        return {"P3r": throughput(bench)}
    finally:
        publish(bench, before)
