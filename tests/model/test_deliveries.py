"""R4: the same event many times at once, and the news of one order in every order of arrival."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app import database
from facts.events import Fact
from members.actions.record import record
from members.prove import prove
from members.tables import Claim, FactRow, Member, Standing
from rewards.tables import Entry
from tests.builders import NOW, PROGRAMME, a_fact, a_refund, an_order, days, in_force
from tests.members.test_law import state

CROWD = 24


def at_once(engine: Engine, deliveries: list[Fact]) -> Counter[tuple[str, str]]:
    """Every delivery in a transaction of its own, all let go together; how often each id had which answer."""
    gate = Barrier(min(CROWD, len(deliveries)))

    def deliver(fact: Fact) -> tuple[str, str]:
        gate.wait(30)
        (outcome,) = database.attempt(engine, lambda session: record(session, [fact], NOW))
        return fact.id, str(outcome.status)

    with ThreadPoolExecutor(CROWD) as crowd:
        return Counter(crowd.map(deliver, deliveries))


def rows(engine: Engine) -> tuple[int, int, int, int]:
    """Members, facts, entries and claims."""
    with database.reading(engine) as session:
        tables = (Member.member_id, FactRow.fact_id, Entry.seq, Claim.key)
        first, second, third, fourth = (len(session.exec(select(table)).all()) for table in tables)
    return first, second, third, fourth


def shop(engine: Engine) -> None:
    with database.transaction(engine) as session:
        in_force(session, PROGRAMME)


@pytest.mark.feature(21)
@pytest.mark.parametrize("times", [CROWD * 2, pytest.param(1008, marks=pytest.mark.full)])
def test_one_event_delivered_many_times_at_once_has_one_effect(engine: Engine, times: int) -> None:
    """By somebody whom nobody knows yet: the member too is made once."""
    shop(engine)
    order = an_order("A", "120.00", at=NOW)
    said = at_once(engine, [order] * times)
    assert said == {("paid-A", "recorded"): 1, ("paid-A", "duplicate"): times - 1}
    assert rows(engine) == (1, 1, 1, 2)
    with database.reading(engine) as session:
        standing = session.exec(select(Standing)).one()
        assert (standing.balance, standing.tier) == (120, "silver")
        assert prove(session).flaws == []


@pytest.mark.feature(21)
def test_the_news_of_several_orders_delivered_at_once_all_count_once(engine: Engine) -> None:
    """Eight facts about four orders of one newcomer, each six times, on as many connections."""
    shop(engine)
    facts = [an_order(f"o{i}", "10.00", "5.00", at=NOW - days(9 - i)) for i in range(4)]
    facts += [a_refund(f"o{i}", ("2", "5.00"), at=NOW - days(1)) for i in range(4)]
    said = at_once(engine, facts * 6)
    assert said == Counter({(fact.id, "recorded"): 1 for fact in facts}) + Counter(
        {(fact.id, "duplicate"): 5 for fact in facts}
    )
    with database.reading(engine) as session:
        assert session.exec(select(Standing.balance)).all() == [40]
        assert prove(session).flaws == []


# Of 105.50 come back 45.50, 20.00 and 7.77. The 0.40 paid with points are 0.23 and 0.17 of the lines; of 0.23 stay 0.15
# (40.00 of 60.00) and then 0.12 (32.23 of 40.00). So 32.11 earn 32, 12 points stay spent, and with 80 + 32 earned the
# order after it is bought at Silver: 33.00 × 1.5.
AFTER_THE_RETURNS = 32 - 12 + 49


def news(source: str) -> list[Fact]:
    """What is told about an order: placed, paid, a part back, by amount back, the rest back, called off."""
    lines = ("60.00", "45.50")
    cancel = a_fact("order.cancelled", {"order_id": "A"}, at=NOW - days(1), id="cancel", source=source)
    return [
        an_order("A", *lines, at=NOW - days(9), source=source, points_paid="0.40"),
        a_refund("A", ("1", "20.00"), at=NOW - days(7), id="part", source=source),
        a_refund("A", ("2", "45.50"), at=NOW - days(5), id="line", source=source),
        a_fact("order.placed", an_order("A", *lines).data, at=NOW - days(10), id="placed", source=source),
        a_refund("A", at=NOW - days(3), id="amount", amount="7.77", source=source),
        cancel,
    ]


def around(source: str) -> list[Fact]:
    """An order before, whose points paid for it, and one after, which a tier reprices."""
    return [
        an_order("before", "80.00", at=NOW - days(20), source=source),
        an_order("after", "33.00", at=NOW - days(2), source=source),
    ]


@pytest.mark.feature(21)
@pytest.mark.feature(29)
@pytest.mark.parametrize("cancelled", [False, True], ids=["kept", "cancelled"])
@pytest.mark.parametrize("many", [4, pytest.param(6, marks=pytest.mark.full)])
def test_every_order_of_arrival_of_an_orders_news_ends_in_the_same_state(
    session: Session, many: int, cancelled: bool
) -> None:
    in_force(session, PROGRAMME)
    chosen = range(6) if many == 6 else ((0, 1, 2, 5) if cancelled else (0, 1, 2, 4))
    if many == 6 and not cancelled:
        chosen = range(5)
    ends = []
    for number, order in enumerate(permutations(chosen)):
        source = f"s{number}"
        before, after = around(source)
        told = news(source)
        for fact in (before, *(told[i] for i in order[:2]), after, *(told[i] for i in order[2:])):
            (outcome,) = record(session, [fact], NOW)
            assert outcome.status == "recorded", (order, outcome)
        ends.append(state(session, source))
    assert all(end == ends[0] for end in ends), [i for i, end in enumerate(ends) if end != ends[0]]
    assert ends[0]["balance"] == 80 + (33 if cancelled else AFTER_THE_RETURNS)
    assert prove(session).flaws == []
