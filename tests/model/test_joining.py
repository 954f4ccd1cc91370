"""Random lives in which accounts become one and two again, compared with the plain oracle after each operation.

R5: 540 operations a database in the daily tests, 37,800 a database in the long campaign. A merge can be undone only for
thirty days, so that days pass more slowly than in the other lives.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import Session

from tests.builders import in_force
from tests.model.budget import Budget
from tests.model.joiner import Joiner
from tests.model.programmes import PROGRAMMES
from tests.model.shelf import Shelf
from tests.model.terms import Terms

JOINED = {
    name: replace(terms, played=False, habits=False, restored=0)
    for name, terms in PROGRAMMES.items()
    if terms.policy != "refuse"
}


def live(
    session: Session,
    terms: Terms,
    seed: int,
    operations: int,
    budget: Budget | None = None,
    shelf: Shelf | None = None,
) -> Joiner:
    """One life; what a budget gave in the lives before it stays given."""
    life = Joiner(session, terms, seed, budget=budget or Budget(), shelf=shelf or Shelf())
    for _ in range(operations):
        life.step()
    life.check_everything()
    return life


@pytest.mark.feature(8)
@pytest.mark.feature(21)
@pytest.mark.parametrize("name", JOINED)
def test_accounts_that_become_one_are_what_the_oracle_says(session: Session, name: str) -> None:
    terms = JOINED[name]
    in_force(session, terms.text())
    life = live(session, terms, seed=1, operations=90)
    assert {"moved on", "two again"} <= life.done.keys(), f"too little happened: {life.done}"


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100, 121))
@pytest.mark.parametrize("name", JOINED)
def test_thousands_of_random_operations(session: Session, name: str, seed: int) -> None:
    """21 seeds of 6 programmes, 300 operations each: 37,800 on each database."""
    in_force(session, JOINED[name].text())
    budget, shelf = Budget(), Shelf()
    for part in range(3):
        live(session, JOINED[name], seed=seed * 1000 + part, operations=100, budget=budget, shelf=shelf)
