"""Row 134: nobody's network address lies anywhere, and a new secret breaks with what was counted."""

from __future__ import annotations

import io
import logging
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine
from sqlmodel import SQLModel, col, select
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import Route

import app.app as shop
from app import database, door, limits, settings
from app.frame.gate import Gate
from app.jobs import retention
from members.own_tables import Device
from members.roles import MEMBER, Capability, Person
from members.tables import Identity
from tests.attack.test_lines import a_cookie
from tests.pages.conftest import House, house
from tests.ways.conftest import newest_code

pytestmark = pytest.mark.anyio
SQLITE_ALONE = True
__all__ = ["house"]

ADDRESS = "203.0.113.77"


def everything() -> str:
    """All rows of all tables, and what this process counts with."""
    with database.reading(door.engine()) as session:
        rows = [
            repr(session.connection().execute(table.select()).all())
            for table in SQLModel.metadata.sorted_tables
        ]
    counted = limits._own().storage
    return "\n".join([*rows, repr(vars(counted))])


@pytest.mark.feature(134)
async def test_an_address_is_kept_nowhere(house: House) -> None:
    """Strangers ask to join, to come in and to check a badge, and staff to come in, all from one address."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    inside = Starlette(routes=[one for one in shop.routes.routes if isinstance(one, Route)])
    transport = httpx.ASGITransport(Gate(inside), client=(ADDRESS, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        for path in ("/join", "/sign-in", "/verify", "/staff/sign-in"):
            answer = await client.post(
                path, data={"address": "anna@example.com", "agree": "yes", "credential": "x"}
            )
            assert answer.status_code < 500
    logging.getLogger().removeHandler(handler)
    assert ADDRESS not in everything() + stream.getvalue()


@pytest.mark.feature(134)
def test_a_new_secret_breaks_with_what_was_counted(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who was counted under the old one cannot be found under the new one."""
    asked = HTTPConnection({"type": "http", "headers": [], "client": (ADDRESS, 1)})
    before = limits.client(asked)
    monkeypatch.setenv("REGULARS_SECRET", "quite-another-secret-of-the-shop-1234567890")
    settings.current.cache_clear()
    assert limits.client(asked) != before
    monkeypatch.undo()
    settings.current.cache_clear()


@pytest.mark.feature(134)
async def test_after_the_jobs_there_is_no_address_and_a_new_secret_knows_no_device(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row 134 whole, by HTTP: somebody joins from an address; devices are keyed digests, and have their time."""
    inside = Starlette(routes=[one for one in shop.routes.routes if isinstance(one, Route)])
    transport = httpx.ASGITransport(Gate(inside), client=(ADDRESS, 4711))
    monkeypatch.setenv("REGULARS_SECRET", "the-first-secret-of-the-shop-1234567890")
    settings.current.cache_clear()

    async def come(client: httpx.AsyncClient, path: str, at: datetime) -> set[bytes]:
        with time_machine.travel(at, tick=True):
            await client.post(path, data={"address": "anna@example.com", "agree": "yes"})
            came = await client.post(f"{path}/code", data={"code": newest_code("anna@")})
            assert came.status_code == 303, came.text
        with database.reading(door.engine()) as session:
            mine = session.exec(
                select(Identity.member_id).where(Identity.key == "email:anna@example.com")
            ).one()
            return set(session.exec(select(Device.digest).where(Device.member_id == mine)))

    now = datetime.now(UTC)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        known = await come(client, "/join", now)
        assert len(known) == 1
        assert await come(client, "/sign-in", now + timedelta(minutes=2)) == known
        assert ADDRESS not in everything()
        assert retention.forget(door.engine(), now + timedelta(days=1)) >= 0
        assert ADDRESS not in everything()
        monkeypatch.setenv("REGULARS_SECRET", "the-second-secret-of-the-shop-123456789")
        settings.current.cache_clear()
        after = await come(client, "/sign-in", now + timedelta(minutes=4))
        assert len(after - known) == 1, "the same browser is a new device"
    retention.forget(door.engine(), now + timedelta(days=731))
    with database.reading(door.engine()) as session:
        assert session.exec(select(Device.digest).where(col(Device.digest).in_(after))).all() == []
    monkeypatch.undo()
    settings.current.cache_clear()


async def test_checking_badges_without_end_waits_and_others_go_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.RATES, "verify", "3/hour")
    monkeypatch.setattr(limits, "_rates", limits._rates.__wrapped__)  # the others' are kept as they are
    inside = Gate(Starlette(routes=[one for one in shop.routes.routes if isinstance(one, Route)]))

    async def statuses(address: str, times: int) -> list[int]:
        transport = httpx.ASGITransport(inside, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
            asked = [await client.post("/verify", data={"credential": "x"}) for _ in range(times)]
        return [answer.status_code for answer in asked]

    assert await statuses(ADDRESS, 5) == [200] * 3 + [429] * 2
    assert await statuses("203.0.113.78", 1) == [200]


def test_redeeming_too_often_is_refused_by_the_door(house: House) -> None:
    token = door.cookie_token(a_cookie(Person(str(house.mira), MEMBER)))
    most = min(rate.amount for rate in limits._rates("redeem"))
    answers = [door.admit(token, Capability.REDEEM_OWN, lambda *_: None) for _ in range(most + 1)]
    assert all(isinstance(one, door.Admitted) for one in answers[:most])
    last = answers[-1]
    assert isinstance(last, door.Turned)
    assert last.refusal.code == "too_many"
