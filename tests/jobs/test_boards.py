"""The lists of boards follow by themselves, and a season is closed once however often the job runs or dies."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from app import database, live
from app.jobs import boards, due
from app.jobs.following import follow
from badges.board_tables import BoardScore, BoardSeason
from members.actions import record, seasons
from members.actions.board_lists import behind
from members.actions.boards import enter
from members.prove import prove
from members.tables import Standing
from rewards.tables import Entry
from tests.builders import PROGRAMME, an_order, in_force, standing_of

NOW = datetime.now(UTC)
MONTHS = """
boards:
  - {slug: orders, name: Orders, criterion: {kind: count, at_least: 1},
     prizes: [{places: 1-3, prize: {points: 50}}]}
"""
MORE = "  - {slug: money, name: Money, criterion: {kind: sum, at_least: '1'}}\n"


def opens(engine: Engine, members: int = 3) -> None:
    """A shop with a board, and some who stand on it."""
    with database.transaction(engine) as session:
        in_force(session, PROGRAMME + MONTHS)
        for customer in range(1, members + 1):
            orders = [
                an_order(f"{customer}-{i}", "5.00", at=NOW, subject=f"customer:{customer}")
                for i in range(customer)
            ]
            record(session, orders, NOW)
            enter(session, standing_of(session, str(customer)).member_id, f"Player {customer}", NOW)


def leaders(engine: Engine) -> list[tuple[str, int]]:
    """Alias and score, from the best down."""
    with database.reading(engine) as session:
        rows = session.exec(select(BoardSeason.leaders)).all()
    return [(leader[1], leader[2]) for row in rows for leader in json.loads(row)]


def prizes(engine: Engine) -> list[int]:
    """What was given."""
    with database.reading(engine) as session:
        return list(session.exec(select(Entry.amount).where(col(Entry.why).contains('"k":"prize"'))))


@asynccontextmanager
async def running(*works: Any) -> AsyncIterator[None]:
    """Tasks that are ended with the block."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.anyio
@pytest.mark.feature(73)
async def test_a_list_follows_an_order_that_another_process_recorded(engine: Engine) -> None:
    """Nobody nudges: the outbox alone tells that something happened."""
    await asyncio.to_thread(opens, engine)
    wire = live._here  # pyright: ignore[reportPrivateUsage]
    async with running(wire.run(engine), follow(engine, "boards", boards.follow_news)):
        await _until(engine, [("Player 3", 3), ("Player 2", 2), ("Player 1", 1)])
        await asyncio.to_thread(_three_more, engine)
        await _until(engine, [("Player 1", 4), ("Player 3", 3), ("Player 2", 2)])


def _three_more(engine: Engine) -> None:
    with database.transaction(engine) as session:
        record(session, [an_order(f"more-{i}", "5.00", at=NOW) for i in range(3)], NOW)


async def _until(engine: Engine, expected: list[tuple[str, int]]) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(60):
            while await asyncio.to_thread(leaders, engine) != expected:
                await asyncio.sleep(0.1)
    assert await asyncio.to_thread(leaders, engine) == expected


@pytest.mark.feature(74)
def test_a_season_closes_once_even_when_the_job_dies_in_between(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens(engine)
    due.follow_boards(engine, NOW)
    with database.reading(engine) as session:
        ends = session.exec(select(BoardSeason.ends_at)).one()
    assert ends
    assert due.close_seasons(engine, ends + timedelta(hours=1)) == 0, "it still settles"
    ended, whole = ends + timedelta(days=2), seasons.record

    def dies(*given: Any) -> Any:
        whole(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(seasons, "record", dies)
    with pytest.raises(KeyboardInterrupt):
        due.close_seasons(engine, ended)
    assert prizes(engine) == []
    monkeypatch.setattr(seasons, "record", whole)
    assert [due.close_seasons(engine, ended) for _ in range(3)] == [1, 0, 0]
    assert prizes(engine) == [50, 50, 50]
    with database.reading(engine) as session:
        assert session.exec(select(func.count()).select_from(BoardScore)).one() == 0
        balances = {one.balance for one in session.exec(select(Standing))}
        assert prove(session).flaws == []
    assert balances == {5 * n + 50 for n in (1, 2, 3)}


@pytest.mark.parametrize(("steps", "taken"), [([3, 3], 1), ([due.STEP, due.STEP, 7, 7], 3)])
def test_only_a_full_step_is_followed_by_another_one(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, steps: list[int], taken: int
) -> None:
    """While orders come, there is always a little more: whoever waits for none never rests."""
    opens(engine)
    done: list[int] = []

    def refreshed(*_: Any) -> int:
        done.append(steps[len(done)])
        return done[-1]

    monkeypatch.setattr(due, "refresh_one", refreshed)
    assert due.follow_boards(engine, NOW) == sum(steps[:taken])
    assert len(done) == taken


def test_each_board_follows_in_a_transaction_of_its_own(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was taken over on one of them stays so when the next one fails, and its rows are free again."""
    with database.transaction(engine) as session:
        in_force(session, PROGRAMME + MONTHS + MORE)
        record(session, [an_order("1", "5.00", at=NOW)], NOW)
        enter(session, standing_of(session).member_id, "Player", NOW)
    whole = due.refresh_one

    def fails_at_orders(session: Session, slug: str, *more: Any) -> int:
        if slug == "orders":
            raise LookupError(slug)
        return whole(session, slug, *more)

    monkeypatch.setattr(due, "refresh_one", fails_at_orders)
    with pytest.raises(LookupError, match="orders"):
        due.follow_boards(engine, NOW)
    with database.reading(engine) as session:
        assert [slug for slug, _ in behind(session)] == ["orders"]
    monkeypatch.setattr(due, "refresh_one", whole)
    assert due.follow_boards(engine, NOW) == 1


def test_a_season_that_cannot_be_closed_holds_up_no_other(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens(engine)
    due.follow_boards(engine, NOW)
    whole, found = seasons.close, seasons.due

    def breaks(session: Any, slug: str, period: int, now: datetime) -> bool:
        if slug == "broken":
            raise ValueError(slug)
        return whole(session, slug, period, now)

    def also(session: Session, now: datetime) -> list[tuple[str, int]]:
        return [("broken", 1), *found(session, now)]

    monkeypatch.setattr(seasons, "close", breaks)
    monkeypatch.setattr(seasons, "due", also)
    assert due.close_seasons(engine, NOW + timedelta(days=60)) == 1
    assert prizes(engine) == [50, 50, 50]
