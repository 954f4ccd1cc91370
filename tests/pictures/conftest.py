"""The picture routes of a process, on a database of the test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from app import database, settings
from app.pictures import badges, routes


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def house(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The settings point to this test's database and folder; the folder."""
    monkeypatch.setenv("REGULARS_DATABASE_URL", database_url)
    monkeypatch.setenv("REGULARS_DATA_DIR", str(tmp_path))
    settings.current.cache_clear()
    database.shared.cache_clear()
    yield tmp_path
    database.shared(database_url).dispose()
    settings.current.cache_clear()
    database.shared.cache_clear()


@pytest.fixture
async def browser(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who asks for pictures, none of which was drawn before. Built-in ones need no database."""
    monkeypatch.setattr(badges, "kept", badges.Kept())
    transport = httpx.ASGITransport(Starlette(routes=routes.routes))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        yield client
