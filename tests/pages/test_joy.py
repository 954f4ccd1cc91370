"""The moment of joy: said once on whatever page comes first, gathered, with pictures, and never of what went back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from app import database, door, live
from badges.tables import Player
from facts.language import language
from members.actions.play import switch
from members.actions.telling import tell_once
from members.news import news, untold
from members.views.home import home
from pages.boards import BoardsState
from pages.challenges import ChallengesState
from pages.home import HomeState
from pages.shelf import BadgesState
from pages.streaks import StreaksState
from tests.pages.conftest import House, asked, call, in_background, post
from tests.pages.game import a_review, a_survey, begin, bread
from tests.wires import listens

pytestmark = pytest.mark.anyio
PAGES = ((HomeState, "/"), (BadgesState, "/badges"), (ChallengesState, "/challenges"), (BoardsState, "/boards"),
         (StreaksState, "/streaks"))  # fmt: skip


async def opened(house: House, kind: Any = HomeState, address: str = "/") -> Any:
    """A page as it is when somebody comes back to it."""
    state = house.visit(kind, address)
    await call(state, "load")
    assert state.status == "here"
    return state


@pytest.mark.parametrize(("kind", "address"), PAGES)
async def test_what_was_earned_with_no_page_open_is_said_once_on_the_first_that_opens(
    house: House, kind: Any, address: str
) -> None:
    begin(house)
    await opened(house)
    post(a_survey())
    state = await opened(house, kind, address)
    assert state.said == state.joyful.words == "New badge: Gem of night"
    assert len(state.joyful.pictures) == 1
    assert state.joyful.pictures[0].startswith("/pictures/badge/")
    for again, where in PAGES:
        later = await opened(house, again, where)
        assert (later.said, later.joyful.words) == ("", "")


async def test_what_was_said_on_an_open_page_is_not_said_again(house: House) -> None:
    begin(house)
    state = await opened(house)
    async with live.lifespan():
        await listens(live._here, door.engine())  # pyright: ignore[reportPrivateUsage]
        following = asyncio.create_task(in_background(state, "keep_up"))
        try:
            await asyncio.to_thread(post, a_survey())
            live.nudge()
            async with asyncio.timeout(60):
                while "hidden-gem" not in told(house):
                    await asyncio.sleep(0.05)
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
    assert state.said == state.joyful.words == "New badge: Gem of night"
    assert (await opened(house)).said == ""


async def test_what_the_page_showed_before_it_was_said_is_said_with_the_next_news(house: House) -> None:
    begin(house)
    state = await opened(house)
    state.said = ""
    post(a_survey())
    with database.reading(door.engine()) as session:
        state._show(home(session, house.mira, datetime.now(UTC), language("en")))
    async with live.lifespan():
        await listens(live._here, door.engine())  # pyright: ignore[reportPrivateUsage]
        following = asyncio.create_task(in_background(state, "keep_up"))
        try:
            await asyncio.to_thread(post, bread(1))
            live.nudge()
            async with asyncio.timeout(60):
                while not state.said:
                    await asyncio.sleep(0.05)
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
    assert state.said == "New badge: Gem of night"


def told(house: House) -> str:
    with database.reading(door.engine()) as session:
        player = session.get(Player, house.mira)
        return (player.told or "") if player else ""


async def test_several_at_once_are_one_sentence_with_their_pictures(house: House) -> None:
    begin(house)
    await opened(house)
    for number in (1, 2):
        post(a_review(number))
        post(bread(number))
    state = await opened(house)
    assert state.said == "Reached at once: Baker, Critic, and Monthly"
    assert len(state.joyful.pictures) == 2, "a challenge has no picture"


@pytest.mark.parametrize(
    ("code", "said"), [("ru", "Новый значок: Gem of night"), ("ar", "شارة جديدة: \u2068Gem of night\u2069")]
)
async def test_it_is_said_in_the_language_of_the_page(house: House, code: str, said: str) -> None:
    begin(house)
    await opened(house)
    post(a_survey())
    assert (await opened(house, address=f"/{code}")).said == said


async def test_whoever_wants_none_is_told_nothing_and_not_later_either(house: House) -> None:
    begin(house)
    await opened(house)
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        switch(session, house.mira, "confetti", now)
    post(a_survey())
    assert (await opened(house)).said == ""
    with database.transaction(door.engine()) as session:
        switch(session, house.mira, "confetti", now)
    assert (await opened(house)).said == ""
    post(bread(1))
    post(bread(2))
    assert "Baker" in (await opened(house)).said


async def test_a_level_that_went_back_is_no_news(house: House) -> None:
    had = ["badge:baker:0:2", "challenge:month:3:1"]
    assert news(had, ["badge:baker:0:1", "challenge:month:3:1"]) == frozenset()
    assert news(had, ["badge:baker:0:3", "challenge:month:4:1"]) == {"badge:baker:0:3", "challenge:month:4:1"}


def test_a_long_history_is_no_news_and_a_short_one_is() -> None:
    keys = [f"badge:b{n}:0:1" for n in range(4)]
    assert untold(None, keys[:3]) == set(keys[:3])
    assert untold(None, keys) == frozenset()
    assert untold("", keys) == set(keys)
    assert untold(" ".join(keys[1:]), keys) == {keys[0]}


async def test_of_two_pages_that_arrive_together_one_says_it(house: House) -> None:
    begin(house)
    for wanted in ({"badge:a:0:1"}, set[str]()):
        with database.transaction(door.engine()) as session:
            assert tell_once(session, house.mira, ["badge:a:0:1"]) == wanted
    assert told(house) == "badge:a:0:1"


async def test_home_asks_one_question_when_there_is_no_news(house: House) -> None:
    begin(house)
    post(a_survey())
    await opened(house)
    state = house.visit(HomeState)
    with asked() as seen:
        await call(state, "load")
    assert (state.said, len(seen)) == ("", 1), seen
