"""P16: the proof of the ledger, beside a plain cursor that reads the same rows out and does nothing with them."""

from __future__ import annotations

import sqlite3
from time import perf_counter

import psycopg
from sqlalchemy import Engine

from app import database
from app.cli.bench import history
from app.cli.bench.figures import Measured
from app.cli.bench.place import Bench
from app.cli.bench.rounds import by_turns
from app.cli.imports.posting import post
from app.cli.laws import broken_chains
from members.prove import prove

QUERY = (
    "SELECT member_id, seq, wallet, kind, amount, at, recorded_at, active_from, expires_at, cause, rule, version, "
    '"trigger", why, hash FROM entry ORDER BY member_id, seq'
)


def measure(bench: Bench) -> dict[str, Measured]:
    """After the grocer's own rules."""
    return {"P16": compare(bench)}


def compare(bench: Bench, rules: int = 0) -> Measured:
    """The lower of the two databases; both are in the detail. So many earning rules made the entries."""
    both = {kind: _compare(bench, kind, rules) for kind in ("postgresql", "sqlite")}
    worst = min(both.values(), key=lambda found: found.value)
    detail = {
        f"{kind}, {name}": value for kind, found in both.items() for name, value in found.detail.items()
    }
    ratios = {f"{kind}, ratio": round(found.value, 3) for kind, found in both.items()}
    return Measured(worst.value, max(found.others for found in both.values()), ratios | detail)


def _compare(bench: Bench, kind: str, rules: int) -> Measured:
    engine = history.open_shop(bench, kind, rules=rules)
    file = history.orders(engine, history.households(bench, 0, bench.pick(250, 60)))
    post(engine, file.facts(file.check()), history.NOW, lambda count: None)

    def ours() -> float:
        start = perf_counter()
        with database.reading(engine) as session:
            proof = prove(session)
            broken = broken_chains(session)
        if proof.flaws or broken:
            raise ValueError("The ledger that is proved has flaws.")
        return proof.entries / (perf_counter() - start)

    def theirs() -> float:
        start = perf_counter()
        return _read(engine) / (perf_counter() - start)

    return by_turns(bench.pick(5, 3), ours, theirs, ("entries/s", "cursor rows/s"))


def _read(engine: Engine) -> int:
    if engine.dialect.name == "sqlite":
        connection = sqlite3.connect(str(engine.url.database))
        rows = sum(1 for _ in connection.execute(QUERY))
        connection.close()
        return rows
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as line:
        return sum(1 for _ in line.execute(QUERY))
