"""R2: two processes with many connections each ask for what is on the shelf, and get exactly that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import col, func, select

from app import database
from facts.refusals import Refusal
from members.actions.record import record
from members.actions.redeem import redeem
from members.prove import prove
from members.tables import Identity
from rewards import stock
from rewards.tables import Entry, Redemption
from tests.builders import NOW, PROGRAMME, an_order, in_force
from tests.rewards.test_redemption import SECRET

PRICE, SET, PROCESSES = 10, 500, 2
SHELF = """rewards:
  - {{slug: bag, kind: product, name: Bag, price: 10, stock: {stock}}}
"""


@pytest.mark.feature(49)
@pytest.mark.slow
@pytest.mark.parametrize(
    ("left", "crowd", "connections"),
    [(7, 120, 8), pytest.param(100, 10_000, 100, marks=pytest.mark.full)],
)
def test_two_processes_give_exactly_what_there_is(
    engine: Engine, database_url: str, left: int, crowd: int, connections: int
) -> None:
    people = gather(engine, left, crowd)
    said = Counter[str]()
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        asked = [
            pool.submit(ask, database_url, people[part::PROCESSES], connections) for part in range(PROCESSES)
        ]
        for one in asked:
            said += one.result()

    assert said == {"issued": left, "reward_sold_out": crowd - left}
    with database.reading(engine) as session:
        assert stock.left_of(session, "bag") == 0
        assert session.exec(select(func.count()).select_from(Redemption)).one() == left
        spent = session.exec(select(Entry.member_id, Entry.amount).where(Entry.kind == "spent")).all()
        assert len({member for member, _ in spent}) == len(spent) == left
        assert {amount for _, amount in spent} == {-PRICE}
        assert not prove(session).flaws


def gather(engine: Engine, left: int, crowd: int) -> list[UUID]:
    """Members of a shop, each with the points for one bag."""
    with database.transaction(engine) as session:
        in_force(session, PROGRAMME.replace("rewards: []\n", SHELF.format(stock=left)))
    for start in range(0, crowd, SET):
        orders = [
            an_order(f"o{n}", "10.00", at=NOW, subject=f"customer:{n}")
            for n in range(start, min(crowd, start + SET))
        ]
        database.attempt(engine, lambda session, orders=orders: record(session, orders, NOW))
    with database.reading(engine) as session:
        people = session.exec(select(Identity.member_id).order_by(col(Identity.key))).all()
    assert len(people) == crowd
    return list(people)


def ask(url: str, people: Sequence[UUID], connections: int) -> Counter[str]:
    """In a process of its own: each of these people taps once, so many at a time."""
    database.POOL_SIZE = connections
    engine = database.engine(url)

    def one(me: UUID) -> str:
        try:
            made = database.attempt(engine, lambda session: redeem(session, me, "bag", NOW, str(me), SECRET))
        except Refusal as refusal:
            return refusal.code
        return str(made.state)

    try:
        with ThreadPoolExecutor(connections) as pool:
            return Counter(pool.map(one, people))
    finally:
        engine.dispose()
