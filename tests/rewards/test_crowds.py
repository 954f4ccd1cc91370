"""A crowd at the shelf: threads with connections of their own, on both databases."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import func, select

from app import database
from facts.refusals import Refusal
from members.actions.record import record
from members.actions.redeem import redeem
from rewards import stock
from rewards.tables import Entry, Redemption
from tests.builders import NOW, PROGRAMME, an_order, in_force
from tests.builders import standing_of as row_of
from tests.rewards.test_redemption import REWARDS, SECRET, a_shop


@pytest.mark.feature(49)
@pytest.mark.slow
def test_a_crowd_gets_exactly_the_stock(engine: Engine) -> None:
    """R2 in short: five bags, sixty members at once."""
    with database.transaction(engine) as session:
        in_force(session, PROGRAMME.replace("rewards: []\n", REWARDS))
        orders = [an_order(f"o{i}", "20.00", at=NOW, subject=f"customer:{i}") for i in range(60)]
        record(session, orders, NOW)
        crowd = [row_of(session, str(i)).member_id for i in range(60)]

    said = _all_at_once(engine, [(me, "bag", f"tap-{i}") for i, me in enumerate(crowd)])
    assert Counter(said) == {"issued": 5, "reward_sold_out": 55}
    with database.reading(engine) as session:
        assert stock.left_of(session, "bag") == 0
        spent = session.exec(select(Entry.member_id).where(Entry.kind == "spent")).all()
        bags = session.exec(select(Redemption.member_id).where(Redemption.reward == "bag")).all()
    assert sorted(spent) == sorted(bags)
    assert len(bags) == 5


@pytest.mark.slow
def test_points_for_one_reward_buy_one(engine: Engine) -> None:
    """R3 in short: the same member, forty taps at once, some of them the same request."""
    with database.transaction(engine) as session:
        me = a_shop(session, spent="45.00")
    said = _all_at_once(engine, [(me, "coffee", f"tap-{i // 2}") for i in range(40)])
    assert said.count("issued") in (1, 2)  # the winner's twin request gets the same redemption
    assert set(said) <= {"issued", "reward_points_short"}
    with database.reading(engine) as session:
        assert session.exec(select(func.count()).select_from(Redemption)).one() == 1
        assert row_of(session).balance == 5


@pytest.mark.feature(49)
@pytest.mark.slow
def test_a_crowd_of_taps_gets_what_the_tier_may_have_in_a_year(engine: Engine) -> None:
    limit = "{per: year, most: 1, tiers: {silver: 2}}"
    cup = f"rewards:\n  - {{slug: cup, kind: gift, name: Cup, price: 1, per_period: {limit}}}\n"
    with database.transaction(engine) as session:
        in_force(session, PROGRAMME.replace("rewards: []\n", cup))
        record(
            session,
            [
                an_order(f"o{i}", spent, subject=f"customer:{i}")
                for i, spent in enumerate(("50.00", "150.00"))
            ],
            NOW,
        )
        one, other = (row_of(session, str(i)).member_id for i in range(2))
    for me, allowed in ((one, 1), (other, 2)):
        said = Counter(_all_at_once(engine, [(me, "cup", f"tap-{i}") for i in range(12)]))
        assert said == {"issued": allowed, "reward_limit_for_now": 12 - allowed}


def _all_at_once(engine: Engine, asked: list[tuple[UUID, str, str]]) -> list[str]:
    def one(ask: tuple[UUID, str, str]) -> str:
        me, slug, request = ask
        try:
            made = database.attempt(
                engine, lambda session: redeem(session, me, slug, NOW, request, SECRET).state
            )
        except Refusal as refusal:
            return refusal.code
        return str(made)

    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(one, asked))
