"""The shop that the tests of staff pages visit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app import database, door
from members.actions.rarity import count_awards, count_holders
from members.actions.record import record
from members.programme import versions
from members.tables import Audit, Member
from tests.builders import PROGRAMME, an_order, days, in_force, standing_of

REWARDS = """rewards:
  - {slug: coffee, kind: product, name: Coffee, price: 40, prices: {gold: 30}, stock: 9}
  - {slug: mug, kind: product, name: Mug, price: 50, fulfilment: by_staff}
  - {slug: secret, kind: product, name: Secret, price: 50, tiers: [gold]}
"""

GAMES = """
badges:
  - {slug: first, name: {en: First order}, criterion: {kind: count, at_least: 1}, prizes: [{points: 20}], order: 1}
  - slug: regular
    name: Regular
    criterion: {kind: count, at_least: 2}
    levels: [2, 3, 50]
    prizes: [{points: 30}, {points: 50}]
    order: 2
  - {slug: founder, name: Founder, criterion: {kind: manual}, edition: 5, secret: true, order: 3}
  - {slug: spring, name: Spring, criterion: {kind: count, at_least: 1}, opens: "2999-03-01T00:00:00Z", order: 4}
  - {slug: autumn, name: Autumn, criterion: {kind: count, at_least: 1}, closes: "2020-12-01T00:00:00Z", order: 5}
  - {slug: sleepy, name: Sleepy, criterion: {kind: count, at_least: 1}, paused: true, order: 6}
  - {slug: gone, name: Gone, criterion: {kind: count, at_least: 1}, retired: true, order: 0}
challenges:
  - slug: spender
    name: Spender
    criterion: {kind: sum, at_least: "100"}
    budget: 1000
    milestones: [{at: "50", prize: {points: 5}}, {at: "100", prize: {points: 10}}]
"""


def a_shop() -> UUID:
    """A shop with three rewards and one member, Anna, who has 90 points."""
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        in_force(session, PROGRAMME.replace("rewards: []\n", REWARDS))
        record(session, [an_order("o1", "90.00", at=now - days(1))], now)
        return called_anna(session)


def called_anna(session: Session) -> UUID:
    """The one member there is has a name from now on."""
    member_id = standing_of(session).member_id
    anna = session.get(Member, member_id)
    assert anna
    anna.name = "Anna Petrova"
    session.add(anna)
    return member_id


def a_game() -> UUID:
    """A shop with seven badges and a challenge, and two members: the first bought three times, the second once."""
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        in_force(session, PROGRAMME + GAMES)
        orders = [an_order(f"o{n}", "40.00", at=now - days(9 - n)) for n in range(3)]
        record(session, [*orders, an_order("p1", "10.00", at=now - days(1), subject="customer:2")], now)
        count_holders(session, now)
        count_awards(session, now)
        return standing_of(session).member_id


def actions() -> list[tuple[str, str]]:
    with database.reading(door.engine()) as session:
        return list(session.exec(select(Audit.actor, Audit.action).order_by(col(Audit.seq))))


def reward(slug: str) -> Any:
    with database.reading(door.engine()) as session:
        return versions(session).latest.programme.reward(slug)
