"""P7: what a night costs per member, jobs and boards together: among a million members and among ten thousand.

All members are listed on a board. One in twenty has shopped since the lists were followed, one in twenty has points
that expire. The night follows the scores, moves members on, counts the holders of badges, and closes the season. A
page view is timed apart, and may cost no more either.

The members are synthetic: the rows that the engine itself made for one, copied by the server.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, text

from app import database
from app.cli.bench.figures import Measured
from app.cli.bench.home_blocks import COPIED, database_columns
from app.cli.bench.place import Bench
from app.cli.imports.posting import post
from app.jobs import due
from badges.places import BITS, LEVELS
from facts.events import Fact
from facts.language import language
from members.programme import apply, load
from members.views.boards import boards

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=400)
ONE_IN, VIEWS, NIGHTS = 20, 60, 3
PERIOD = 2026 * 12 + 5
PROGRAMME = """
regulars: 1
name: Bench
currency: USD
timezone: UTC
points: {value: {points: 100, money: "1.00"}, expiry: {kind: rolling, months: 12}}
tiers: {levels: [{slug: member, name: Member, threshold: 0}]}
earning:
  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}
badges:
  - {slug: first, name: First, criterion: {kind: count, at_least: 1}}
boards:
  - {slug: spent, name: Spent, criterion: {kind: sum, at_least: "1"}, prizes: [{places: 1-3, prize: {points: 10}}]}
"""


@dataclass(slots=True)
class Night:
    """Seconds of a night by its parts, and the median milliseconds of a page view."""

    parts: dict[str, float]
    view: float

    @property
    def seconds(self) -> float:
        """The whole night."""
        return sum(self.parts.values())


def measure(bench: Bench) -> dict[str, Measured]:
    """The worse of both ratios."""
    few, many = bench.pick(10_000, 5_000), bench.pick(1_000_000, 100_000)
    small, large = _best(bench, few), _best(bench, many)
    night = (large.seconds / many) / (small.seconds / few)
    view = large.view / small.view
    detail: dict[str, float | str] = {"night": round(night, 2), "page view": round(view, 2)}
    for members, one in ((few, small), (many, large)):
        told = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in one.parts.items())
        detail[f"{members:,}"] = (
            f"{told}; {1e6 * one.seconds / members:.1f} µs a member, view {one.view:.1f} ms"
        )
    return {"P7": Measured(max(night, view), 0.0, detail)}


def _best(bench: Bench, members: int) -> Night:
    """The quickest of several nights, each in a database of its own: what is in the way is somebody else's."""
    nights = [_night(bench, members, number) for number in range(1 if members > 200_000 else NIGHTS)]
    return min(nights, key=lambda one: one.seconds)


def _night(bench: Bench, members: int, number: int) -> Night:
    engine = _filled(bench, members, number)
    view = _views(engine, members)
    ended = datetime(2026, 7, 4, tzinfo=UTC)
    parts = {
        "follow": _timed(lambda: due.follow_boards(engine, NOW)),
        "close": _timed(lambda: due.close_seasons(engine, ended)),
        "advance": _timed(lambda: due.advance_members(engine, LATER)),
        "count badges": _timed(lambda: due.count_badges(engine, LATER)),
    }
    engine.dispose()
    return Night(parts, view)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    done = work()
    took = time.perf_counter() - began
    assert done, "there was nothing to do"
    return took


def _views(engine: Engine, members: int) -> float:
    """Milliseconds of a page view, the median; half of the viewers are beyond the list."""
    seconds: list[float] = []
    for i in range(VIEWS):
        member_id = UUID(int=1 + i * (members // VIEWS))
        began = time.perf_counter()
        with database.reading(engine) as session:
            card = boards(session, member_id, NOW, language("en"))
        seconds.append(time.perf_counter() - began)
        assert card.boards[0].listed
    return 1e3 * statistics.median(seconds)


def _filled(bench: Bench, members: int, number: int) -> Engine:
    """A programme with so many members, everybody on the board."""
    url = bench.fast_postgres.create(f"boards_{members}_{number}")
    database.migrate(url)
    engine = bench.engine(url)
    with database.transaction(engine) as session:
        apply(session, load(PROGRAMME), base=None, actor="bench", now=NOW)
    line = {"line_id": "1", "sku": "a", "quantity": "1", "amount": "12"}
    order = {"order_id": "1", "currency": "USD", "lines": [line]}
    post(
        engine,
        [Fact("bench", "1", "order.paid", NOW - timedelta(days=20), "customer:1", order)],
        NOW,
        lambda _: None,
    )
    bench.say(f"  making {members:,} members …")
    with engine.begin() as connection:
        for table in (*COPIED, "award"):
            mine = ", ".join(
                f'"{name}"' for name in database_columns(connection, table) if name != "member_id"
            )
            connection.execute(text(
                f"INSERT INTO {table} (member_id, {mine}) SELECT lpad(to_hex(n), 32, '0')::uuid, {mine} FROM "  # noqa: S608
                f"(SELECT * FROM {table}) AS made, generate_series(1, {members}) AS n"
            ))  # fmt: skip
        values = {"members": members, "period": PERIOD, "now": NOW, "later": LATER, "one_in": ONE_IN}
        for statement in _STATEMENTS:
            connection.execute(text(statement), values | {"bits": BITS, "levels": LEVELS})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return engine


_STATEMENTS = (
    "UPDATE standing SET due_at = CASE WHEN get_byte(uuid_send(member_id), 15) % :one_in = 0"
    " THEN CAST(:now AS timestamptz) + INTERVAL '370 days' ELSE CAST(:later AS timestamptz) + INTERVAL '1 year' END",
    "INSERT INTO player (member_id, alias, calm, shown)"
    " SELECT lpad(to_hex(n), 32, '0')::uuid, 'Player ' || n, '', '' FROM generate_series(1, :members) AS n",
    "INSERT INTO board_score"
    " (member_id, board, period, score, falling, reached_at, alias, counted, dirty, division, circle)"
    " SELECT lpad(to_hex(n), 32, '0')::uuid, 'spent', :period, s, -s, :now, 'Player ' || n, s, false, 0, 0"
    " FROM (SELECT n, 100 + (n::bigint * 7919) % 100000 AS s FROM generate_series(1, :members) AS n) AS made",
    "INSERT INTO board_count (board, period, level, bucket, members)"
    " SELECT board, period, level, score >> CAST(:bits * level AS int), count(*)"
    " FROM board_score, generate_series(0, :levels - 1) AS level GROUP BY 1, 2, 3, 4",
    "INSERT INTO board_season (board, period, begins_at, ends_at, players, leaders)"
    " VALUES ('spent', :period, '2026-06-01T00:00:00Z', '2026-07-01T00:00:00Z', :members, '[]')",
    "UPDATE board_score SET score = score + 500, falling = falling - 500, dirty = true"
    " WHERE get_byte(uuid_send(member_id), 15) % :one_in = 0",
)  # fmt: skip
