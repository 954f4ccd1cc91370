"""Random lives of members, told to the engine one fact at a time and compared with the plain oracle after each.

R5: 900 operations a database in the daily tests, 105,300 a database in the long campaign. After each operation the
member's standing (available, pending, held and owed of each wallet, tier and its end) and their badges and milestones
are compared; after each twelfth also every lot of every member, and all laws of the ledger by `prove`. What a checkout
may take, and whether a gift, a reward or a payment is refused, is asked of the oracle first. In the course of the first
life a second version is published, and what it counts from the beginning is given to everybody.
"""

from __future__ import annotations

import pytest
from sqlmodel import Session

from tests.builders import in_force
from tests.model.budget import Budget
from tests.model.giver import Giver
from tests.model.lasting import Lasting
from tests.model.terms import Cash, Paying, Terms

QUARTERS = ("03-31", "06-30", "09-30", "02-29")
CASH = Cash(Lasting(days=40), limit=300, paying=Paying(share=60, minimum=5))
PROGRAMMES = {
    "calendar": Terms(lasting=Lasting("calendar", dates=QUARTERS, days_min=20), limit=40, budget=150, perks=True,
                      cash=CASH, paying=Paying(share=50, step=10, minimum=20, ceiling=30), gifts_per_day=60),
    "rolling": Terms(pending_days=3, lasting=Lasting(months=1), policy="zero", window="rolling", downgrade="one_step",
                     grace=5, cap_per_day=150, cap_per_week=260, worth=200, paying=Paying(most=400), per_week=1,
                     cash=Cash(Lasting(months=1, round_to="month"), pending_days=2, policy="zero", cap_per_week=2500)),
    "strict": Terms(lasting=Lasting("never"), policy="refuse", keep="next_year", downgrade="none", review_cap=60,
                    cash=Cash(Lasting("never"), policy="refuse"), paying=Paying(share=80), gifts_per_day=100),
    "spend": Terms(pending_days=1, delivered_days=6, lasting=Lasting(months=2, round_to="quarter"), basis="spend",
                   window="rolling", window_months=3, gift_days=("mon", "wed", "sat"), per_week=2, perks=True),
    "orders": Terms(delivered_days=4, lasting=Lasting("inactivity", days=20, activities=("paid", "review")),
                    basis="orders", window="anniversary", budget=400, cap_per_week=300, gifts_per_day=80, worth=300,
                    cash=CASH, paying=Paying(step=3, gold=250), perks=True),
    "lifetime": Terms(lasting=Lasting("inactivity", months=1, round_to="month", activities=("paid", "redeem")),
                      window="lifetime", policy="zero", gifts_per_day=50, per_week=1, paying=Paying(share=30)),
}  # fmt: skip


def live(session: Session, terms: Terms, seed: int, operations: int, budget: Budget | None = None) -> Giver:
    """One life; what a budget gave in the lives before it stays given."""
    life = Giver(session, terms, seed, budget=budget or Budget())
    for _ in range(operations):
        life.step()
    life.check_everything()
    return life


def asked_of(terms: Terms) -> set[str]:
    """What must have happened in a life under these terms."""
    found = {"refused"} if terms.policy == "refuse" else set()
    found |= {"check_out", "place", "paid_for"} if terms.paying else set()
    return found | ({"give", "take"} if terms.gifts_per_day else set())


@pytest.mark.feature(21)
@pytest.mark.feature(22)
@pytest.mark.parametrize("name", PROGRAMMES)
def test_random_lives_are_what_the_oracle_says(session: Session, name: str) -> None:
    terms = PROGRAMMES[name]
    in_force(session, terms.text())
    life = live(session, terms, seed=1, operations=150)
    assert len(life.done) >= 15, f"too little happened: {life.done}"
    assert asked_of(terms) <= life.done.keys(), f"too little happened: {life.done}"
    assert len(life.won) >= 10, f"too little was won: {life.won}"
    assert bool(life.budget.given) == bool(terms.budget)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100, 127))
@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_hundred_thousand_random_operations(session: Session, name: str, seed: int) -> None:
    """27 seeds of 6 programmes, 650 operations each: 105,300 on each database. Every fourth seed is one long life."""
    in_force(session, PROGRAMMES[name].text())
    lives, budget = [650] if seed % 4 == 0 else [130] * 5, Budget()
    for part, operations in enumerate(lives):
        live(session, PROGRAMMES[name], seed=seed * 1000 + part, operations=operations, budget=budget)
