"""Opening a shop imports what it needs to open, and nothing else: seen from a process of its own, by what it has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from app import database
from app.cli.serving import whereabouts
from app.settings import Settings

ROOT = Path(__file__).parents[2]
SEEN = "import json, sys; print(json.dumps(sorted(sys.modules)))"
LATER = {"webauthn", "httpx", "authlib", "joserfc", "barcode", "alembic", "dbos", "babel.messages.pofile"}
OPENS = """
from app import settings
from app.cli.opening import prepared
from app.frame import server
from reflex_base.environment import environment
environment.REFLEX_SKIP_COMPILE.set(True)
prepared(settings.current())
import app.app
"""


def imported(code: str, **environment: str) -> set[str]:
    """The modules that a process has after running the code."""
    told = {name: value for name, value in os.environ.items() if not name.startswith("REGULARS_")}
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{SEEN}"],
        cwd=ROOT,
        env=told | environment,
        check=True,
        capture_output=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_what_waits_for_the_shop_to_open_imports_little() -> None:
    have = imported("from app.cli import main; import app.cli.serving")
    assert "app.cli.page_builds" in have
    assert not have & {
        "sqlalchemy",
        "reflex",
        "rich",
        "babel",
        "members.tables",
        "app.database",
        "app.cli.bench",
    }


def test_the_shop_opens_without_what_it_may_need_later(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shop.sqlite'}"
    database.migrate(url)
    have = imported(OPENS, REGULARS_DATABASE_URL=url, REGULARS_DATA_DIR=str(tmp_path))
    assert "pages.home" in have
    assert not have & LATER


def test_tables_that_are_not_the_newest_are_brought_up_to_date(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shop.sqlite'}"
    database.migrate(url)
    engine = database.engine(url)
    assert database._is_up_to_date(engine)
    for older in ("UPDATE alembic_version SET version_num = '0001'", "DELETE FROM alembic_version"):
        with engine.begin() as connection:
            connection.execute(text(older))
        assert not database._is_up_to_date(engine)
    engine.dispose()


@pytest.mark.parametrize("url", ["sqlite:///:memory:", "sqlite:////srv/shop.sqlite", "postgresql://db/shop"])
def test_an_address_that_depends_on_no_folder_stays(url: str) -> None:
    assert whereabouts(Settings(database_url=url))["REGULARS_DATABASE_URL"] == url


def test_a_database_in_this_folder_is_found_from_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = whereabouts(Settings(database_url="sqlite:///data/shop.sqlite?timeout=3", data_dir=Path("data")))
    assert found["REGULARS_DATABASE_URL"] == f"sqlite:///{tmp_path}/data/shop.sqlite?timeout=3"
    assert found["REGULARS_DATA_DIR"] == str(tmp_path / "data")
