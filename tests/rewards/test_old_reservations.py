"""What was reserved before rewards said for how long they wait is not held for ever."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from rewards.redemption import State
from rewards.tables import Redemption
from tests.builders import NOW

MEMBER = UUID(int=7)
LATER = NOW + timedelta(days=400)  # nobody loses what they have on the day of the upgrade
migration: Any = import_module("app.migrations.versions.m0014_held_days")


def a_reservation(number: int, state: State, **more: Any) -> Redemption:
    return Redemption(member_id=MEMBER, redemption_id=UUID(int=number), request_id=str(number), reward="mug",
                      version=1, price=50, state=state, reserved_at=NOW, **more)  # fmt: skip


def test_each_waits_as_long_as_one_that_does_not_say(engine: Engine) -> None:
    soon = NOW + timedelta(days=3)
    with Session(engine) as session:
        session.add(a_reservation(1, State.RESERVED))
        session.add(a_reservation(2, State.RESERVED, expires_at=soon))
        session.add(a_reservation(3, State.USED))
        session.commit()
    with engine.begin() as connection:
        migration.wait(connection, LATER)
        migration.wait(connection, LATER + timedelta(days=1))
    with Session(engine) as session:
        found = session.exec(select(Redemption.expires_at).order_by(col(Redemption.redemption_id))).all()
    assert found == [LATER + timedelta(days=30), soon, None]
