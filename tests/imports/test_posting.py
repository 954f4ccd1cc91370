"""A long import records each batch at its own moment."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from app import database
from app.cli.imports import posting
from members.tables import FactRow
from tests.builders import NOW, in_force
from tests.members.boards import shopping


def test_each_batch_is_recorded_when_it_is(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "BATCH_FACTS", 1)
    with database.transaction(engine) as session:
        in_force(session)
    posted = posting.post(engine, [shopping(1, n) for n in range(3)], NOW, lambda count: None)
    assert posted.counts["recorded"] == 3
    with database.reading(engine) as session:
        moments = session.exec(select(FactRow.recorded_at).order_by(col(FactRow.fact_id))).all()
    assert NOW <= moments[0] < moments[1] < moments[2]
