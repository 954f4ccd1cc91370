"""The yardstick of imports: a bare script that writes the same facts, parsed already, and knows no rules.

One fact row and one entry row each, in sets of 500 per transaction; `UNNEST` on PostgreSQL, `executemany` on
SQLite; the same durability as ours.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg

from facts.events import Fact

SET = 500
TABLES = (
    "CREATE TABLE fact (member_id {id}, source text, fact_id text, type text, occurred_at {moment}, "
    "object_id text, data text, PRIMARY KEY (member_id, source, fact_id))",
    "CREATE TABLE entry (member_id {id}, seq bigint, kind text, amount bigint, at {moment}, cause text, "
    "why text, PRIMARY KEY (member_id, seq))",
)
FACT = ("uuid", "text", "text", "text", "timestamptz", "text", "text")
ENTRY = ("uuid", "bigint", "text", "bigint", "timestamptz", "text", "text")
Rows = list[tuple[Any, ...]]


def on_postgresql(url: str, facts: Sequence[Fact]) -> float:
    """Facts a second."""
    with psycopg.connect(url) as connection:
        for table in TABLES:
            connection.execute(table.format(id="uuid", moment="timestamptz").encode())
        connection.commit()
        insert = [_unnest("fact", FACT), _unnest("entry", ENTRY)]
        start = perf_counter()
        for fact_rows, entry_rows in _sets(facts):
            connection.execute(insert[0], list(map(list, zip(*fact_rows, strict=True))))
            connection.execute(insert[1], list(map(list, zip(*entry_rows, strict=True))))
            connection.commit()
        return len(facts) / (perf_counter() - start)


def _unnest(table: str, types: Sequence[str]) -> bytes:
    arrays = ", ".join(f"%s::{name}[]" for name in types)
    return f"INSERT INTO {table} SELECT * FROM UNNEST({arrays})".encode()  # noqa: S608 - our own words


def on_sqlite(path: Path, facts: Sequence[Fact]) -> float:
    """Facts a second."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        for table in TABLES:
            connection.execute(table.format(id="text", moment="text"))
        marks = ", ".join("?" * len(FACT))
        start = perf_counter()
        for fact_rows, entry_rows in _sets(facts):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(f"INSERT INTO fact VALUES ({marks})", _as_text(fact_rows))  # noqa: S608
            connection.executemany(f"INSERT INTO entry VALUES ({marks})", _as_text(entry_rows))  # noqa: S608
            connection.execute("COMMIT")
        return len(facts) / (perf_counter() - start)
    finally:
        connection.close()


def _sets(facts: Sequence[Fact]) -> Iterator[tuple[Rows, Rows]]:
    """Rows of a set: a member id made of the subject, and counting up each member's entries."""
    members: dict[str, str] = {}
    seqs: dict[str, int] = {}
    for start in range(0, len(facts), SET):
        fact_rows: Rows = []
        entry_rows: Rows = []
        for fact in facts[start : start + SET]:
            member = members.get(fact.subject)
            if member is None:
                member = members[fact.subject] = hashlib.sha256(fact.subject.encode()).hexdigest()[:32]
            seq = seqs[member] = seqs.get(member, 0) + 1
            data = json.dumps(fact.data, separators=(",", ":"), ensure_ascii=False)
            fact_rows.append(
                (member, fact.source, fact.id, fact.type, fact.occurred_at, fact.data["order_id"], data)
            )
            entry_rows.append((member, seq, "earned", 100, fact.occurred_at, fact.id, '{"points":100}'))
        yield fact_rows, entry_rows


def _as_text(rows: Rows) -> Rows:
    return [(*row[:4], row[4].isoformat(" "), *row[5:]) for row in rows]
