"""The shop that the tests of staff pages visit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from app import database, door
from members.actions.record import record
from members.programme import versions
from members.tables import Audit, Member
from tests.builders import PROGRAMME, an_order, days, in_force, standing_of

REWARDS = """rewards:
  - {slug: coffee, kind: product, name: Coffee, price: 40, prices: {gold: 30}, stock: 9}
  - {slug: mug, kind: product, name: Mug, price: 50, fulfilment: by_staff}
  - {slug: secret, kind: product, name: Secret, price: 50, tiers: [gold]}
"""


def a_shop() -> UUID:
    """A shop with three rewards and one member, Anna, who has 90 points."""
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        in_force(session, PROGRAMME.replace("rewards: []\n", REWARDS))
        record(session, [an_order("o1", "90.00", at=now - days(1))], now)
        member_id = standing_of(session).member_id
        anna = session.get(Member, member_id)
        assert anna
        anna.name = "Anna Petrova"
        session.add(anna)
    return member_id


def actions() -> list[tuple[str, str]]:
    with database.reading(door.engine()) as session:
        return list(session.exec(select(Audit.actor, Audit.action).order_by(col(Audit.seq))))


def reward(slug: str) -> Any:
    with database.reading(door.engine()) as session:
        return versions(session).latest.programme.reward(slug)
