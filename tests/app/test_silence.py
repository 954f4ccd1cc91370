"""A line to PostgreSQL on which nothing comes any more ends by itself, whoever has it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, make_url, select, text
from sqlalchemy.exc import OperationalError

from app import database, lines
from app.jobs import store
from app.live import Wire
from app.settings import Settings
from tests.wires import listens, running

on_postgresql = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
PATIENT = {name: str(value) for name, value in database.SILENCE.items()}
LISTENING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
    " AND application_name = 'regulars'"
)


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that takes calls and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"postgresql+psycopg://shop@127.0.0.1:{server.getsockname()[1]}/shop"


def test_a_silent_line_is_noticed_within_a_minute() -> None:
    told = database.SILENCE
    assert told["connect_timeout"] <= 10
    assert told["keepalives_idle"] + told["keepalives_interval"] * told["keepalives_count"] <= 60
    assert told["tcp_user_timeout"] <= 60_000
    assert told.items() <= database.LINE_OPTIONS.items()


@on_postgresql
def test_the_lines_of_the_pool_end_by_themselves(engine: Engine) -> None:
    lent = engine.raw_connection()
    try:
        line: Any = lent.driver_connection
        assert PATIENT.items() <= line.info.get_parameters().items()
    finally:
        lent.close()


@pytest.mark.anyio
@on_postgresql
async def test_the_lines_of_the_event_loop_and_of_the_news_do_too(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, told = psycopg.AsyncConnection.connect, list[dict[str, Any]]()

    async def noted(address: str, **more: Any) -> Any:
        made = await connect(address, **more)
        told.append(made.info.get_parameters())
        return made

    monkeypatch.setattr(psycopg.AsyncConnection, "connect", noted)
    async with running(Wire(), engine) as wire, lines.opened(engine):
        await listens(wire, engine)
        found = lines.here(engine)
        assert found
        await found.ask(select(text("1 AS one")), {})
        with engine.connect() as connection:
            assert connection.execute(LISTENING).scalar() == 1
    assert len(told) == 2
    assert all(PATIENT.items() <= each.items() for each in told)


def test_the_books_of_the_jobs_are_kept_over_such_lines(tmp_path: Path) -> None:
    far = Settings(database_url="postgresql://shop:word@db.example/shop?connect_timeout=3", data_dir=tmp_path)
    url = make_url(store.address(far))
    assert (url.drivername, url.host, url.database) == ("postgresql", "db.example", "shop")
    assert dict(url.query) == PATIENT | {"connect_timeout": "3"}, "what the address says goes before"
    near = Settings(database_url=f"sqlite:///{tmp_path / 'shop.sqlite'}", data_dir=tmp_path)
    assert "?" not in store.address(near)


def test_a_server_that_takes_the_call_and_says_nothing_is_given_up(
    silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(database.LINE_OPTIONS, "connect_timeout", 2)
    made = database.engine(silent)
    try:
        with pytest.raises(OperationalError, match="timeout"), made.connect():
            pass
    finally:
        made.dispose()


@pytest.mark.anyio
async def test_and_by_the_lines_of_the_event_loop(silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(database.LINE_OPTIONS, "connect_timeout", 2)
    made = database.engine(silent)
    async with lines.opened(made):
        found = lines.here(made)
        assert found
        async with asyncio.timeout(60):
            with pytest.raises(psycopg.OperationalError, match="timeout"):
                await found.ask(select(text("1 AS one")), {})
    made.dispose()
