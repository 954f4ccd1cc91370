"""A till for each test, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.engine.till import Till, a_till


@pytest.fixture
def till(engine: Engine, database_url: str) -> Iterator[Till]:
    """A till over a database of its own, on SQLite and on PostgreSQL."""
    with a_till(engine, database_url) as made:
        yield made
