"""Figures of bringing friends as CSV by HTTP, and the picture of an offer that is being made: who gets what."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest
from PIL import Image
from starlette.applications import Starlette

from app import database, door
from app.frame.previews import routes as previews
from app.public import referrals_file
from members import sessions
from members.actions import referring
from members.roles import Person
from members.views.staff_referrals_files import FILES
from tests.staff.shop import actions
from tests.staff.test_offer_pages import a_shop, buys, somebody

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]


@asynccontextmanager
async def browser(role: str) -> AsyncIterator[httpx.AsyncClient]:
    cookies: dict[str, str] = {}
    if role:
        with database.transaction(door.engine()) as session:
            cookies[door.COOKIE], _ = sessions.start(session, Person("kim", role), datetime.now(UTC))
    shop = Starlette(routes=[*referrals_file.routes(), *previews])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(shop), base_url="http://localhost:3000", cookies=cookies
    ) as client:
        yield client


@pytest.fixture
def friends() -> UUID:
    a_shop()
    ann, code = somebody("ann")
    with database.transaction(door.engine()) as session:
        referring.shared(session, ann, datetime.now(UTC), "vk")
    somebody("eve", f"{code}~vk")
    buys("eve", "1")
    return ann


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


async def test_each_file_has_its_rows_and_is_in_the_audit(friends: UUID) -> None:
    async with browser("owner") as owner:
        got = {what: await owner.get(f"/staff/referrals/{what}.csv?days=7") for what in FILES}
    assert {one.headers["content-type"] for one in got.values()} == {"text/csv; charset=utf-8"}
    assert {one.headers["cache-control"] for one in got.values()} == {"no-store"}
    offer = rows(got["offers"].text)[0]
    assert (offer["offer"], offer["joined"], offer["bought"], offer["links"]) == ("give-get", "1", "1", "2")
    assert (offer["points_given"], offer["cost_per_friend_who_bought"], offer["currency"]) == (
        "800",
        "8.00",
        "USD",
    )
    assert {(one["channel"], one["step"], one["amount"]) for one in rows(got["funnel"].text)} == {
        ("vk", "shared", "1"), ("vk", "joined", "1"), ("vk", "bought", "1"), ("vk", "points", "800"),
    }  # fmt: skip
    best = rows(got["advocates"].text)[0]
    assert (best["member_id"], best["bought"]) == (str(friends), "1")
    friend = rows(got["friends"].text)[0]
    assert (friend["channel"], friend["way"], friend["purchases"], friend["sharer_id"]) == (
        "vk",
        "link",
        "1",
        str(friends),
    )
    assert actions().count(("owner:kim", "referrals.exported")) == len(FILES)


async def test_who_may_export_and_not_see_members_learns_no_id(friends: UUID) -> None:
    async with browser("analyst") as analyst:
        for what in ("advocates", "friends"):
            got = await analyst.get(f"/staff/referrals/{what}.csv")
            assert got.status_code == 200
            assert str(friends) not in got.text
            assert len(rows(got.text)) == 1


@pytest.mark.parametrize("role", ["", "marketer", "support", "cashier"])
async def test_others_get_no_file(friends: UUID, role: str) -> None:
    async with browser(role) as somebody_else:
        for what in FILES:
            got = await somebody_else.get(f"/staff/referrals/{what}.csv")
            assert got.status_code in {401, 403}
            assert "give-get" not in got.text
    assert "referrals.exported" not in [action for _, action in actions()]


async def test_another_site_gets_no_file_and_nonsense_is_everything(friends: UUID) -> None:
    async with browser("owner") as owner:
        elsewhere = await owner.get("/staff/referrals/offers.csv", headers={"sec-fetch-site": "cross-site"})
        assert elsewhere.status_code == 403
        for query in ("offer=%00&days=x", "days=-1", "days=99999999999999999999", "offer=';--"):
            got = await owner.get(f"/staff/referrals/offers.csv?{query}")
            assert [one["offer"] for one in rows(got.text)] == ["give-get"]


async def test_the_picture_is_drawn_for_who_may_edit(friends: UUID) -> None:
    address = "/pictures/preview/invitation.png"
    async with browser("marketer") as marketer:
        seen = set[bytes]()
        for query in ("points=300&language=en", "points=300&language=ar", "points=0&reward=tea&language=ru"):
            got = await marketer.get(f"{address}?{query}")
            with Image.open(io.BytesIO(got.content)) as image:
                assert image.size == (1200, 630)
            seen.add(got.content)
        assert len(seen) == 3
        for query in ("points=-1", "points=٣", "points=99999999999", "reward=%00", "language=../x"):
            assert (await marketer.get(f"{address}?{query}")).status_code == 200
    for role in ("", "analyst", "cashier"):
        async with browser(role) as other:
            assert (await other.get(f"{address}?points=300")).status_code == 404
