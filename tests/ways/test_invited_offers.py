"""Several offers, one after the other: each link goes on saying, and paying, what it was shared with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select
from starlette.applications import Starlette

from app import database, door, limits
from app.public import coming_in, invited
from members.actions import referring
from members.actions.record import record
from members.referral_tables import Referral
from members.tables import Identity
from pages.staff.referrals import ReferralsState
from pages.staff.referrals_offer import OfferState
from tests.builders import an_order, in_force
from tests.staff.conftest import call
from tests.staff.conftest import visit as staff_visit
from tests.ways.conftest import Visit
from tests.ways.test_invited import RUSSIAN, balance, join, link_of

pytestmark = pytest.mark.anyio


@pytest.fixture
def shop(house: Path) -> Iterator[Starlette]:
    with database.transaction(door.engine()) as session:
        in_force(session, RUSSIAN)
    limits.forget()
    yield Starlette(routes=[*coming_in.routes(), *invited.routes()])
    limits.forget()


async def published(offer: str, boxes: dict[str, str]) -> None:
    """Staff publish an offer, or a change to one, by its form."""
    page = staff_visit(OfferState, "owner", f"/staff/referrals/edit?slug={offer}")
    await call(page, "load")
    for name, value in boxes.items():
        await call(page, "put", name, value)
    await call(page, "publish")
    assert page.said.startswith("Published.")


def buys(address: str) -> UUID:
    """Somebody's first purchase; returns who they are."""
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        record(session, [an_order(address, "40.00", at=now, subject=f"email:{address}")], now)
        referring.follow_late(session, now)
        return session.exec(select(Identity.member_id).where(Identity.key == f"email:{address}")).one()


@pytest.mark.feature(83)
async def test_every_link_keeps_the_version_of_its_offer(visit: Visit) -> None:
    ann, first = link_of("ann")
    await published("give-get", {"friend.points": "400", "sharer.points": "700"})
    cem, second = link_of("cem")
    summer = {"slug": "summer", "name.en": "Summer", "friend.points": "900", "sharer.points": ""}
    await published("", summer)
    listed = staff_visit(ReferralsState, "owner", "/staff/referrals")
    await call(listed, "load")
    await call(listed, "put_first", "summer")
    eve, third = link_of("eve")
    await call(listed, "ask_retire", "give-get")
    await call(listed, "retire")
    links = {first: (ann, 500, 300), second: (cem, 700, 400), third: (eve, 0, 900)}
    assert len(links) == 3
    for number, (code, (sharer, theirs, friends)) in enumerate(links.items()):
        address = f"friend{number}@shop.example"
        async with visit() as browser:
            page = await browser.get(f"/r/{code}?by=vk", headers={"sec-fetch-mode": "navigate"})
            assert f"{friends} points for you at " in page.text.replace("\xa0", " ").replace("\u2068", "")
            await join(browser, address)
        friend = buys(address)
        assert (balance(sharer), balance(friend)) == (theirs, friends + 40), "40 for what was bought"
    with database.reading(door.engine()) as session:
        kept = sorted(session.exec(select(Referral.offer, Referral.channel)).all())
    assert kept == [("give-get", "vk"), ("give-get", "vk"), ("summer", "vk")]
