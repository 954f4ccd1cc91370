"""P1: one fact after the other through the whole engine, a transaction each, beside pgbench's TPC-B."""

from __future__ import annotations

from time import perf_counter

from app import database
from app.cli.bench import history
from app.cli.bench.figures import Measured
from app.cli.bench.place import Bench
from app.cli.bench.rounds import by_turns
from app.cli.imports.posting import post
from members.actions.record import record


def measure(bench: Bench) -> dict[str, Measured]:
    """By the grocer's own rules."""
    return {"P1": compare(bench)}


def compare(bench: Bench, rules: int = 0) -> Measured:
    """Real orders of members who have a history already, one client on each side; so many earning rules are active."""
    engine = history.open_shop(bench, "postgresql", rules=rules)
    facts = history.facts(engine, history.households(bench, 300, bench.pick(200, 60)))
    known = len(facts) // 3
    post(engine, facts[:known], history.NOW, lambda count: None)
    rest = iter(facts[known:])
    seconds = bench.pick(4, 2)

    def ours() -> float:
        done, start = 0, perf_counter()
        while (passed := perf_counter() - start) < seconds:
            fact = next(rest, None)
            if fact is None:
                break
            database.attempt(engine, lambda session, fact=fact: record(session, [fact], history.NOW))
            done += 1
        return done / passed

    def theirs() -> float:
        return bench.postgres.tpc_b(1, seconds)

    theirs()
    return by_turns(bench.pick(5, 3), ours, theirs, ("facts/s", "TPC-B/s"))
