"""The recording process: facts go over, answers come back after the commit, and nothing is lost when it dies."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app import database
from app.recording.frames import NotRecorded
from app.recording.process import Recorder, started
from facts.events import Fact, parse
from facts.refusals import Refusal
from members.actions.record import Outcome
from members.tables import FactRow
from tests.api.shop import a_programme, an_order

pytestmark = pytest.mark.anyio
LONG = 120


@pytest.fixture
async def recorder(database_url: str) -> AsyncIterator[Recorder]:
    """A recording process over the test's own database."""
    made = Recorder(lambda: database_url, lambda: None)
    yield made
    await made.close()


def orders(*amounts: str, **more: Any) -> list[Fact]:
    return [parse(an_order(amount, **more)) for amount in amounts]


async def said(recorder: Recorder, asked: list[Fact]) -> list[Any]:
    answers = await asyncio.wait_for(recorder.record(asked), LONG)
    return [one.status if isinstance(one, Outcome) else one for one in answers]


async def test_answers_come_in_order_and_refusals_come_whole(engine: Engine, recorder: Recorder) -> None:
    (early,) = orders("1.00")
    (missing,) = await said(recorder, [early])
    assert isinstance(missing, Refusal)
    assert (missing.code, missing.status) == ("programme_missing", 503)
    with a_programme(engine):  # in force here, and there at once
        one, two = orders("10.00", "20.00")
        (nobody,) = orders("1.00", subject="member:nobody")
        answers = await asyncio.wait_for(recorder.record([one, two, one, nobody]), LONG)
    whole = [one for one in answers if isinstance(one, Outcome)]
    assert [one.status for one in whole] == ["recorded", "recorded", "duplicate", "refused"]
    assert whole[0].member_id == whole[1].member_id
    assert whole[0].points == 300
    assert whole[3].refusal
    assert whole[3].refusal.sentence() == "There is no such member."


async def test_a_process_that_is_killed_loses_nothing_and_doubles_nothing(
    engine: Engine, recorder: Recorder
) -> None:
    with a_programme(engine):
        answers: Counter[str] = Counter()
        sent: list[str] = []
        over = asyncio.Event()

        async def client(number: int) -> None:
            while not over.is_set():
                asked = orders("1.00", "2.00", customer=f"c{number}")
                sent.extend(fact.id for fact in asked)
                answers.update(await said(recorder, asked))

        clients = [asyncio.create_task(client(number)) for number in range(8)]
        async with asyncio.timeout(LONG):
            while answers.total() <= 8:
                await asyncio.sleep(0.005)
        assert recorder.child
        os.kill(recorder.child.pid, signal.SIGKILL)
        over.set()
        await asyncio.wait_for(asyncio.gather(*clients), LONG)
    assert set(answers) <= {"recorded", "duplicate"}, "whoever asked noticed nothing"
    with database.reading(engine) as session:
        there = Counter(session.exec(select(FactRow.fact_id)).all())
    assert there == Counter(sent)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_a_fact_that_brings_the_process_down_is_found_out_and_given_up(
    engine: Engine, database_url: str
) -> None:
    falling = partial(started, module="tests.api.falling")
    recorder = Recorder(lambda: database_url, lambda: None, falling)
    with a_programme(engine):
        batch = [orders("1.00", customer=f"c{n}") for n in range(6)]
        batch[0] = [parse(an_order("1.00") | {"id": "poison"})]
        answers = await asyncio.gather(*(said(recorder, asked) for asked in batch))
    await recorder.close()
    assert isinstance(answers[0][0], NotRecorded)
    assert answers[1:] == [["recorded"]] * 5, "and the others are not harmed"


async def test_what_was_asked_is_answered_before_the_end(engine: Engine, recorder: Recorder) -> None:
    with a_programme(engine):
        asked = [asyncio.create_task(said(recorder, orders("1.00", customer=f"c{n}"))) for n in range(20)]
        async with asyncio.timeout(LONG):
            while recorder.child is None:
                await asyncio.sleep(0)
        await recorder.close()
        assert await asyncio.gather(*asked) == [["recorded"]] * 20
    assert recorder.child is None
    with pytest.raises(Refusal) as refusal:
        await recorder.record(orders("1.00"))
    assert refusal.value.status == 503


async def test_without_tables_or_without_a_process_whoever_asks_is_told(
    tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    bare = Recorder(lambda: f"sqlite:///{tmp_path / 'bare.sqlite'}", lambda: None)
    none = Recorder(lambda: "sqlite:///x", lambda: None, partial(started, module="tests.api.nowhere"))
    try:
        for recorder, words in ((bare, "no such table"), (none, "cannot be started")):
            (answer,) = await said(recorder, orders("1.00"))
            assert isinstance(answer, NotRecorded)
            assert words in caplog.text
    finally:
        await bare.close()
        await none.close()
