"""What somebody bought as a guest, by the shop's API, and what they find when they join with the same address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from starlette.applications import Starlette

from app import database, door, limits
from app.api import routes
from app.api.lane import Lane
from app.public import coming_in
from facts.language import language
from members import keys, sessions
from members.keys import Scope
from members.views.history import history
from tests.builders import PROGRAMME, SHOP, in_force
from tests.ways.conftest import SITE, newest_code

pytestmark = pytest.mark.anyio
ANNA = "anna@shop.example"


def bought(order: str, amount: str, at: datetime) -> dict[str, Any]:
    line = {"line_id": "1", "sku": "s", "quantity": "1", "amount": amount}
    data = {"order_id": order, "currency": "USD", "lines": [line]}
    return {"specversion": "1.0", "id": f"paid-{order}", "source": SHOP, "type": "order.paid",
            "time": at.isoformat(), "subject": f"email:{ANNA}", "data": data}  # fmt: skip


@pytest.mark.feature(6)
async def test_a_guests_orders_are_there_on_joining_dated_as_they_were_and_none_beyond_the_look_back(
    house: Path,
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    recent, old = now - timedelta(days=10), now - timedelta(days=31)
    with database.transaction(door.engine()) as session:
        in_force(session, PROGRAMME + "joining: {look_back_days: 30}\n")
        token = keys.create(session, "till", list(Scope), SHOP, "staff:test", now)
    limits.forget()
    lane = Lane(door.engine, lambda: None)
    app = Starlette(
        routes=[
            *coming_in.routes(),
            *routes(door.engine, lambda: None, lambda: b"a secret of this test only, 32 bytes", lane),
        ]
    )
    head = {"Authorization": f"Bearer {token}", "Content-Type": "application/cloudevents-batch+json"}
    events = [bought("recent", "40.00", recent), bought("old", "50.00", old)]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SITE) as client:

        async def sent() -> list[str]:
            answer = await client.post("/api/v1/events", json=events, headers=head)
            return [one["status"] for one in answer.json()["results"]]

        assert await sent() == ["waiting", "waiting"]
        await client.post("/join", data={"address": ANNA, "agree": "yes"})
        done = await client.post("/join/code", data={"code": newest_code()})
        assert (done.status_code, done.headers["location"]) == (303, "/")
        assert await sent() == ["duplicate", "duplicate"]
        stands = (await client.get(f"/api/v1/members/email:{ANNA}", headers=head)).json()
        assert (stands["available"], stands["pending"]) == (40, 0)
        cookie = client.cookies.get(door.COOKIE) or ""
    with database.reading(door.engine()) as session:
        person = sessions.person_of(session, cookie, datetime.now(UTC))
        assert person
        (entry,) = history(session, person.member_id, datetime.now(UTC), language("en")).entries
        assert entry.amount == "+40"
        assert str(recent.astimezone(ZoneInfo("America/New_York")).day) in entry.when
