"""What a return takes away while something below it stands: the card says when it went, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from app import database, door
from badges.tables import HELD, Award
from pages.challenges import ChallengesState
from pages.shelf import BadgesState
from tests.builders import a_refund
from tests.pages.conftest import House, call, post
from tests.pages.game import begin, bread

pytestmark = pytest.mark.anyio
BREAD = "where: {categories: [BREAD]}"
GAME = f"""
badges:
  - {{slug: baker, name: Baker, criterion: {{kind: count, at_least: 1, {BREAD}}}, levels: ["1", "2", "3"],
     counts: from_beginning}}
challenges:
  - {{slug: loaves, name: Loaves, budget: 150, criterion: {{kind: count, at_least: 1, {BREAD}}},
     milestones: [{{at: 1, prize: {{points: 50}}}}, {{at: 2, prize: {{points: 100}}}}]}}
"""
CAME_BACK = "an order that it was earned with came back."


def returned(number: int) -> None:
    """The bread of an order comes back."""
    post(a_refund(f"bread-{number}", ("1", "2.00"), at=datetime.now(UTC)))


async def shelf(house: House, address: str = "/badges") -> Any:
    state = house.visit(BadgesState, address)
    await call(state, "load")
    (card,) = state.card.earned
    return card


async def loaves(house: House, address: str = "/challenges") -> Any:
    state = house.visit(ChallengesState, address)
    await call(state, "load")
    (card,) = [*state.card.joined, *state.card.open, *state.card.done]
    return card


@pytest.mark.feature(59)
async def test_a_level_that_went_back_with_an_order_says_so_on_the_shelf(house: House) -> None:
    """Of two that went, the lower one is named: the higher one stood upon it."""
    begin(house, GAME)
    post(bread(1))
    post(bread(2))
    assert ((await shelf(house)).level, (await shelf(house)).note) == ("Level 3 of 3", "")
    returned(1)
    card = await shelf(house)
    assert card.level == "Level 2 of 3"
    assert card.note.startswith("Level 3 was taken back on ")
    assert card.note.endswith(CAME_BACK)
    returned(2)
    card = await shelf(house)
    assert (card.level, card.note.split(" on ")[0]) == ("Level 1 of 3", "Level 2 was taken back")
    assert "заказ, за который он получен, вернули" in (await shelf(house, "/ru/badges")).note
    post(bread(3))
    assert ((await shelf(house)).level, (await shelf(house)).note.split(" on ")[0]) == (
        "Level 2 of 3",
        "Level 3 was taken back",
    )
    post(bread(4))
    assert ((await shelf(house)).level, (await shelf(house)).note) == ("Level 3 of 3", "")


@pytest.mark.feature(69)
async def test_a_step_that_went_back_with_an_order_says_so(house: House) -> None:
    """It was paid for, so it can be reached again, though nothing is left of the budget."""
    begin(house, GAME)
    post(bread(1))
    post(bread(2))
    assert (await loaves(house)).state == "done"
    returned(2)
    card = await loaves(house)
    assert (card.state, card.progress, [step.done for step in card.steps]) == (
        "joined",
        "1 of 2 orders",
        [True, False],
    )
    assert card.note.startswith("Step 2 was taken back on ")
    assert card.note.endswith(CAME_BACK)
    assert card.steps[1].gives == "100 points"
    assert "заказ, за который он засчитан, вернули" in (await loaves(house, "/ru/challenges")).note
    assert "الخطوة" in (await loaves(house, "/ar/challenges")).note
    post(bread(3))
    card = await loaves(house)
    assert (card.state, card.note.split(" on ")[0]) == ("done", "Done")


@pytest.mark.feature(79)
@pytest.mark.parametrize(
    ("row", "level", "step"),
    [
        ({"reason": HELD}, "too much came at once. It counts if the shop says so.",
         "too much came at once. It counts if the shop says so."),
        ({"by_hand": "a good deed"}, "it had been given by mistake.", CAME_BACK),
    ],
)  # fmt: skip
async def test_what_went_for_another_reason_says_that(
    house: House, row: dict[str, str], level: str, step: str
) -> None:
    """As a guard writes it that holds back what it was reached with; and a gift of staff that was undone."""
    begin(house, GAME)
    post(bread(1))
    post(bread(2))
    returned(2)
    with database.transaction(door.engine()) as session:
        session.execute(update(Award).where(col(Award.revoked_at).is_not(None)).values(**row))
    assert (await shelf(house)).note.endswith(level)
    assert (await loaves(house)).note.endswith(step)
