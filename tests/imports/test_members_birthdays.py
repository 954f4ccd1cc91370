"""The birthdays of members who came over: told to the shop in time, and paid when somebody has joined."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app import database
from members.actions import joining, occasions
from members.programme import apply, load
from tests.imports.moving import ANN, BEN, HEADER, NOW, PROGRAMME, a_house

RULE = "earning:\n  - {kind: fixed_points, slug: birthday, on: member.birthday, points: 50}\n"
DAN = BEN.replace("901,ben@", "903,dan@").replace("Ben Dunn,", "Dan,1990-02-28")  # who never joins
DAY = datetime(2027, 2, 28, 12, tzinfo=UTC)


@pytest.mark.feature(16)
def test_a_birthday_that_came_over_is_paid_to_who_has_joined_since(
    engine: Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGULARS_SECRET", "a secret of the tests of moving in")
    house = a_house(engine, database_url, tmp_path)
    house.move(HEADER + ANN + DAN)
    ann = house.person("email:ann@example.com")
    with database.transaction(engine) as session:
        apply(session, load(PROGRAMME.replace("earning:\n", RULE)), base=1, actor="staff:test", now=NOW)
        joined = joining.join(session, "email:ann@example.com", joining.Wish("en"), NOW)
        assert joined == ann.member.member_id
        paid = [occasions.birthdays(session, DAY + timedelta(days=days))[0] for days in (-1, 0, 1)]
    assert paid == [0, 1, 0]
    assert ann.points == 1500
    assert house.person("email:ann@example.com").points == 1200 + 50, "300 were good until the new year"
    house.proven()
