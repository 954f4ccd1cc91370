"""`/r/<code>?by=telegram`: by which way a link went is kept beside its code, counted, and stays with the friend."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, func, select
from starlette.applications import Starlette

from app import database, door, limits
from app.public import coming_in, invited
from members.funnel_tables import FunnelCount
from members.referral_tables import Referral
from tests.builders import in_force
from tests.ways.conftest import Visit
from tests.ways.test_invited import RUSSIAN, join, link_of

pytestmark = pytest.mark.anyio
PERSON = {"sec-fetch-mode": "navigate"}


@pytest.fixture
def shop(house: Path) -> Iterator[Starlette]:
    with database.transaction(door.engine()) as session:
        in_force(session, RUSSIAN)
    limits.forget()
    yield Starlette(routes=[*coming_in.routes(), *invited.routes()])
    limits.forget()


def counted(step: str) -> dict[str, int]:
    with database.reading(door.engine()) as session:
        query = select(FunnelCount.channel, func.sum(FunnelCount.amount)).where(FunnelCount.step == step)
        return {name: int(n) for name, n in session.exec(query.group_by(col(FunnelCount.channel)))}


async def test_the_first_click_is_counted_with_its_channel_and_the_friend_keeps_it(visit: Visit) -> None:
    _, code = link_of()
    async with visit() as browser:
        await browser.get(f"/r/{code}?by=telegram", headers=PERSON)
        await browser.get(f"/r/{code}", headers=PERSON)
        await browser.get(f"/ar/r/{code}", headers=PERSON)
        assert browser.cookies[invited.INVITED] == f"{code}~telegram"
        await join(browser)
    assert counted("clicked") == {"telegram": 1}
    assert counted("joined") == {"telegram": 1}
    with database.reading(door.engine()) as session:
        assert session.exec(select(Referral.channel)).one() == "telegram"


@pytest.mark.parametrize(
    "by", ["nonsense", "till", "telegram~vk", "%3Cscript%3E", "x" * 300, "%00", "ТЕЛЕГРАМ"]
)
async def test_a_word_that_is_no_channel_is_a_bare_link(visit: Visit, by: str) -> None:
    _, code = link_of()
    async with visit() as browser:
        page = await browser.get(f"/r/{code}?by={by}", headers=PERSON)
        assert page.status_code == 200
        assert browser.cookies[invited.INVITED] == code
        await join(browser)
    assert counted("clicked") == {"link": 1}
    assert counted("joined") == {"link": 1}


async def test_a_cookie_that_somebody_wrote_brings_nobody_anything(visit: Visit) -> None:
    _, code = link_of()
    async with visit() as browser:
        browser.cookies.set(invited.INVITED, f"{code}~owner")
        await join(browser)
    assert counted("joined") == {"link": 1}
