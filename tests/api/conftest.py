"""A shop for each test, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Engine

from tests.api.shop import Shop, a_client, a_programme


@pytest.fixture
async def shop(engine: Engine) -> AsyncIterator[Shop]:
    """A shop with its programme in force."""
    with a_programme(engine):
        async with a_client(engine) as client:
            yield Shop(engine, client)
