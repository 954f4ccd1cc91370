"""The home page: for whom it shows what, in which language, and how it stays up to date."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any
from uuid import uuid4

import pytest

from app import database, door, live
from facts.language import language
from members.views.home import home
from pages.home import HomeState
from tests.pages.conftest import NOW, House, a_review, asked, call, in_background, post
from tests.wires import listens

pytestmark = pytest.mark.anyio


@pytest.mark.feature(125)
async def test_what_i_have_and_what_comes_next(house: House) -> None:
    state = house.visit(HomeState)
    await call(state, "load")
    card = state.card
    assert state.status == "here"
    assert (state.shop.name, state.shop.initial) == ("Corner Shop", "C")
    assert (card.balance, card.unit, card.worth) == ("400", "points", "worth $4.00 at checkout")
    assert card.pending.startswith("62 more on ")
    assert (card.tier.name, card.tier.before, card.tier.strong, card.tier.after) == (
        "Member",
        "",
        "538 points",
        " to Silver",
    )
    assert card.tier.by.startswith("by ")
    assert card.tier.percent == 46
    assert (card.reward.name, card.reward.percent, card.reward.group) == ("A dinner", 44, "soon")
    assert card.reward.words.startswith("500 more points, about ")
    assert card.expiring.startswith("400 points expire on ")
    assert (card.step.title, card.step.text, card.step.page) == ("Ready for you", "A bag", "rewards")
    assert [entry.amount for entry in card.recent] == ["+62", "+400"]
    assert card.recent[0].pending
    assert not card.recent[1].pending


async def test_in_russian_and_arabic(house: House) -> None:
    state = house.visit(HomeState, "/ru/")
    await call(state, "load")
    assert (state.shop.name, state.card.unit, state.card.tier.after) == ("Лавка", "баллов", " до «Серебро»")
    state = house.visit(HomeState, "/ar/")
    await call(state, "load")
    assert state.card.balance == "٤٠٠"
    assert state.card.worth == "تساوي \u200f٤٫٠٠\xa0$ عند الدفع"


async def test_a_stranger_is_welcomed_and_sees_nobody(house: House) -> None:
    state = house.visit(HomeState, who="")
    await call(state, "load")
    assert (state.status, state.demo, state.card.balance) == ("stranger", True, "")
    assert state.welcome.headline == "Every visit to Corner Shop gives something back"
    assert state.welcome.gives[0].title == "1 point for each $1 you spend."


async def test_staff_have_no_card(house: House) -> None:
    state = house.visit(HomeState, who="staff")
    await call(state, "load")
    assert (state.status, state.card.balance) == ("stranger", "")


async def test_a_bug_is_said_kindly_and_tells_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("pages.home.home_answer", broken)
    state = house.visit(HomeState)
    await call(state, "load")
    assert (state.status, state.said) == ("failed", "Something went wrong on our side. Your points are safe.")


async def test_one_query_however_much_there_is(house: House) -> None:
    with database.reading(door.engine()) as session, asked() as seen:
        home(session, house.mira, NOW, language("en"))
    assert len(seen) == 1, seen


async def test_an_unknown_member_is_refused(house: House) -> None:
    from facts.refusals import Refusal

    with database.reading(door.engine()) as session, pytest.raises(Refusal, match="no such member"):
        home(session, uuid4(), NOW, language("en"))


async def test_what_happens_is_shown_while_the_page_is_open(house: House) -> None:
    """The follower waits for news, looks again, and stops when it is cancelled."""
    state = house.visit(HomeState)
    await call(state, "load")
    async with live.lifespan():
        await listens(live._here, door.engine())  # pyright: ignore[reportPrivateUsage]
        following = asyncio.create_task(in_background(state, "keep_up"))
        try:
            await asyncio.to_thread(post, a_review())
            live.nudge()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(60):
                    while state.card.balance != "440":
                        await asyncio.sleep(0.05)
            assert state.card.balance == "440"
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
