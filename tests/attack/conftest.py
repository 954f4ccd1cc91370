"""The wicked provider, once for a process, and the club that it is tried on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.attack.oidc_scene import Scene, a_scene
from tests.attack.wicked import Wicked, wicked_provider


@pytest.fixture(scope="session")
def wicked() -> Iterator[Wicked]:
    """A provider that lies when it is told to."""
    with wicked_provider() as made:
        yield made


@pytest.fixture
def scene(house: Path, wicked: Wicked, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """The club with Anna in it."""
    with a_scene(house, wicked, monkeypatch) as made:
        yield made


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say at the end what was counted: whatever the tests of `make attack` printed."""
    reports = terminalreporter.stats.get("passed", [])
    said = [
        line
        for report in reports
        for line in str(getattr(report, "capstdout", "")).splitlines()
        if line.strip()
    ]
    if said:
        terminalreporter.section("what was tried")
        for line in sorted(set(said)):
            terminalreporter.write_line(line)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What does not depend on the database (`SQLITE_ALONE` in its module) is tried on SQLite alone."""
    twice = [item for item in items if _is_second(item)]
    config.hook.pytest_deselected(items=twice)
    items[:] = [item for item in items if item not in twice]


def _is_second(item: pytest.Item) -> bool:
    alone = getattr(getattr(item, "module", None), "SQLITE_ALONE", False)
    call = getattr(item, "callspec", None)
    return bool(alone and call and call.params.get("database_kind") == "postgresql")
