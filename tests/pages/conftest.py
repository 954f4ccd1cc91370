"""A shop with a member whose pages are open: handlers are called as a browser's events would call them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from reflex.istate.data import RouterData
from reflex.state import State
from sqlalchemy import event
from sqlmodel import Session, select

from app import database, door
from members import sessions
from members.actions.record import record
from members.programme import apply
from members.roles import MEMBER, Person
from members.tables import Identity
from tests.builders import a_fact, an_order, loaded

NOW = datetime.now(UTC)

SHOP = """
regulars: 1
name: {en: Corner Shop, ru: Лавка, ar: دكان}
currency: USD
timezone: America/New_York
languages: [en, ru, ar]
points:
  value: {points: 100, money: "1.00"}
  pending_days: 14
  expiry: {kind: rolling, months: 12}
earning:
  - {kind: multiply, slug: double-bread, name: Double on bread, where: {categories: [BREAD]}, factor: 2}
  - {kind: points_per_money, slug: base, name: Shopping, points: 1, per: "1.00"}
  - {kind: exclude, slug: no-fuel, where: {categories: [FUEL]}}
  - {kind: fixed_points, slug: review, on: review.posted, points: 40, pending_days: 0, cap_per_day: 40}
tiers:
  basis: points_earned
  window: {kind: rolling, months: 12}
  levels:
    - {slug: member, name: {en: Member, ru: Участник}, threshold: 0}
    - {slug: silver, name: {en: Silver, ru: Серебро}, threshold: 1000, multiplier: 1.5}
rewards:
  - {slug: coffee, kind: product, name: {en: A coffee, ru: Кофе}, price: 300, icon: coffee}
  - {slug: tote, kind: product, name: A bag, price: 320, fulfilment: by_staff, stock: 1}
  - {slug: dinner, kind: product, name: A dinner, price: 900}
  - {slug: party, kind: product, name: A party, price: 100, tiers: [silver]}
"""


@dataclass
class House:
    """The shop of a test; `mira` has 400 points to spend and 62 on their way."""

    mira: UUID

    def visit(self, kind: Any, address: str = "/", who: str = "mira") -> Any:
        """The State of a page that somebody has open: "mira", "staff", or nobody."""
        cookie = ""
        if who:
            person = Person(str(self.mira), MEMBER) if who == "mira" else Person("kim", "owner")
            with database.transaction(door.engine()) as session:
                token, _ = sessions.start(session, person, datetime.now(UTC))
            cookie = f"{door.COOKIE}={token}"
        root = State(_reflex_internal_init=True)  # type: ignore[call-arg]
        headers = {"cookie": cookie, "origin": "http://localhost:3000"}
        root.router_data = {"headers": headers, "pathname": address, "query": {}, "asPath": address}
        root.router = RouterData.from_router_data(root.router_data)
        return root.get_substate(kind.get_full_name().split("."))


async def call(state: Any, handler: str, *values: Any) -> None:
    """What an event of the browser does."""
    found = type(state).event_handlers[handler].fn(state, *values)
    if found is not None:
        await found


@contextmanager
def asked() -> Iterator[list[str]]:
    """What the database is asked meanwhile; of PostgreSQL the driver hears what SQLAlchemy is not told of."""
    seen: list[str] = []
    engine, plain = door.engine(), psycopg.Cursor[Any].execute

    def hear(_: Any, __: Any, statement: str, *rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append(statement)

    def execute(cursor: psycopg.Cursor[Any], statement: Any, *rest: Any, **more: Any) -> Any:
        hear(None, None, str(statement))
        return plain(cursor, statement, *rest, **more)

    with pytest.MonkeyPatch.context() as patched:
        if engine.dialect.name == "postgresql":
            patched.setattr(psycopg.Cursor, "execute", execute)
        else:
            event.listen(engine, "before_cursor_execute", hear)
        try:
            yield seen
        finally:
            if engine.dialect.name == "sqlite":
                event.remove(engine, "before_cursor_execute", hear)


@pytest.fixture
def house(house: Path) -> House:
    """The programme is in force; Mira has shopped."""
    with database.transaction(door.engine()) as session:
        apply(session, loaded(SHOP), base=None, actor="test", now=NOW)
        return House(_mira(session))


def _mira(session: Session) -> UUID:
    bread = {
        "line_id": "2",
        "sku": "b",
        "name": "Rye bread",
        "category": ["BREAD"],
        "quantity": "2",
        "amount": "20.00",
    }
    fuel = {
        "line_id": "3",
        "sku": "f",
        "name": "Diesel",
        "category": ["FUEL"],
        "quantity": "1",
        "amount": "50.00",
    }
    facts = [
        an_order("old", "400.00", at=NOW - timedelta(days=100)),
        an_order("new", "22.40", bread, fuel, at=NOW - timedelta(days=3)),
    ]
    assert [outcome.status for outcome in record(session, facts, NOW)] == ["recorded", "recorded"]
    return session.exec(select(Identity.member_id)).first()  # type: ignore[return-value]


def post(fact: Any) -> None:
    """Something happens."""
    with database.transaction(door.engine()) as session:
        assert [one.status for one in record(session, [fact], datetime.now(UTC))] == ["recorded"]


def a_review() -> Any:
    """A review by Mira, worth forty points at once."""
    return a_fact("review.posted", {"review_id": "r1"}, at=datetime.now(UTC), id="review-1")


async def in_background(state: Any, handler: str) -> None:
    """What a background event of the browser does."""
    handlers: Any = type(state).event_handlers
    await handlers[handler].fn(Open(state))


class Open:
    """A State as a background handler sees it: changed inside `async with` only."""

    def __init__(self, state: Any) -> None:
        object.__setattr__(self, "state", state)

    async def __aenter__(self) -> Any:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "state"), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(object.__getattribute__(self, "state"), name, value)
