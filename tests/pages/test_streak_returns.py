"""A streak that a return broke: the pages say so, and say it of nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from app import database, door
from members.actions.record import record
from pages.challenges import ChallengesState
from pages.shelf import BadgesState
from tests.builders import a_line, a_refund, an_order
from tests.pages.conftest import House, asked, call, post
from tests.pages.game import begin
from tests.pages.test_streaks import SHOP_ZONE, mid_month, opened, shopped

pytestmark = pytest.mark.anyio
CAME_BACK = "An order of that day came back."
DAILY = """
badges:
  - {slug: steady, name: Steady, criterion: {kind: streak, every: day, at_least: 9%s}, counts: from_beginning}
"""


def returned(days_ago: int, at: datetime | None = None) -> None:
    """The order of a day comes back."""
    post(a_refund(f"day-{days_ago}", ("1", "5.00"), at=at or datetime.now(UTC)))


async def lines(house: House, address: str = "/streaks") -> tuple[str, ...]:
    return (await opened(house, address)).card.streaks[0].lines


@pytest.mark.feature(72)
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/streaks", CAME_BACK),
        ("/ru/streaks", "Заказ того дня вернули."),
        ("/ar/streaks", "أُعيد طلب من ذلك اليوم."),
    ],
)
async def test_the_day_that_is_missing_now_is_the_one_whose_order_came_back(
    house: House, address: str, said: str
) -> None:
    """The day before yesterday was the last one; with its order gone, it is the first one without."""
    with time_machine.travel(mid_month()):
        shopped(5, 4, 3, 2)
        begin(house, DAILY % "")
        assert said not in await lines(house, address)
        returned(2)
        found = await lines(house, address)
        assert found[2] == said
        if address == "/streaks":
            assert found[0] == "Your best: 3 days"
            assert found[1].startswith("The streak ended: nothing in ")


@pytest.mark.feature(72)
async def test_a_day_in_which_nothing_was_bought_is_none_that_came_back(house: House) -> None:
    """Another order came back: of a day that still counts, and of one that does not lie in the gap."""
    with time_machine.travel(mid_month()):
        shopped(7, 6, 5, 1)
        begin(house, DAILY % "")
        with database.transaction(door.engine()) as session:
            noon = datetime.now(SHOP_ZONE).replace(hour=13).astimezone(UTC)
            twice = an_order("twice", "5.00", at=noon - timedelta(days=6))
            assert record(session, [twice], datetime.now(UTC))[0].status == "recorded"
        returned(6)
        returned(7)
        found = await lines(house)
    assert any(one.startswith("The one before ended: nothing in ") for one in found)
    assert CAME_BACK not in found


@pytest.mark.feature(72)
async def test_a_freeze_that_keeps_it_needs_no_words_of_the_return(house: House) -> None:
    with time_machine.travel(mid_month()):
        shopped(3, 2, 1)
        begin(house, DAILY % ", freezes: 2")
        returned(2)
        found = await lines(house)
    assert found[0] == "2 days in a row"
    assert CAME_BACK not in found


@pytest.mark.feature(72)
async def test_one_that_goes_on_longer_says_it_for_a_month(house: House) -> None:
    """The second day of seven comes back, so that what is left is longer than what was lost."""
    with time_machine.travel(mid_month()):
        shopped(6, 5, 4, 3, 2, 1, 0)
        begin(house, DAILY % "")
        assert (await lines(house)) == ("7 days in a row",)
        returned(5)
        found = await lines(house)
        assert found[0] == "5 days in a row"
        assert found[1].startswith("The one before ended: nothing in ")
        assert found[2:] == (CAME_BACK, "This streak has no freezes.")


@pytest.mark.feature(72)
async def test_what_came_back_in_part_counts_by_what_is_asked(house: House) -> None:
    """Only the bread of an order came back; a streak of orders goes on, and one of bread ends."""
    game = """
badges:
  - {slug: any, name: Any, criterion: {kind: streak, every: day, at_least: 9}, counts: from_beginning}
  - {slug: bread, name: Bread, criterion: {kind: streak, every: day, at_least: 9, where: {categories: [BREAD]}},
     counts: from_beginning}
challenges:
  - {slug: daily, name: Daily, criterion: {kind: streak, every: day, at_least: 8, where: {categories: [BREAD]}},
     counts: from_beginning, milestones: [{at: 8}]}
"""
    with time_machine.travel(mid_month()):
        noon = datetime.now(SHOP_ZONE).replace(hour=12).astimezone(UTC)
        orders = [
            an_order(f"both-{n}", a_line("3.00"), a_line("2.00", "2", category=["BREAD"]),
                     at=noon - timedelta(days=n))
            for n in (4, 3, 2, 1)
        ]  # fmt: skip
        with database.transaction(door.engine()) as session:
            assert {one.status for one in record(session, orders, datetime.now(UTC))} == {"recorded"}
        begin(house, game)
        post(a_refund("both-2", ("2", "2.00"), at=datetime.now(UTC)))
        state = await opened(house)
        found = {one.name: CAME_BACK in one.lines for one in state.card.streaks}
        assert found == {"Any": False, "Bread": True, "Daily": True}
        challenges: Any = house.visit(ChallengesState, "/challenges")
        await call(challenges, "load")
        assert CAME_BACK in challenges.card.joined[0].streak
        badges: Any = house.visit(BadgesState, "/badges")
        await call(badges, "load")
        cards = {one.name: one for one in (*badges.card.nearest, *badges.card.locked)}
        assert (CAME_BACK in cards["Bread"].streak, CAME_BACK in cards["Any"].streak) == (True, False)


@pytest.mark.parametrize(("days", "more"), [((3, 2, 1), 0), ((4, 3, 1), 1)])
async def test_nothing_is_asked_as_long_as_no_streak_has_ended(
    house: House, days: tuple[int, ...], more: int
) -> None:
    """A streak that has only counted since this game began has nothing before it."""
    with time_machine.travel(mid_month()):
        begin(house, DAILY.replace("from_beginning", "from_now") % "")
    with time_machine.travel(mid_month() + timedelta(days=5)):
        shopped(*days)
        state = await opened(house)
        with asked() as seen:
            await call(state, "load")
    assert len(seen) == 2 + more
