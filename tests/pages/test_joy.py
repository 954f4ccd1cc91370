"""The moment of joy: said once on whatever page comes first, gathered, with pictures, and never of what went back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from sqlmodel import select

from app import database, door, live, policy
from app.frame.visit import tell
from badges.tables import Award, Player
from facts.language import language
from members import books
from members.actions.play import switch
from members.actions.telling import tell_once
from members.news import news, untold
from members.roles import Capability
from members.views.home import home
from pages.boards import BoardsState
from pages.challenges import ChallengesState
from pages.home import HomeState
from pages.shelf import BadgesState
from pages.streaks import StreaksState
from tests.pages.conftest import House, Open, asked, call, in_background, post
from tests.pages.game import a_review, a_survey, begin, bread
from tests.wires import listens

pytestmark = pytest.mark.anyio
PAGES = ((HomeState, "/"), (BadgesState, "/badges"), (ChallengesState, "/challenges"), (BoardsState, "/boards"),
         (StreaksState, "/streaks"))  # fmt: skip


async def opened(house: House, kind: Any = HomeState, address: str = "/") -> Any:
    """A page as it is when somebody comes back to it."""
    state = house.visit(kind, address)
    await call(state, "load")
    with policy.declared(frozenset({Capability.SEE_OWN})):
        await tell(Open(state))
    assert state.status == "here"
    return state


@asynccontextmanager
async def keeping_up(state: Any, reached: Callable[[], object]) -> AsyncIterator[None]:
    """The page stays open until something is so."""
    following = asyncio.create_task(in_background(state, "keep_up"))
    try:
        yield
        async with asyncio.timeout(60):
            while not reached():
                await asyncio.sleep(0.05)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


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
        async with keeping_up(state, lambda: "hidden-gem" in told(house)):
            await asyncio.to_thread(post, a_survey())
            live.nudge()
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
        async with keeping_up(state, lambda: state.said):
            await asyncio.to_thread(post, bread(1))
            live.nudge()
    assert state.said == "New badge: Gem of night"


def told(house: House) -> str:
    with database.reading(door.engine()) as session:
        player = session.get(Player, house.mira)
        return (player.told or "") if player else ""


async def test_what_was_earned_before_a_page_opened_is_said_as_it_begins_to_keep_up(house: House) -> None:
    begin(house)
    await opened(house)
    post(a_survey())
    state = house.visit(HomeState)
    await call(state, "load")
    assert (state.status, state.said) == ("here", "")
    async with live.lifespan(), keeping_up(state, lambda: state.said):
        pass
    assert state.said == "New badge: Gem of night"


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
    await opened(house)
    keys, first, second = ["badge:a:0:1"], Event(), Event()

    def one() -> frozenset[str]:
        with database.transaction(door.engine()) as session:
            found = tell_once(session, house.mira, keys, datetime.now(UTC))
            first.set()
            second.wait(1)  # without the lock the other one has its answer by then
        return found

    def other() -> frozenset[str]:
        assert first.wait(20)
        with database.transaction(door.engine()) as session:
            found = tell_once(session, house.mira, keys, datetime.now(UTC))
            second.set()
        return found

    found = await asyncio.gather(asyncio.to_thread(one), asyncio.to_thread(other))
    assert found == [{"badge:a:0:1"}, set()]
    assert told(house) == "badge:a:0:1"


async def test_a_page_that_was_read_waits_for_no_writer(house: House) -> None:
    begin(house)
    state = house.visit(HomeState)
    with database.transaction(door.engine()) as session:
        assert books.lock(session, [house.mira])
        loading = asyncio.create_task(call(state, "load"))
        shown, _ = await asyncio.wait([loading], timeout=10)
    await loading
    assert shown, "it was on the page while somebody else was writing"
    assert state.status == "here"


async def test_a_page_stays_when_what_was_reached_cannot_be_remembered(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(house)
    await opened(house)
    post(a_survey())

    def fails(*_: Any) -> frozenset[str]:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("app.frame.visit.tell_once", fails)
        state = await opened(house)
    assert (state.said, state.card.balance != "") == ("", True)
    assert (await opened(house)).said == "New badge: Gem of night"


async def test_who_was_told_nothing_so_far_hears_of_the_last_days_alone(house: House) -> None:
    now = datetime.now(UTC)
    begin(house)
    with database.transaction(door.engine()) as session:
        rows = session.exec(select(Award).where(Award.member_id == house.mira)).all()
        keys = {f"{one.kind}:{one.slug}:{one.instance}:{one.level}": one.awarded_at for one in rows}
        late = {key for key, at in keys.items() if at > now - timedelta(days=7)}
        assert late
        some = [*sorted(late)[:1], *sorted(set(keys) - late)[:1]]
        assert len(some) == 2, "one of each"
        assert tell_once(session, house.mira, some, now) == set(some[:1])


async def test_home_asks_one_question_when_there_is_no_news(house: House) -> None:
    begin(house)
    post(a_survey())
    await opened(house)
    state = house.visit(HomeState)
    with asked() as seen:
        await call(state, "load")
    assert (state.said, len(seen)) == ("", 1), seen
