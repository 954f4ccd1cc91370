"""A process of the app on a database of the test: settings from the environment, nothing remembered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app import database, settings


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
