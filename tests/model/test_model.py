"""Random lives of members, told to the engine one fact at a time and compared with the plain oracle after each.

R5: 440 operations a database in the daily tests, 104,000 a database in the long campaign. After each operation the
member's standing (available, pending, held, owed, tier and its end) and their badges and milestones are compared; after
each twelfth also every lot of every member, and all laws of the ledger by `prove`. In the course of the first life a
second version is published, and what it counts from the beginning is given to everybody.
"""

from __future__ import annotations

import pytest
from sqlmodel import Session

from tests.builders import in_force
from tests.model.life import Life
from tests.model.oracle import Terms

PROGRAMMES = {
    "calendar": Terms(months=2, limit=40),
    "rolling": Terms(pending_days=3, months=1, policy="zero", window="rolling", downgrade="one_step", grace=5,
                     cap_per_day=150, cap_per_week=260),
    "strict": Terms(months=None, policy="refuse", keep="next_year", downgrade="none", review_cap=60),
    "spend": Terms(pending_days=1, months=6, basis="spend", window="rolling", window_months=3,
                   gift_days=("mon", "wed", "sat")),
}  # fmt: skip


def live(session: Session, terms: Terms, seed: int, operations: int) -> Life:
    life = Life(session, terms, seed)
    for _ in range(operations):
        life.step()
    life.check_everything()
    return life


@pytest.mark.feature(21)
@pytest.mark.feature(22)
@pytest.mark.parametrize("name", PROGRAMMES)
def test_random_lives_are_what_the_oracle_says(session: Session, name: str) -> None:
    in_force(session, PROGRAMMES[name].text())
    life = live(session, PROGRAMMES[name], seed=1, operations=110)
    assert len(life.done) >= 12, f"too little happened: {life.done}"
    assert len(life.won) >= 10, f"too little was won: {life.won}"


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100, 140))
@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_hundred_thousand_random_operations(session: Session, name: str, seed: int) -> None:
    """40 seeds of 4 programmes, 650 operations each: 104,000 on each database. Every fourth seed is one long life."""
    in_force(session, PROGRAMMES[name].text())
    lives = [650] if seed % 4 == 0 else [130] * 5
    for part, operations in enumerate(lives):
        live(session, PROGRAMMES[name], seed=seed * 1000 + part, operations=operations)
