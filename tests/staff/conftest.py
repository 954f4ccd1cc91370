"""A shop of the test, and staff who visit its pages: handlers are called as a browser's events would call them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from reflex.istate.data import RouterData
from reflex.state import State

from app import database, door
from app.pictures.decode import decoder
from members import sessions
from members.roles import Person


@pytest.fixture
def house(house: Path) -> Iterator[Path]:
    """The same, with pictures taken in by a process of their own."""
    yield house
    decoder.close()


def visit(kind: Any, role: str, address: str, *, who: str = "kim") -> Any:
    """The State of a page that somebody of this role has open ("" for nobody); `who` is their id."""
    cookie = ""
    if role:
        with database.transaction(door.engine()) as session:
            token, _ = sessions.start(session, Person(who, role), datetime.now(UTC))
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
    if hasattr(found, "__aiter__"):
        async for _ in found:
            pass
    elif found is not None:
        await found
