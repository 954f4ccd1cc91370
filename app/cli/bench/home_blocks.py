"""P5: what a load of the home page asks of the database: among few members and many, of short histories and long ones.

The million members are synthetic: the rows that the engine itself made for one member, copied by the server.
What PostgreSQL's own statistics say was touched of tables and their indexes is what counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, event, text
from sqlmodel import col, select

from app import database
from app.cli.bench import history
from app.cli.bench.figures import Measured
from app.cli.bench.place import Bench
from app.cli.imports.posting import post
from facts.events import Fact
from facts.language import language
from members import sessions
from members.actions.record import advance_due
from members.programme import apply, versions
from members.programme.presets import preset
from members.roles import MEMBER, Person
from members.tables import Identity
from members.views.home import home_answer, home_question

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SOURCE = "bench.example/orders"
SAMPLED = 40
FEW = 1_000
SHORT = 10  # entries of a member with a short history
LIKE_HIM = 6  # orders of the member who is copied
COPIED = ("member", "standing", "entry", "lot", "checkpoint", "tier_change")


def measure(bench: Bench) -> dict[str, Measured]:
    """Queries, and both ratios of blocks."""
    many = bench.pick(1_000_000, 100_000)
    few_blocks, queries = _among(bench, FEW)
    many_blocks, _ = _among(bench, many)
    short, spends, hoards = _histories(bench, bench.pick(10_000, 2_000))
    ratios = {"spends every week": spends / short, "never spends": hoards / short}
    detail = {f"blocks among {FEW:,}": few_blocks, f"blocks among {many:,}": many_blocks}
    lengths = {"blocks, 10 entries": short, "blocks, spends": spends, "blocks, never spends": hoards}
    return {
        "P5 queries": Measured(len(queries), 0.0, {"queries": queries}),
        "P5 members": Measured(many_blocks / few_blocks, 0.0, detail),
        "P5 entries": Measured(max(ratios.values()), 0.0, ratios | lengths),
    }


def _shop(bench: Bench, name: str) -> Engine:
    url = bench.fast_postgres.create(name)
    database.migrate(url)
    engine = bench.engine(url)
    with database.transaction(engine) as session:
        apply(session, preset(history.PROGRAMME, NOW), base=None, actor="bench", now=NOW)
    return engine


def _order(customer: str, number: int, at: datetime) -> Fact:
    lines = [{"line_id": str(n), "sku": f"sku-{n}", "quantity": "1", "amount": "12"} for n in range(1, 5)]
    data = {"order_id": f"{customer}-{number}", "currency": "USD", "lines": lines}
    return Fact(SOURCE, f"{customer}-{number}", "order.paid", at, f"customer:{customer}", data)


def _spend(customer: str, number: int, at: datetime, points: int) -> Fact:
    data = {"adjustment_id": f"{customer}-s{number}", "points": -points, "reason": "spent", "actor": "bench"}
    return Fact(SOURCE, f"{customer}-s{number}", "points.adjusted", at, f"customer:{customer}", data)


def _settle(engine: Engine, facts: Sequence[Fact]) -> None:
    post(engine, facts, NOW, lambda count: None)
    while database.attempt(engine, lambda session: advance_due(session, NOW)):
        pass
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _among(bench: Bench, members: int) -> tuple[float, list[str]]:
    """Blocks a load, and the queries of one, in a programme with so many members."""
    engine = _shop(bench, f"home_{members}")
    numbers = f"generate_series(1, {members}) AS n"
    orders = [_order("one", n, NOW - timedelta(days=20 * n + 1)) for n in range(LIKE_HIM, 0, -1)]
    _settle(engine, orders)
    bench.say(f"  making {members:,} members …")
    with engine.begin() as connection:
        for table in COPIED:
            names = [c for c in database_columns(connection, table) if c != "member_id"]
            place = "row_number() OVER ()" if table != "entry" else "seq"
            mine = ", ".join(f'"{name}"' for name in names)
            connection.execute(text(  # a member's rows lie apart, as they come in over time
                f"INSERT INTO {table} (member_id, {mine}) SELECT lpad(to_hex(n), 32, '0')::uuid, {mine} FROM "  # noqa: S608
                f"(SELECT *, {place} AS place FROM {table}) AS made, {numbers} ORDER BY place, n"
            ))  # fmt: skip
    _settle(engine, [])
    step = members // SAMPLED
    return _load(engine, [UUID(int=1 + n * step) for n in range(SAMPLED)])


def database_columns(connection: Any, table: str) -> list[str]:
    """The columns of a table, in its order."""
    asked = text(
        "SELECT column_name FROM information_schema.columns WHERE table_name = :name ORDER BY ordinal_position"
    )
    return list(connection.execute(asked, {"name": table}).scalars())


def _histories(bench: Bench, entries: int) -> tuple[float, float, float]:
    """Blocks for a member with 10 entries, and for two with many: one who spends, one who hoards."""
    engine = _shop(bench, "histories")
    short = [_order("short", n, NOW - timedelta(days=20 * n + 1)) for n in range(SHORT, 0, -1)]
    days = entries // 2  # an order a day, and as many entries of expiry or of spending
    hoards = [_order("hoards", n, NOW - timedelta(days=n, hours=1)) for n in range(days, 0, -1)]
    spends = [_order("spends", n, NOW - timedelta(days=n, hours=1)) for n in range(entries * 7 // 8, 0, -1)]
    weekly = [_spend("spends", n, NOW - timedelta(days=n), 3300) for n in range(entries * 7 // 8 - 30, 0, -7)]
    others = [_order(f"other-{m}", n, NOW - timedelta(days=n)) for n in range(20, 0, -1) for m in range(200)]
    whole = sorted([*short, *hoards, *spends, *weekly, *others], key=lambda fact: fact.key)
    _settle(engine, whole)
    with database.reading(engine) as session:
        keys = [f"customer:{SOURCE}:{name}" for name in ("short", "spends", "hoards")]
        ids = dict(
            session.exec(select(Identity.key, Identity.member_id).where(col(Identity.key).in_(keys))).all()
        )
    short_blocks, spends_blocks, hoards_blocks = (_load(engine, [ids[key]] * 5)[0] for key in keys)
    return short_blocks, spends_blocks, hoards_blocks


def _load(engine: Engine, members: Sequence[UUID]) -> tuple[float, list[str]]:
    """Load the home page of each, from the cookie on; blocks a load, and the queries of the last one."""
    with database.transaction(engine) as session:
        tokens = [sessions.start(session, Person(str(one), MEMBER), NOW)[0] for one in members]
        versions(session)  # as a process knows it that has shown a page before
    engine.dispose()
    asked: list[str] = []

    def heard(_: Any, __: Any, statement: str, *rest: Any) -> None:
        asked.append(" ".join(statement.split())[:90])

    _home(engine, tokens[0])
    before = _touched(engine)
    event.listen(engine, "before_cursor_execute", heard)
    for token in tokens:
        asked.clear()
        _home(engine, token)
    event.remove(engine, "before_cursor_execute", heard)
    return (_touched(engine) - before) / len(tokens), asked


def _home(engine: Engine, token: str) -> None:
    """The page as the door loads it (`app.door.glanced`), its question asked where it can be heard."""
    with database.glancing(engine) as connection:
        rows = connection.execute(home_question(), {"digest": sessions.digest(token), "now": NOW}).all()
    person = sessions.asked_by(rows)
    assert person is not None
    assert home_answer(rows, person.member_id, NOW, language("en")) is not None


def _touched(engine: Engine) -> int:
    """Blocks of tables and indexes that were asked for since the server began to count."""
    parts = ("heap_blks", "idx_blks", "toast_blks", "tidx_blks")
    sums = " + ".join(f"COALESCE(sum({part}_hit + {part}_read), 0)" for part in parts)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_stat_force_next_flush()"))
        connection.commit()
    engine.dispose()  # a connection that ends has told the server all of it
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT {sums} FROM pg_statio_user_tables")).scalar_one())  # noqa: S608
