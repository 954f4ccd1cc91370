"""What is forgotten by date alone, and that the table of it says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app import database
from app.jobs import retention as jobs
from members import devices, ways_back
from members.actions import own, record
from members.own_tables import Device, Profile
from members.retention import KEPT
from members.sets import table_of
from members.tables import Member
from tests.builders import an_order, days, in_force, standing_of

NOW = datetime.now(UTC)
ROOT = Path(__file__).parent.parent.parent


@pytest.mark.feature(134)
def test_what_is_over_is_forgotten_and_the_rest_stays(engine: Engine) -> None:
    with database.transaction(engine) as session:
        in_force(session)
        record(session, [an_order("1", "30.00", at=NOW - days(2))], NOW)
        mira = standing_of(session).member_id
        devices.remember(session, mira, b"a" * 32, "Chrome/Android", NOW - days(731), trusted=True)
        devices.remember(session, mira, b"b" * 32, "Chrome/Android", NOW - days(729), trusted=True)
    assert jobs.forget(engine, NOW) == 1
    assert jobs.forget(engine, NOW) == 0
    with database.reading(engine) as session:
        assert session.exec(select(Device.digest)).all() == [b"b" * 32]


@pytest.mark.feature(134)
def test_who_left_is_erased_after_the_days_of_grace(engine: Engine) -> None:
    with database.transaction(engine) as session:
        in_force(session)
        record(session, [an_order("1", "30.00", at=NOW - days(2)),
                         an_order("2", "5.00", at=NOW - days(2), subject="customer:2")], NOW)  # fmt: skip
        mira, other = standing_of(session).member_id, standing_of(session, "2").member_id
        own.leave(session, mira, f"member:{mira}", NOW)
        own.leave(session, other, f"member:{other}", NOW + days(10))
    assert jobs.erase_left(engine, NOW + days(29)) == 0
    assert jobs.erase_left(engine, NOW + days(31)) == 1
    with database.transaction(engine) as session:
        assert session.get_one(Member, mira).status == "erased"
        assert session.get_one(Profile, mira).erased_at == NOW + days(31)
        own.come_back(session, other, f"member:{other}", NOW + days(31))
    assert jobs.erase_left(engine, NOW + days(60)) == 0


def test_the_manual_names_what_is_kept_for_a_while() -> None:
    told = (ROOT / "docs" / "operations.md").read_text()
    section = told.partition("## How long things are kept")[2].partition("\n## ")[0]
    for one in KEPT:
        name = table_of(one.table).name
        row = next((line for line in section.splitlines() if line.startswith(f"| `{name}`")), "")
        assert f"{one.lasts // timedelta(days=1)} days" in row, name
    assert f"{own.RETURN_DAYS} days" in section
    assert f"{ways_back.UNDO_DAYS} days after the merge" in section
