"""What follows hears of whom there was news, once; what failed is tried with the next news."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app import database, live
from app.jobs.following import follow
from members.actions import record
from members.tables import Standing
from tests.builders import an_order, in_force
from tests.jobs.test_boards import running

pytestmark = pytest.mark.anyio
NOW = datetime.now(UTC)


def buys(engine: Engine, customer: str) -> UUID:
    with database.transaction(engine) as session:
        member_id = record(
            session, [an_order(customer, "5.00", at=NOW, subject=f"customer:{customer}")], NOW
        )[0].member_id
        assert member_id
        return member_id


async def test_it_is_told_of_everybody_once_and_again_after_a_failure(engine: Engine) -> None:
    with database.transaction(engine) as session:
        in_force(session)
    told: list[set[UUID]] = []
    arrived = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work(_: Engine, members: Collection[UUID]) -> int:
        if members:
            told.append(set(members))
            loop.call_soon_threadsafe(arrived.set)
            if len(told) == 1:
                raise RuntimeError("the database is away")
        return 0

    async def next_time() -> None:
        async with asyncio.timeout(60):
            await arrived.wait()
        arrived.clear()

    wire = live._here  # pyright: ignore[reportPrivateUsage]
    async with running(wire.run(engine), follow(engine, "a test", work)):
        async with asyncio.timeout(60):
            while not wire._watchers:  # pyright: ignore[reportPrivateUsage]
                await asyncio.sleep(0.05)
        first = await asyncio.to_thread(buys, engine, "1")
        await next_time()
        second = await asyncio.to_thread(buys, engine, "2")
        await next_time()
        third = await asyncio.to_thread(buys, engine, "3")
        await next_time()
    with database.reading(engine) as session:
        assert set(session.exec(select(Standing.member_id))) == {first, second, third}
    assert told == [{first}, {first, second}, {third}]
