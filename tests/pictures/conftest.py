"""The picture routes of a process, on a database of the test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from app.pictures import badges, routes


@pytest.fixture
async def browser(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who asks for pictures, none of which was drawn before. Built-in ones need no database."""
    monkeypatch.setattr(badges, "kept", badges.Kept())
    transport = httpx.ASGITransport(Starlette(routes=routes.routes))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        yield client
