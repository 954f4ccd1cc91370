"""P4: how many statements the server itself executes for a batch of facts of one kind: of 500 ÷ of 10.

PostgreSQL's log and SQLite's trace are what is counted, not what our driver believes it has sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from app import database
from app.cli.bench import history
from app.cli.bench.figures import Measured
from app.cli.bench.place import Bench
from app.cli.bench.rules import with_rules
from facts.events import Fact, parse
from members.actions.record import record
from members.programme import apply
from members.programme.presets import preset

SMALL, LARGE = 10, 500
BACK = [{"line_id": "1", "quantity": "1", "amount": "4"}]
SOURCE = "bench.example/orders"
START = datetime(2026, 1, 10, 12, tzinfo=UTC)
NOW = START + timedelta(days=300)
LOGGED = re.compile(rb"^[^\t\n]*\[(\d+)\] LOG:  (?:statement|execute [^:]+):", re.MULTILINE)
Count = Callable[[], int]


def measure(bench: Bench) -> dict[str, Measured]:
    """By the grocer's own rules."""
    return {"P4": counted(bench)}


def counted(bench: Bench, rules: int = 0) -> Measured:
    """The worst ratio over all kinds, on both databases, with so many earning rules."""
    detail: dict[str, Any] = {}
    for kind in ("postgresql", "sqlite"):
        server = bench.fast_postgres if kind == "postgresql" else None
        url = server.create(f"statements_{rules}") if server else bench.fresh(kind)
        database.migrate(url)
        engine = bench.engine(url)
        with database.transaction(engine) as session:
            apply(
                session, with_rules(preset(history.PROGRAMME, NOW), rules), base=None, actor="bench", now=NOW
            )
        detail |= {
            f"{kind}, {name}": pair for name, pair in compare(engine, server.log if server else None).items()
        }
    return Measured(max(large / small for small, large in detail.values()), 0.0, detail)


def compare(engine: Engine, log: Path | None) -> dict[str, tuple[int, int]]:
    """Statements of a small and of a large batch, for each kind of facts there is."""
    found: dict[str, list[int]] = {}
    with counting(engine, log) as count:
        _record(engine, _orders("warm", 3))  # what a process reads once
        for size in (SMALL, LARGE):
            for name, facts in kinds(size):
                before = count()
                _record(engine, facts)
                found.setdefault(name, []).append(count() - before)
    return {name: (small, large) for name, (small, large) in found.items()}


def kinds(size: int) -> Iterator[tuple[str, Sequence[Fact]]]:
    """Batches of one kind each, later ones about what the earlier ones brought; two facts a member."""
    name = f"of{size}"
    yield "orders of strangers", _orders(name, size)
    yield "orders of members", _orders(name, size, "b", day=1)
    yield "the same again", _orders(name, size, "b", day=1)
    yield "late orders", _orders(name, size, "late", day=-40)
    yield "refunds", _each(name, size, "order.refunded", 20, order_id="{}-a", refund_id="{}", lines=BACK)
    yield "cancelled orders", _each(name, size, "order.cancelled", 21, order_id="{}-b")
    yield "reviews", _each(name, size, "review.posted", 22, review_id="{}")
    taken = {"points": -3, "reason": "measured", "actor": "bench"}
    yield "adjustments", _each(name, size, "points.adjusted", 40, adjustment_id="{}", **taken)
    yield (
        "redemptions",
        _each(name, size, "redemption.made", 43, redemption_id="{}", reward="x", points=5, held=True),
    )
    yield "redemptions handed over", _each(name, size, "redemption.captured", 44, redemption_id="{}")
    yield (
        "refunds of orders to come",
        _each(name, size, "order.refunded", 41, order_id="{}-?", refund_id="{}-?"),
    )
    yield (
        "refunds without a name",
        [
            _fact(
                name,
                i,
                "order.refunded",
                {"order_id": order, "refund_id": order, "amount": "1"},
                42,
                subject="",
            )
            for i in range(size)
            for order in [f"{name}-{i}-w"]
        ],
    )
    yield "orders that refunds waited for", _orders(name, size, "w", day=45)
    yield (
        "guests' orders",
        [_fact(name, i, "order.paid", _order(f"{name}-{i}-g"), 46, subject="") for i in range(size)],
    )


def _each(name: str, size: int, kind: str, day: int, **data: Any) -> list[Fact]:
    """Facts whose texts have the place of their number filled in."""
    return [
        _fact(name, i, kind, {k: v.format(f"{name}-{i}") if isinstance(v, str) else v for k, v in data.items()}, day,
              str(day))
        for i in range(size)
    ]  # fmt: skip


def _orders(name: str, size: int, which: str = "a", day: int = 0) -> list[Fact]:
    return [_fact(name, i, "order.paid", _order(f"{name}-{i}-{which}"), day, which) for i in range(size)]


def _order(order_id: str) -> dict[str, Any]:
    lines = [{"line_id": str(n), "sku": f"sku-{n}", "quantity": "2", "amount": "8"} for n in range(1, 4)]
    return {"order_id": order_id, "currency": "USD", "lines": lines}


def _fact(
    name: str,
    number: int,
    kind: str,
    data: dict[str, Any],
    day: int = 0,
    which: str = "",
    subject: str | None = None,
) -> Fact:
    """Facts number 2n and 2n + 1 are of the same member."""
    at = START + timedelta(days=day, minutes=number)
    whom = f"customer:{name}-{number // 2}" if subject is None else subject
    return parse({"specversion": "1.0", "id": f"{kind}-{name}-{number}-{which}", "source": SOURCE, "type": kind,
                  "time": at.isoformat(), "subject": whom, "data": data}, internal=True)  # fmt: skip


def _record(engine: Engine, facts: Sequence[Fact]) -> None:
    with database.transaction(engine) as session:
        outcomes = record(session, facts, NOW)
    refused = [str(outcome.refusal) for outcome in outcomes if outcome.status == "refused"]
    if refused:
        raise ValueError(f"A fact was refused: {refused[0]}")


@contextmanager
def counting(engine: Engine, log: Path | None) -> Iterator[Count]:
    """A function that says how many statements the server has executed since the block began."""
    engine.dispose()
    seen: list[str] = []
    pids: set[int] = set()

    def listen(connection: Any, _: Any) -> None:
        if log is None:
            connection.set_trace_callback(seen.append)
            return
        connection.autocommit = True
        connection.execute("SET log_statement = 'all'")
        connection.autocommit = False
        pids.add(connection.info.backend_pid)

    start = log.stat().st_size if log else 0
    event.listen(engine, "connect", listen)
    try:
        yield lambda: _logged(log, start, pids) if log else len(seen)
    finally:
        event.remove(engine, "connect", listen)
        engine.dispose()


def _logged(log: Path, start: int, pids: set[int]) -> int:
    """Statements of our own connections in the server's log. It is written before the answer is sent."""
    with log.open("rb") as file:
        file.seek(start)
        return sum(int(found[1]) in pids for found in LOGGED.finditer(file.read()))
