"""P2: the import of real orders, read from a file, weighed and written, beside the bare script."""

from __future__ import annotations

from time import perf_counter

from app.cli.bench import history, yardstick
from app.cli.bench.figures import Measured
from app.cli.bench.place import Bench
from app.cli.bench.rounds import by_turns
from app.cli.imports.posting import post


def measure(bench: Bench) -> dict[str, Measured]:
    """On PostgreSQL."""
    return {"P2": compare(bench, "postgresql")}


def compare(bench: Bench, kind: str, criteria: int = 0, rules: int = 0) -> Measured:
    """Orders a second of the import ÷ facts a second of the yardstick, on one kind of database.

    `criteria` and `rules` are how many are active in the programme.
    """
    path = history.households(bench, 0, bench.pick(250, 60))
    parsed = history.facts(history.open_shop(bench, kind), path)
    posting: list[float] = []

    def ours() -> float:
        engine = history.open_shop(bench, kind, criteria, rules)
        start = perf_counter()
        file = history.orders(engine, path)
        posted = post(engine, file.facts(file.check()), history.NOW, lambda count: None)
        seconds = perf_counter() - start
        if posted.counts["recorded"] != len(parsed):
            raise ValueError(f"The import recorded {posted.counts['recorded']:,} of {len(parsed):,} orders.")
        posting.append(round(posted.total / posted.seconds))
        engine.dispose()
        return len(parsed) / seconds

    def theirs() -> float:
        if kind == "sqlite":
            return yardstick.on_sqlite(bench.folder / f"yard-{perf_counter()}.sqlite", parsed)
        return yardstick.on_postgresql(bench.fresh(kind).replace("+psycopg", "", 1), parsed)

    found = by_turns(bench.pick(5, 3), ours, theirs, ("orders/s", "yardstick/s"))
    found.detail |= {"orders": len(parsed), "lines": sum(len(fact.data["lines"]) for fact in parsed)}
    found.detail["posting alone, orders/s"] = posting
    return found
