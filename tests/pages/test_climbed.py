"""A tier that was reached is said once on whatever page comes first, as badges are; what was lost is no news."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from app import database, door, live
from members.actions.play import switch
from pages.challenges import ChallengesState
from pages.home import HomeState
from pages.shelf import BadgesState
from pages.streaks import StreaksState
from tests.builders import a_refund, an_order
from tests.pages.conftest import House, asked, call, post
from tests.pages.game import a_survey, begin
from tests.pages.test_joy import keeping_up, opened, told
from tests.wires import listens

pytestmark = pytest.mark.anyio
SAID = "Your tier is now Silver"
GEM = "badges:\n  - {slug: gem, name: Gem, criterion: {kind: count, at_least: 1, where: {type: survey.answered}}}\n"


def climb(name: str = "climb", days_ago: int = 0) -> None:
    post(an_order(name, "700.00", at=datetime.now(UTC) - timedelta(days=days_ago)))


@pytest.mark.parametrize("game", [True, False])
async def test_a_tier_is_said_once_with_badges_or_without(house: House, game: bool) -> None:
    if game:
        begin(house, GEM)
    await opened(house)
    climb()
    state = await opened(house)
    assert (state.said, state.joyful.pictures) == (SAID, ())
    for kind, address in ((HomeState, "/"), (ChallengesState, "/challenges"), (StreaksState, "/streaks")):
        assert (await opened(house, kind, address)).said == ""
    state = house.visit(HomeState)
    with asked() as seen:
        await call(state, "load")
    assert (state.said, len(seen)) == ("", 1), seen


async def test_an_open_page_says_it_as_it_happens(house: House) -> None:
    state = await opened(house)
    async with live.lifespan():
        await listens(live._here, door.engine())  # pyright: ignore[reportPrivateUsage]
        async with keeping_up(state, lambda: told(house)):
            await asyncio.to_thread(climb)
            live.nudge()
    assert state.said == SAID
    assert (await opened(house)).said == ""


@pytest.mark.parametrize(
    ("code", "said"), [("ru", "Ваш уровень теперь: Серебро"), ("ar", "مستواك الآن: \u2068Silver\u2069")]
)
async def test_it_is_said_in_the_language_of_the_page(house: House, code: str, said: str) -> None:
    await opened(house)
    climb()
    assert (await opened(house, address=f"/{code}")).said == said


async def test_with_a_badge_it_is_one_sentence(house: House) -> None:
    begin(house, GEM)
    await opened(house)
    post(a_survey())
    climb()
    state = await opened(house, BadgesState, "/badges")
    assert state.said == "Reached at once: Silver and Gem"
    assert len(state.joyful.pictures) == 1, "a tier has none"


async def test_a_tier_that_went_back_is_no_news_and_the_next_climb_is(house: House) -> None:
    await opened(house)
    climb()
    assert (await opened(house)).said == SAID
    post(a_refund("climb", ("1", "700.00"), at=datetime.now(UTC)))
    assert (await opened(house)).said == ""
    assert told(house) == "tier:member:0:1"
    climb("again")
    assert (await opened(house)).said == SAID


async def test_what_is_older_than_a_week_is_no_news_to_who_was_never_told_of_a_tier(house: House) -> None:
    await opened(house)
    climb(days_ago=8)
    assert (await opened(house)).said == ""
    assert "tier:silver:0:1" in told(house)


async def test_who_wants_to_hear_of_nothing_is_not_told_later_either(house: House) -> None:
    await opened(house)
    with database.transaction(door.engine()) as session:
        switch(session, house.mira, "confetti", datetime.now(UTC))
    climb()
    assert (await opened(house)).said == ""
    with database.transaction(door.engine()) as session:
        switch(session, house.mira, "confetti", datetime.now(UTC))
    assert (await opened(house)).said == ""
