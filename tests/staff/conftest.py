"""A shop of the test, and staff who visit its pages: handlers are called as a browser's events would call them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from reflex.istate.data import RouterData
from reflex.state import State

from app import database, door, settings
from app.pictures.decode import decoder
from members import sessions
from members.roles import Person


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def house(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The settings point to this test's database and folder."""
    monkeypatch.setenv("REGULARS_DATABASE_URL", database_url)
    monkeypatch.setenv("REGULARS_DATA_DIR", str(tmp_path))
    settings.current.cache_clear()
    database.shared.cache_clear()
    yield tmp_path
    decoder.close()
    database.shared(database_url).dispose()
    settings.current.cache_clear()
    database.shared.cache_clear()


def visit(kind: Any, role: str, address: str) -> Any:
    """The State of a page that somebody of this role has open ("" for nobody)."""
    cookie = ""
    if role:
        with database.transaction(door.engine()) as session:
            token, _ = sessions.start(session, Person("kim", role), datetime.now(UTC))
        cookie = f"{door.COOKIE}={token}"
    root = State(_reflex_internal_init=True)  # type: ignore[call-arg]
    path, _, query = address.partition("?")
    found = dict(part.split("=", 1) for part in query.split("&") if part)
    data = {
        "headers": {"cookie": cookie, "origin": "http://localhost:3000"},
        "pathname": path,
        "query": found,
        "asPath": address,
    }
    root.router_data = data
    root.router = RouterData.from_router_data(data)
    return root.get_substate(kind.get_full_name().split("."))


async def call(state: Any, handler: str, *values: Any) -> None:
    """What an event of the browser does."""
    found = type(state).event_handlers[handler].fn(state, *values)
    if found is not None:
        await found
