"""R3: points for one reward, asked for by many tabs and by the shop's own API at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from sqlmodel import func, select

from app import database, door, limits
from members.keys import Scope
from members.prove import prove
from members.roles import MEMBER, Person
from pages.offers import RewardsState
from rewards.tables import Entry, Redemption
from tests.api.shop import Shop, a_client
from tests.attack.lines import Tab, a_server, name_of
from tests.attack.test_lines import a_cookie
from tests.pages.conftest import House, house

pytestmark = pytest.mark.anyio

__all__ = ["house"]

ASKING, LEFT = '"asking_rx_state_":true', "100 points"


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody is slowed down: what is left is what the engine itself lets pass."""
    monkeypatch.setitem(limits.RATES, "redeem", "100000/minute")
    limits._rates.cache_clear()  # pyright: ignore[reportPrivateUsage]
    yield
    limits._rates.cache_clear()  # pyright: ignore[reportPrivateUsage]
    limits.forget()


@pytest.mark.feature(32)
@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize(
    ("tabs", "presses", "calls"), [(6, 4, 24), pytest.param(25, 20, 500, marks=pytest.mark.full)]
)
async def test_points_for_one_reward_buy_one_however_they_are_asked(
    house: House, tabs: int, presses: int, calls: int
) -> None:
    key = Shop(door.engine(), httpx.AsyncClient()).key(Scope.REDEEM)
    async with a_server() as serve, a_client(door.engine()) as client:
        opened = [Tab(serve, a_cookie(Person(str(house.mira), MEMBER))) for _ in range(tabs)]
        for tab in opened:
            await at_rewards(tab)

        async def press(tab: Tab) -> None:
            for _ in range(presses):
                await tab.send(name_of(RewardsState, "confirm"), "/rewards")
                await asyncio.sleep(0)

        async def call() -> int:
            body = {"subject": f"member:{house.mira}", "reward": "coffee"}
            head = key | {"Idempotency-Key": uuid4().hex}
            return (await client.post("/api/v1/redemptions", json=body, headers=head)).status_code

        pressing = [press(tab) for tab in opened]
        _, codes = await asyncio.gather(
            asyncio.gather(*pressing), asyncio.gather(*(call() for _ in range(calls)))
        )
        for tab in opened:
            await tab.send(name_of(RewardsState, "load"), "/rewards")
            await tab.hears(LEFT)
            await tab.hang_up()

    assert sorted(set(codes)) in ([200, 409], [409])
    assert codes.count(200) <= 1
    with database.reading(door.engine()) as session:
        assert session.exec(select(func.count()).select_from(Redemption)).one() == 1
        assert session.exec(select(Entry.amount).where(Entry.kind == "spent")).all() == [-300]
        assert not prove(session).flaws


async def at_rewards(tab: Tab) -> None:
    """The page with the question for the reward open."""
    assert await tab.open()
    await tab.show("/rewards")
    await tab.send(name_of(RewardsState, "load"), "/rewards")
    await tab.hears('"slug":"coffee"')
    await tab.send(name_of(RewardsState, "ask"), "/rewards", slug="coffee")
    await tab.hears(ASKING)
