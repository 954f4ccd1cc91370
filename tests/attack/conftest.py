"""The wicked provider, once for a process, and the club that it is tried on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

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
