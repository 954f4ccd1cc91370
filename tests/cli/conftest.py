"""The command line on a database of the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app import database, settings
from app.cli import main

Run = Callable[..., Result]


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
def run(house: Path) -> Run:
    """Run `regulars` with these words; a traceback is a failure of the test."""

    def run(*words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(main, list(words))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result

    return run
