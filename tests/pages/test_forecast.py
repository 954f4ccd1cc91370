"""The forecast on the rules page: what the slider says is what `POST /simulate` says, and what then happens."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlmodel import Session, func, select
from starlette.applications import Starlette

from app import database, door
from app.api import routes
from app.api.lane import Lane
from members import keys
from members.actions.record import record
from members.forecasting import forecast
from members.keys import Scope
from members.programme import apply, presets
from members.simulation import simulate
from members.standing import standing_of
from members.tables import FactRow
from members.views.forecast import most_of
from pages.rules import RulesState
from rewards.tables import Entry
from tests.builders import an_order, in_force
from tests.builders import standing_of as theirs
from tests.members.test_taking_away import statements
from tests.pages.conftest import House, call

pytestmark = pytest.mark.anyio


def api() -> httpx.AsyncClient:
    lane = Lane(door.engine, lambda: None)
    app = Starlette(
        routes=routes(door.engine, lambda: None, lambda: b"a secret of this test only, 32 bytes", lane)
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test", timeout=60)


async def simulated(house: House, amount: int) -> tuple[int, str]:
    """The points and the tier of an order of now, by HTTP."""
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        token = keys.create(session, f"k{amount}", [Scope.SIMULATE], "till", "test:test", now)
    order = {"order_id": "x", "currency": "USD",
             "lines": [{"line_id": "1", "sku": "x", "quantity": "1", "amount": f"{amount}.00"}]}  # fmt: skip
    event = {"specversion": "1.0", "id": "x", "source": "till", "type": "order.paid", "time": now.isoformat(),
             "subject": f"member:{house.mira}", "data": order}  # fmt: skip
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/cloudevents+json"}
    async with api() as client:
        answer = await client.post("/api/v1/simulate", json=event, headers=headers)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    points = sum(one["amount"] for one in told["effects"] if one["kind"] == "earned")
    return points, next((one["after"] for one in told["tiers"]), "")


def rows(session: Session) -> tuple[int, int]:
    return (session.exec(select(func.count()).select_from(Entry)).one(),
            session.exec(select(func.count()).select_from(FactRow)).one())  # fmt: skip


@pytest.mark.feature(41)
async def test_the_slider_says_what_simulate_says_and_writes_nothing(house: House) -> None:
    state = house.visit(RulesState, "/rules")
    await call(state, "load")
    assert state.card.most >= 1000
    with database.reading(door.engine()) as session:
        before = rows(session)
    names: dict[str, Any] = {"member": "Member", "silver": "Silver"}
    for amount in (1, 150, 600, 1000):
        await call(state, "foresee", float(amount))
        points, tier = await simulated(house, amount)
        assert int(re.sub(r"\D", "", state.what.points)) == points
        assert state.what.tier == names[tier or "member"]
        assert f"${amount:,}" in state.what.order.replace(".00", "")
    with database.reading(door.engine()) as session:
        assert rows(session) == before
    await call(state, "foresee", 0)
    assert state.what.points == ""


@pytest.mark.feature(41)
async def test_by_a_later_day_it_is_what_the_engine_will_do_then(house: House) -> None:
    later = datetime.now(UTC).replace(microsecond=0) + timedelta(days=200)
    with database.transaction(door.engine()) as session:
        told = forecast(session, house.mira, 100_000, later)
        order = an_order("x", "1000.00", at=later, subject=f"member:{house.mira}")
        done = simulate(session, [order], later)
        assert told.points == sum(one.amount for one in done.entries if one.kind == "earned")
        simulate_tier = {after for _, _, after in done.tiers}
        record(session, [order], later)
        stands = standing_of(session, house.mira, later)
        assert stands
        assert ({told.tier}, told.tier) == (simulate_tier, stands.level.slug)
        assert told.until
        assert stands.tier_until == (told.until - timedelta(seconds=1)).astimezone(stands.version.zone).date()


def test_however_long_somebody_has_been_here_it_reads_no_history_and_writes_nothing(session: Session) -> None:
    now = datetime.now(UTC)
    in_force(session)
    record(session, [an_order(f"o{n}", "3.00", at=now - timedelta(days=180 - n)) for n in range(180)], now)
    who = theirs(session).member_id
    with statements(session) as asked:
        assert forecast(session, who, 5_000, now).points >= 50
    assert not [one for one in asked if "FROM fact" in one or not one.lstrip().startswith("SELECT")]
    assert 0 < len(asked) <= 10


@pytest.mark.parametrize(
    "value", ["", "-1", "1e9", "٣", "9" * 40, float("nan"), float("inf"), None, "2026-02-31", "1999-01-01"]
)
async def test_whatever_is_sent_it_answers(house: House, value: Any) -> None:
    state = house.visit(RulesState, "/ar/rules")
    await call(state, "foresee_by", value)
    await call(state, "foresee", value)
    await call(state, "foresee", 200)
    assert state.what.points.translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")).startswith("2")


async def test_strangers_have_no_slider(house: House) -> None:
    state = house.visit(RulesState, "/rules", who="")
    await call(state, "load")
    await call(state, "foresee", 200)
    assert (state.card.most, state.what.points) == (0, "")


@pytest.mark.parametrize(
    ("preset", "most"), [("grocery", 4000), ("beauty", 1000), ("linen", 800), ("cashback", 2000)]
)
def test_the_slider_reaches_the_highest_tier(session: Session, preset: str, most: int) -> None:
    now = datetime.now(UTC)
    made = apply(session, presets.preset(preset, now), base=None, actor="test", now=now)
    assert most_of(made) == most
