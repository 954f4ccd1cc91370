"""FEATURES 78 from outside: what all bring by HTTP adds up, one's own part is told, and reached it is paid to all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app import database
from app.jobs.goals import follow_goals
from badges.goal_tables import GoalPart, GoalTotal
from facts.language import codes, language
from members.actions.goals import gather, pay
from members.game_cards import GoalCard
from members.programme import Programme, presets
from members.prove import prove
from members.standing import member_of
from members.tables import Audit
from members.views.challenges import challenges
from rewards.tables import Entry
from tests.api.conftest import Shop
from tests.api.shop import SOURCE, a_client, a_programme, an_order, without_waiting

pytestmark = [pytest.mark.anyio, pytest.mark.feature(78)]

GOAL: dict[str, Any] = {
    "slug": "together", "name": {"en": "A hundred baskets", "ru": "Сто корзин", "ar": "مئة سلة"},
    "criterion": {"kind": "count", "at_least": 2}, "target": "10", "closes": "2999-01-01T00:00:00Z",
    "prize": {"points": 70, "expires_days": 30},
}  # fmt: skip


def with_goals(*goals: dict[str, Any]) -> Programme:
    """The grocer's programme with these goals."""
    plain = without_waiting(presets.preset("grocery", datetime.now(UTC)))
    return Programme.model_validate(plain.model_dump(mode="json") | {"goals": list(goals)})


@pytest.fixture
async def shop(engine: Any) -> Any:
    with a_programme(engine, with_goals(GOAL)):
        async with a_client(engine) as client:
            yield Shop(engine, client)


async def buy(shop: Shop, key: dict[str, str], customer: str, *names: str) -> None:
    """Orders of a dollar each: ten points."""
    for name in names:
        answer = await shop.post(an_order("1.00", order_id=f"{customer}-{name}", customer=customer), key=key)
        assert answer.status_code in (200, 202)


def follow(shop: Shop) -> int:
    return follow_goals(shop.engine, datetime.now(UTC))


def seen(shop: Shop, customer: str, code: str = "en") -> GoalCard:
    with database.reading(shop.engine) as session:
        return challenges(session, whose(session, customer), datetime.now(UTC), language(code)).goals[0]


def whose(session: Session, customer: str) -> Any:
    found = member_of(session, SOURCE, f"customer:{customer}")
    assert found
    return found


def prizes(shop: Shop) -> int:
    """How many entries say that the goal was paid; the ledger holds meanwhile."""
    with database.reading(shop.engine) as session:
        assert prove(session).flaws == []
        rows = session.exec(select(Entry).where(col(Entry.cause).like("prize|%goal:together%"))).all()
        return sum(1 if row.kind == "earned" else -1 for row in rows)


def total(shop: Shop) -> tuple[int, int, bool]:
    with database.reading(shop.engine) as session:
        row = session.exec(select(GoalTotal)).one()
        parts = session.exec(select(GoalPart)).all()
        assert row.total == sum(part.part for part in parts)
        return row.total, row.members, row.reached_at is not None


async def test_everybodys_progress_and_mine_and_paid_when_reached(shop: Shop) -> None:
    key = shop.key()
    await buy(shop, key, "1", "a", "b", "c")
    await buy(shop, key, "2", "a")
    assert follow(shop) == 2
    assert follow(shop) == 0, "nothing is gathered twice"
    card = seen(shop, "1")
    assert (card.name, card.state, card.percent) == ("A hundred baskets", "open", 40)
    assert (card.progress, card.mine) == ("4 of 10 orders", "Your part: 3 of 10 orders")
    assert card.gives == "For everybody who takes part: 70 points"
    assert seen(shop, "2").mine == "You have 1 of 2 orders to take part"
    await buy(shop, key, "3", "a", "b", "c", "d", "e", "f")
    follow(shop)
    assert total(shop) == (10, 3, True)
    assert prizes(shop) == 2, "the second member brought one, and two are asked for"
    assert [(await shop.standing(key, f"customer:{n}"))["available"] for n in (1, 2, 3)] == [100, 10, 130]
    card = seen(shop, "1")
    assert (card.state, card.percent, card.progress) == ("reached", 100, "10 of 10 orders")
    assert card.status.startswith("Reached on ")
    for code in codes():
        told = seen(shop, "1", code)
        assert told.name == GOAL["name"][code]
        assert (told.mine == card.mine) == (code == "en")


async def test_reached_once_it_stays_so_and_nobody_is_paid_twice(shop: Shop) -> None:
    key = shop.key()
    await buy(shop, key, "1", *"abcdefghij")
    follow(shop)
    assert (total(shop), prizes(shop)) == ((10, 1, True), 1)
    refund = {
        "order_id": "1-a",
        "refund_id": "r",
        "lines": [{"line_id": "1", "quantity": "1", "amount": "1.00"}],
    }
    await shop.post(an_order(kind="order.refunded", customer="1") | {"data": refund}, key=key)
    assert follow(shop) == 1
    assert (total(shop), prizes(shop)) == ((9, 1, True), 1)
    assert seen(shop, "1").state == "reached"
    await buy(shop, key, "2", "a", "b")
    follow(shop)
    assert (total(shop), prizes(shop)) == ((11, 2, True), 1), "who comes later comes too late"
    with database.reading(shop.engine) as session:
        reached = session.exec(select(Audit).where(Audit.action == "goal.reached")).all()
        assert len(reached) == 1


def killed(shop: Shop, work: Callable[[Session], int]) -> None:
    """Do some work, and be gone before it is committed."""

    def dying() -> None:
        with database.transaction(shop.engine) as session:
            assert work(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        dying()


async def test_two_who_gather_and_pay_at_once_and_one_who_is_killed_pay_each_once(shop: Shop) -> None:
    key = shop.key()
    for n in range(12):
        await buy(shop, key, str(n), "a", "b")
    killed(shop, lambda session: gather(session, datetime.now(UTC)))
    await asyncio.gather(*(asyncio.to_thread(follow, shop) for _ in range(3)))
    assert total(shop) == (24, 12, True)
    with database.transaction(shop.engine) as session:
        name = session.exec(select(GoalTotal.goal)).one()
        for part in session.exec(select(GoalPart)).all():
            part.paid = False
            session.add(part)
    killed(shop, lambda session: pay(session, name, datetime.now(UTC), limit=5))
    follow(shop)
    assert prizes(shop) == 12


async def test_facts_outside_its_time_bring_nothing(engine: Any) -> None:
    opened = GOAL | {"opens": "2020-06-01T00:00:00Z", "closes": "2020-07-01T00:00:00Z"}
    with a_programme(engine, with_goals(opened)):
        async with a_client(engine) as client:
            shop = Shop(engine, client)
            key = shop.key()
            await buy(shop, key, "1", "a", "b")
            inside = an_order("1.00", customer="1") | {"time": "2020-06-30T23:59:59Z"}
            await shop.post(inside, key=key)
            follow(shop)
            assert total(shop) == (1, 1, False)
            with database.reading(engine) as session:
                assert challenges(session, whose(session, "1"), datetime.now(UTC), language("en")).goals == ()
