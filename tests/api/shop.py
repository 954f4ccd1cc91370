"""A small shop for tests: the grocer's programme, keys for its events, and builders of what it sends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
from sqlalchemy import Engine, inspect, text
from starlette.applications import Starlette

from app import database
from app.api import routes
from app.api.lane import Lane
from members import keys, programme
from members.keys import Scope
from members.programme import Programme, presets

SOURCE = "shop.example/orders"
ONE = {"Content-Type": "application/cloudevents+json"}
BATCH = {"Content-Type": "application/cloudevents-batch+json"}
_numbers = count(1)


def an_event(
    kind: str, data: dict[str, Any], *, customer: str = "900", days_ago: float = 0, **more: Any
) -> dict[str, Any]:
    """An event with an id of its own."""
    at = datetime.now(UTC) - timedelta(days=days_ago)
    return {"specversion": "1.0", "id": f"e-{next(_numbers)}", "source": SOURCE, "type": kind,
            "time": at.isoformat(), "subject": f"customer:{customer}", "data": data} | more  # fmt: skip


def an_order(*amounts: str, order_id: str = "", kind: str = "order.paid", **more: Any) -> dict[str, Any]:
    """A paid order with a line for each amount."""
    lines = [
        {"line_id": str(i), "sku": f"sku-{i}", "quantity": "1", "amount": amount}
        for i, amount in enumerate(amounts or ("10.00",), 1)
    ]
    data = {"order_id": order_id or f"o-{next(_numbers)}", "currency": "USD", "lines": lines}
    return an_event(kind, data, **more)


@dataclass
class Shop:
    """A shop at its own address: `client` speaks HTTP to the API over the ASGI boundary."""

    engine: Engine
    client: httpx.AsyncClient

    def key(self, *scopes: Scope, source: str = SOURCE, name: str = "") -> dict[str, str]:
        """The header of a new key."""
        now = datetime.now(UTC)
        with database.transaction(self.engine) as session:
            token = keys.create(
                session, name or f"k{next(_numbers)}", list(scopes or Scope), source, "test:test", now
            )
        return {"Authorization": f"Bearer {token}"}

    async def post(self, *events: dict[str, Any], key: dict[str, str], to: str = "events") -> httpx.Response:
        """Post one event alone, or several as a batch."""
        if len(events) == 1:
            return await self.client.post(f"/api/v1/{to}", json=events[0], headers=key | ONE)
        return await self.client.post(f"/api/v1/{to}", json=list(events), headers=key | BATCH)

    async def standing(self, key: dict[str, str], subject: str = "customer:900") -> dict[str, Any]:
        """How a member stands."""
        answer = await self.client.get(f"/api/v1/members/{subject}", headers=key)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def counts(self) -> dict[str, int]:
        """The number of rows in every table."""
        with self.engine.connect() as connection:
            return {
                name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()
                for name in inspect(self.engine).get_table_names()
            }


def without_waiting(document: Programme) -> Programme:
    """The programme with points that can be spent at once."""
    points = document.points.model_copy(update={"pending_days": 0})
    return document.model_copy(update={"points": points})


@contextmanager
def a_programme(engine: Engine, document: Programme | None = None) -> Iterator[Programme]:
    """The grocer's programme in force, points at once."""
    now = datetime.now(UTC)
    document = document or without_waiting(presets.preset("grocery", now))
    with database.transaction(engine) as session:
        programme.apply(session, document, base=None, actor="test:test", now=now)
    yield document


def a_client(engine: Engine) -> httpx.AsyncClient:
    """A client of the API over `engine`."""
    app = Starlette(
        routes=routes(
            lambda: engine,
            lambda: None,
            lambda: b"a secret of this test only, 32 bytes",
            Lane(lambda: engine, lambda: None),
        )
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://shop.test", timeout=60)
