"""Keys that were looked up lately: one look-up for all who wait, and a revoked key is good for a second at most."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, event
from starlette.requests import Request

from app import database
from app.api.keyring import AHEAD_SECONDS, KEY_SECONDS_MAX, LOOK_UPS_MAX, WAITING_MAX, Keyring
from facts.refusals import Refusal
from members import keys
from members.keys import Scope

pytestmark = pytest.mark.anyio
MADE_UP = "rk_" + "x" * 43


def a_key(engine: Engine) -> str:
    with database.transaction(engine) as session:
        return keys.create(
            session, "till", [Scope.EVENTS_WRITE], "shop.example", "test:test", datetime.now(UTC)
        )


def a_request(token: str) -> Request:
    return Request({"type": "http", "headers": [(b"authorization", f"Bearer {token}".encode())]})


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@contextmanager
def look_ups(engine: Engine) -> Iterator[list[str]]:
    """What is asked about keys."""
    heard: list[str] = []

    def before(_: Any, __: Any, statement: str, *rest: Any) -> None:
        if "api_key" in statement:
            heard.append(statement)

    event.listen(engine, "before_cursor_execute", before)
    yield heard
    event.remove(engine, "before_cursor_execute", before)


async def test_a_hundred_requests_at_once_cost_one_look_up(engine: Engine) -> None:
    request, ring = a_request(a_key(engine)), Keyring(lambda: engine)
    with look_ups(engine) as heard:
        found = await asyncio.gather(*(ring.key(request, Scope.EVENTS_WRITE) for _ in range(100)))
    assert {key.source for key in found} == {"shop.example"}
    assert len(heard) == 1


async def test_whoever_hangs_up_takes_the_key_from_nobody(engine: Engine) -> None:
    request, ring = a_request(a_key(engine)), Keyring(lambda: engine)
    gone = asyncio.create_task(ring.key(request, Scope.EVENTS_WRITE))
    stays = asyncio.create_task(ring.key(request, Scope.EVENTS_WRITE))
    await asyncio.sleep(0)
    gone.cancel()
    assert (await stays).name == "till"
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_a_key_in_use_is_looked_up_again_before_it_is_too_old_and_nobody_waits(engine: Engine) -> None:
    clock = Clock()
    request, ring = a_request(a_key(engine)), Keyring(lambda: engine, clock)
    await ring.key(request, Scope.EVENTS_WRITE)
    clock.seconds += AHEAD_SECONDS + 0.05
    with look_ups(engine) as heard:
        using = ring.key(request, Scope.EVENTS_WRITE)
        with pytest.raises(StopIteration):  # answered without waiting for anything
            using.send(None)
        await asyncio.gather(*ring.under_way)
    assert len(heard) == 1
    clock.seconds += KEY_SECONDS_MAX
    with pytest.raises(StopIteration):  # it is as old as its last look-up, not as its first
        ring.key(request, Scope.EVENTS_WRITE).send(None)
    await asyncio.gather(*ring.under_way)


async def test_a_revoked_key_ends_within_its_second_however_busy_it_is(engine: Engine) -> None:
    clock = Clock()
    request, ring = a_request(a_key(engine)), Keyring(lambda: engine, clock)
    await ring.key(request, Scope.EVENTS_WRITE)
    with database.transaction(engine) as session:
        keys.revoke(session, "till", "test:test", datetime.now(UTC))
    await ring.key(request, Scope.EVENTS_WRITE)
    clock.seconds += KEY_SECONDS_MAX  # used all the time, it is looked up again meanwhile
    await ring.key(request, Scope.EVENTS_WRITE)
    await asyncio.gather(*ring.under_way)
    with pytest.raises(Refusal, match="in use"):
        await ring.key(request, Scope.EVENTS_WRITE)


async def test_a_revoked_key_that_rested_is_not_good_once_more(engine: Engine) -> None:
    clock = Clock()
    request, ring = a_request(a_key(engine)), Keyring(lambda: engine, clock)
    await ring.key(request, Scope.EVENTS_WRITE)
    with database.transaction(engine) as session:
        keys.revoke(session, "till", "test:test", datetime.now(UTC))
    clock.seconds += KEY_SECONDS_MAX + 0.01
    with pytest.raises(Refusal, match="in use"):
        await ring.key(request, Scope.EVENTS_WRITE)


async def test_a_token_that_is_no_key_is_never_remembered(engine: Engine) -> None:
    ring = Keyring(lambda: engine)
    for _ in range(2):
        with look_ups(engine) as heard, pytest.raises(Refusal, match="in use"):
            await ring.key(a_request(MADE_UP), Scope.EVENTS_WRITE)
        assert len(heard) == 1


async def test_a_database_that_is_away_is_told_to_everybody_who_waits(engine: Engine) -> None:
    def away() -> Engine:
        raise ConnectionError("away")

    request, ring = a_request(a_key(engine)), Keyring(away)
    asked = [ring.key(request, Scope.EVENTS_WRITE) for _ in range(3)]
    assert all(
        isinstance(one, ConnectionError) for one in await asyncio.gather(*asked, return_exceptions=True)
    )


@pytest.mark.parametrize("token", ["", "rk_", "rk_made_up", "x" * 46, "rk_" + "x" * 200, "rk_" + "ж" * 43])
async def test_what_cannot_be_a_key_costs_nothing(engine: Engine, token: str) -> None:
    ring = Keyring(lambda: engine)
    request = Request({"type": "http", "headers": [(b"authorization", f"Bearer {token}".encode())]})
    with look_ups(engine) as heard, pytest.raises(Refusal, match="in use"):
        ring.key(request, Scope.EVENTS_WRITE).send(None)
    assert heard == []


async def test_made_up_keys_wait_in_a_short_line_and_leave_threads_for_the_pages(engine: Engine) -> None:
    """A flood: few are looked up at once, the rest of the line is bounded, and a good key in use is answered."""
    at_once, most = 0, 0

    class Slow(Keyring):
        def _resolve(self, token: str) -> keys.Key | None:
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            time.sleep(0.01)
            at_once -= 1
            return super()._resolve(token)

    ring, good = Slow(lambda: engine, Clock()), a_request(a_key(engine))
    await ring.key(good, Scope.EVENTS_WRITE)
    flood = [
        asyncio.create_task(ring.key(a_request(f"rk_{n:043}"), Scope.EVENTS_WRITE))
        for n in range(2 * WAITING_MAX)
    ]
    await asyncio.sleep(0)
    with pytest.raises(StopIteration):  # answered without waiting for anything
        ring.key(good, Scope.EVENTS_WRITE).send(None)
    codes = [
        error.code
        for error in await asyncio.gather(*flood, return_exceptions=True)
        if isinstance(error, Refusal)
    ]
    assert (codes.count("key_invalid"), codes.count("keys_busy")) == (WAITING_MAX, WAITING_MAX)
    assert 1 < most <= LOOK_UPS_MAX
    assert (await ring.key(good, Scope.EVENTS_WRITE)).name == "till"
