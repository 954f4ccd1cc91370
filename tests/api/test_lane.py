"""The lane: what comes while a commit is in flight goes together into the next one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.api.lane import Lane
from app.recording import batch
from app.recording.batch import Answer
from facts.events import Fact, parse
from members.actions.record import Outcome
from tests.api.shop import an_order

pytestmark = pytest.mark.anyio
LONG = 60


class Held:
    """Recording that waits for a word before each batch, and tells of the batches; it says their facts' ids."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.batches: list[list[str]] = []
        self.begun, self.words = threading.Semaphore(0), threading.Semaphore(0)
        monkeypatch.setattr(batch, "record", self.record)

    def record(self, session: Session, facts: Sequence[Fact], now: datetime) -> list[Outcome]:
        """Stands for the engine."""
        self.batches.append([fact.id for fact in facts])
        self.begun.release()
        assert self.words.acquire(timeout=LONG)
        return [Outcome(fact.id) for fact in facts]

    async def has_begun(self) -> None:
        """Wait until the next batch is on its way."""
        assert await asyncio.to_thread(self.begun.acquire, timeout=LONG)


def facts(*names: str) -> list[Fact]:
    return [parse({**an_order("1.00"), "id": name}) for name in names]


def said(answers: Sequence[Answer]) -> list[Any]:
    return [answer.status if isinstance(answer, Outcome) else answer for answer in answers]


async def test_what_gathers_shares_the_next_commit(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    held, news = Held(monkeypatch), list[str]()
    one = Lane(lambda: engine, lambda: news.append("news"))
    first = asyncio.create_task(one.record(facts("a")))
    await held.has_begun()
    rest = [asyncio.create_task(one.record(facts(*names))) for names in ("b", "cd", "e", "f")]
    await asyncio.sleep(0)
    held.words.release()
    assert said(await asyncio.wait_for(first, LONG)) == ["a"]
    await held.has_begun()
    assert not any(task.done() for task in rest), "nobody hears before the commit"
    rest[2].cancel()
    held.words.release()
    assert await asyncio.wait(rest, timeout=LONG) == ({*rest}, set())
    assert held.batches == [["a"], ["b", "c", "d", "e", "f"]]
    assert rest[2].cancelled()
    assert [said(rest[n].result()) for n in (0, 1, 3)] == [["b"], ["c", "d"], ["f"]], "and takes nobody along"
    assert news == ["news", "news"]


async def test_a_lane_that_was_empty_goes_on(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(monkeypatch)
    one = Lane(lambda: engine, lambda: None)
    for name in "abc":
        held.words.release()
        assert said(await asyncio.wait_for(one.record(facts(name)), LONG)) == [name]
    assert held.batches == [["a"], ["b"], ["c"]]
