"""Random lives in which members bring each other, compared with the plain oracle after each operation.

R5: 450 operations a database in the daily tests, 18,900 a database in the long campaign.
"""

from __future__ import annotations

from dataclasses import fields

import pytest
from sqlmodel import Session

from tests.builders import in_force
from tests.model.budget import Budget
from tests.model.friends import Friends, Inviting
from tests.model.programmes import PROGRAMMES
from tests.model.referred import Offer
from tests.model.shelf import Shelf
from tests.model.terms import Terms

OFFERS = {
    "calendar": Offer(
        hold_days=14, order_min=2000, late_days=60, friend_days=20, milestones=((2, 40), (3, 70))
    ),
    "rolling": Offer(late_days=90, most=1, milestones=((2, 25),)),
    "orders": Offer(joining=True, hold_days=3, late_days=30, most=1, monthly=True),
}


def inviting(terms: Terms, offer: Offer) -> Inviting:
    return Inviting(**{one.name: getattr(terms, one.name) for one in fields(terms)}, offer=offer)


INVITING = {name: inviting(PROGRAMMES[name], offer) for name, offer in OFFERS.items()}


def live(
    session: Session,
    terms: Inviting,
    seed: int,
    operations: int,
    budget: Budget | None = None,
    shelf: Shelf | None = None,
) -> Friends:
    """One life; what a budget gave in the lives before it stays given."""
    life = Friends(session, terms, seed, budget=budget or Budget(), shelf=shelf or Shelf())
    for _ in range(operations):
        life.step()
    life.check_everything()
    return life


@pytest.mark.feature(21)
@pytest.mark.parametrize("name", INVITING)
def test_what_friends_bring_is_what_the_oracle_says(session: Session, name: str) -> None:
    terms = INVITING[name]
    in_force(session, terms.text())
    life = live(session, terms, seed=1, operations=150)
    asked = (
        {"paid"}
        | ({"full"} if terms.offer.most else set())
        | ({"milestone"} if terms.offer.milestones else set())
    )
    assert asked <= life.done.keys(), f"too little: {life.done}"


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100, 121))
@pytest.mark.parametrize("name", INVITING)
def test_thousands_of_random_operations(session: Session, name: str, seed: int) -> None:
    """21 seeds of 3 programmes, 300 operations each: 18,900 on each database."""
    in_force(session, INVITING[name].text())
    budget, shelf = Budget(), Shelf()
    for part in range(3):
        live(session, INVITING[name], seed=seed * 1000 + part, operations=100, budget=budget, shelf=shelf)
