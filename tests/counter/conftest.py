"""A shop with a counter: a cashier's browser, Anna with 400 points and a card, and two rewards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlmodel import Session, col, select
from starlette.applications import Starlette

from app import database, door, limits
from app.public import counter
from members import card_codes, sessions
from members.actions import card, joining
from members.actions.record import record
from members.roles import MEMBER, Person
from members.tables import Audit, Member, Standing
from members.way_tables import Letter
from tests.builders import PROGRAMME, an_order, days, in_force

NOW = datetime.now(UTC).replace(microsecond=0)
ANNA = "email:anna@shop.example"
REWARDS = """rewards:
  - {slug: coffee, kind: product, name: Free coffee, price: 300}
  - {slug: mug, kind: product, name: Mug, price: 50, fulfilment: by_staff, stock: 1}
  - {slug: post, kind: free_delivery, name: Post, price: 10}
safety: {fresh_above: 350}
"""
SHOP = PROGRAMME.replace("rewards: []\n", REWARDS)


@dataclass
class Counter:
    """What a cashier's page asks; `anna` is who stands before it."""

    client: httpx.AsyncClient
    anna: UUID

    async def ask(self, path: str, **body: Any) -> httpx.Response:
        """One request, as the page sends it."""
        return await self.client.post(f"/counter/{path}", json=body)

    async def sell(self, amount: str, **more: Any) -> dict[str, Any]:
        """A purchase of Anna's."""
        body = {"request": str(uuid4()), "member": str(self.anna), "amount": amount, "age": 0} | more
        answer = await self.ask("purchase", **body)
        assert answer.status_code == 200, answer.text
        return answer.json()["sale"]

    def scanned(self) -> str:
        """What Anna's card shows now, as it was never shown before."""
        now = datetime.now(UTC)
        with database.transaction(door.engine()) as session:
            mine = card.mine(session, self.anna, door.secret(), now)
        return f"{mine.number}.{card_codes.code_at(mine.key, card_codes.step_at(now))}"

    def balance(self) -> int:
        """What Anna has, by the books."""
        with database.reading(door.engine()) as session:
            return session.get_one(Standing, self.anna).balance


def token(role: str, who: str = "kim") -> str:
    """A session of one of the staff, or of the member `who`."""
    with database.transaction(door.engine()) as session:
        return sessions.start(session, Person(who, role), datetime.now(UTC))[0]


def noted(action: str) -> list[tuple[str, str]]:
    """Who did this to what, by the audit."""
    with database.reading(door.engine()) as session:
        rows = session.exec(select(Audit).where(Audit.action == action).order_by(col(Audit.seq)))
        return [(row.actor, row.object) for row in rows]


def letters() -> list[Letter]:
    """What was posted."""
    with database.reading(door.engine()) as session:
        return list(session.exec(select(Letter)))


def open_shop(session: Session) -> UUID:
    """The programme is in force, and Anna has joined and shopped."""
    in_force(session, SHOP)
    anna = joining.join(session, ANNA, joining.Wish(), NOW)
    record(session, [an_order("o1", "400.00", at=NOW - days(1), subject=ANNA)], NOW)
    row = session.get_one(Member, anna)
    row.name = "Anna Petrova"
    session.add(row)
    return anna


@pytest.fixture
async def counter_of_kim(house: Path) -> AsyncIterator[Counter]:
    """The page of a cashier, Kim."""
    limits.forget()
    with database.transaction(door.engine()) as session:
        anna = open_shop(session)
    app = Starlette(routes=counter.routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test") as client:
        client.cookies.set(door.COOKIE, token("cashier"))
        yield Counter(client, anna)
    limits.forget()


def as_member(anna: UUID) -> str:
    """A session of Anna's own."""
    return token(MEMBER, str(anna))
