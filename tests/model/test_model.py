"""Random lives of members, told to the engine one fact at a time and compared with the plain oracle after each.

R5: 1,270 operations a database in the daily tests, 104,650 a database in the long campaign. After each operation the
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
from tests.model.programmes import PROGRAMMES
from tests.model.shelf import Shelf
from tests.model.terms import Terms

FOCI: dict[str, set[str]] = {  # what some lives are about, and what must have happened in them
    "everything": set(),
    "rewards": {"reward_limit_for_now", "reward_sold_out", "redemption_final", "issue", "use"},
    "days": {"birthday", "birthday_fixed"},
    "checkouts": {"paid_for", "give-up"},
}
KINDS = {
    "rewards": ["redeem", "settle", "count", "adjust"],
    "days": ["visit", "say", "celebrate"],
    "checkouts": ["check_out", "paid_for", "place"],
}


def live(
    session: Session,
    terms: Terms,
    seed: int,
    operations: int,
    budget: Budget | None = None,
    shelf: Shelf | None = None,
    focus: str = "everything",
) -> Giver:
    """One life; what a budget gave and what was taken from the shelf in the lives before it stays so."""
    life = Giver(session, terms, seed, budget=budget or Budget(), shelf=shelf or Shelf())
    life.focus = KINDS.get(focus, ())
    for _ in range(operations):
        life.step()
    life.check_everything()
    return life


def asked_of(terms: Terms) -> set[str]:
    """What must have happened in a life under these terms."""
    found = {"refused"} if terms.policy == "refuse" else set()
    found |= {"check_out", "place", "paid_for"} if terms.paying else set()
    found |= {"welcomed"} if terms.perks else set()
    return found | ({"give", "take"} if terms.gifts_per_day else set())


@pytest.mark.feature(21)
@pytest.mark.feature(22)
@pytest.mark.parametrize("name", PROGRAMMES)
def test_random_lives_are_what_the_oracle_says(session: Session, name: str) -> None:
    terms = PROGRAMMES[name]
    in_force(session, terms.text())
    life = live(session, terms, seed=1, operations=130)
    assert len(life.done) >= 15, f"too little happened: {life.done}"
    assert asked_of(terms) <= life.done.keys(), f"too little happened: {life.done}"
    assert len(life.won) >= 10, f"too little was won: {life.won}"
    assert bool(life.budget.given) == bool(terms.budget)


@pytest.mark.feature(22)
@pytest.mark.parametrize(
    ("name", "focus", "seed"), [("spend", "rewards", 4), ("several", "days", 7), ("orders", "checkouts", 2)]
)
def test_lives_that_are_about_one_thing(session: Session, name: str, focus: str, seed: int) -> None:
    in_force(session, PROGRAMMES[name].text())
    life = live(session, PROGRAMMES[name], seed=seed, operations=120, focus=focus)
    assert FOCI[focus] <= life.done.keys(), f"too little happened: {life.done}"


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100, 123))
@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_hundred_thousand_random_operations(session: Session, name: str, seed: int) -> None:
    """23 seeds of 7 programmes, 650 operations each: 104,650 on each database. Every fifth seed is one long life."""
    in_force(session, PROGRAMMES[name].text())
    focus = list(FOCI)[seed % len(FOCI)]
    lives, budget, shelf = [650] if seed % 5 == 0 else [130] * 5, Budget(), Shelf()
    for part, operations in enumerate(lives):
        live(
            session,
            PROGRAMMES[name],
            seed=seed * 1000 + part,
            operations=operations,
            budget=budget,
            shelf=shelf,
            focus=focus,
        )
