"""Row 134: nobody's network address lies anywhere, and a new secret breaks with what was counted."""

from __future__ import annotations

import io
import logging

import httpx
import pytest
from sqlmodel import SQLModel
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import Route

import app.app as shop
from app import database, door, limits, settings
from app.frame.gate import Gate
from members.roles import MEMBER, Capability, Person
from tests.attack.test_lines import a_cookie
from tests.pages.conftest import House, house

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


def test_redeeming_too_often_is_refused_by_the_door(house: House) -> None:
    token = door.cookie_token(a_cookie(Person(str(house.mira), MEMBER)))
    most = min(rate.amount for rate in limits._rates("redeem"))
    answers = [door.admit(token, Capability.REDEEM_OWN, lambda *_: None) for _ in range(most + 1)]
    assert all(isinstance(one, door.Admitted) for one in answers[:most])
    last = answers[-1]
    assert isinstance(last, door.Turned)
    assert last.refusal.code == "too_many"
