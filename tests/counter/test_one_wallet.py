"""At the counter of a shop that gives money back and no points: a purchase brings money, and the balance is money."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from app import database, door, limits
from app.public import counter
from members.actions import joining
from tests.builders import PROGRAMME, in_force
from tests.counter.conftest import ANNA, NOW, Counter, token

pytestmark = pytest.mark.anyio
POINTS = '  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}\n'
CASH = '  - {kind: cashback, slug: back, percent: "2", wallet: cash}\n'
WALLETS = """
wallets:
  cash: {kind: cashback, name: Money back, pending_days: %s, paying: {share: 100}}
"""


@pytest.fixture(params=[0, 14])
async def till(house: Path, request: pytest.FixtureRequest) -> AsyncIterator[Counter]:
    """Kim's counter, where a fiftieth comes back, at once or after two weeks."""
    limits.forget()
    with database.transaction(door.engine()) as session:
        in_force(session, PROGRAMME.replace(POINTS, CASH) + WALLETS % request.param)
        anna = joining.join(session, ANNA, joining.Wish(), NOW)
    app = Starlette(routes=counter.routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test") as client:
        client.cookies.set(door.COOKIE, token("cashier"))
        yield Counter(client, anna)
    limits.forget()


@pytest.mark.feature(11)
async def test_what_a_purchase_brings_and_what_there_is_are_amounts_of_money(
    till: Counter, request: pytest.FixtureRequest
) -> None:
    sold = await till.sell("33.33")
    waits = request.node.callspec.params["till"]
    balance = "Balance: $0.00 · $0.66 on their way" if waits else "Balance: $0.66"
    assert (sold["title"], sold["balance"]) == ("+$0.66", balance)
    assert [one["amount"] for one in sold["earned"]] == ["+$0.66"]
    nothing = await till.sell("0.10")
    assert nothing["title"] == "$0.00"
