"""One-time links in other browsers than the one that asked; and a whole shop that joins over one network."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlmodel import select

from app import database, door
from members import sessions
from members.actions import joining
from members.own_tables import Consent
from members.tables import Member
from tests.ways.conftest import Visit, newest_code, newest_link

pytestmark = pytest.mark.anyio
ANNA = "anna@shop.example"


async def test_nobody_joins_by_the_ticks_of_somebody_else(visit: Visit) -> None:
    with database.transaction(door.engine()) as session:
        poster = joining.make_link(session, "By the bread", "poster", "owner:1", datetime.now(UTC))
    async with visit() as stranger, visit() as reader:
        asked = {"address": ANNA, "agree": "yes", "offers": "yes", "link": poster.code}
        await stranger.post("/join", data=asked)
        assert (await reader.post(newest_link())).headers["location"] == "/join/agree"
        with database.reading(door.engine()) as session:
            assert session.exec(select(Member)).all() == []
        assert (await reader.post("/join/agree", data={"agree": "yes"})).headers["location"] == "/"
    with database.reading(door.engine()) as session:
        assert session.exec(select(Consent.purpose)).all() == ["membership"], "offers were not asked for"
        assert joining.links(session)[0].joined == 1, "the poster is still counted"


async def test_a_link_joins_in_the_browser_that_asked_and_signs_in_elsewhere(visit: Visit) -> None:
    async with visit() as browser, visit() as other:
        await browser.post("/join", data={"address": ANNA, "agree": "yes"})
        assert (await browser.post(newest_link())).headers["location"] == "/"
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2), tick=True):
            await browser.post("/sign-in", data={"address": ANNA})
            assert (await other.post(newest_link(ANNA))).headers["location"] == "/"
            with database.reading(door.engine()) as session:
                token = other.cookies.get(door.COOKIE) or ""
                assert sessions.person_of(session, token, datetime.now(UTC))


async def test_fifteen_people_on_one_network_join_at_once(visit: Visit) -> None:
    for number in range(15):
        address = f"guest{number}@shop.example"
        async with visit() as browser:
            asked = await browser.post("/join", data={"address": address, "agree": "yes"})
            assert asked.status_code == 303, asked.text
            done = await browser.post("/join/code", data={"code": newest_code(address)})
            assert done.headers["location"] == "/"
