"""The challenges page: what runs, what can be taken on, joining and leaving, and who may not."""

from __future__ import annotations

from typing import Any

import pytest
from reflex.istate.data import RouterData
from sqlmodel import col, select

from app import database, door
from members.game_cards import ChallengesCard
from members.tables import FactRow
from pages.challenges import ChallengesState
from tests.pages.conftest import House, call, post
from tests.pages.game import a_review, another, begin

pytestmark = pytest.mark.anyio


async def opened(house: House, address: str = "/challenges", who: str = "mira") -> Any:
    state = house.visit(ChallengesState, address, who)
    await call(state, "load")
    return state


def played() -> list[tuple[str, Any]]:
    """The facts of joining and leaving, in order."""
    with database.reading(door.engine()) as session:
        query = (
            select(FactRow)
            .where(col(FactRow.type).startswith("challenge."))
            .order_by(col(FactRow.occurred_at))
        )
        return [(row.type, row.member_id) for row in session.exec(query)]


@pytest.mark.feature(70)
async def test_what_runs_and_what_can_be_taken_on(house: House) -> None:
    begin(house)
    card = (await opened(house)).card
    assert [one.name for one in card.joined] == ["Monthly"]
    monthly = card.joined[0]
    assert (monthly.progress, monthly.status, monthly.can_leave) == ("0 of 2 orders", "Running", False)
    assert [(step.asks, step.gives, step.done) for step in monthly.steps] == [
        ("At least 2 orders", "3 points", False),
        ("At least 4 orders", "4 points and a secret badge", False),
    ]
    assert monthly.left
    found = {one.name: (one.can_join, one.note) for one in card.open}
    assert found == {
        "Two reviews": (True, ""),
        "Once": (True, ""),
        "Noble": (False, "For Silver"),
        "Later": (False, "Begins on 31 December 2099"),
    }
    assert card.done == ()


@pytest.mark.feature(70)
async def test_joined_done_and_taken_on_again(house: House) -> None:
    begin(house)
    post(a_review(1))
    state = await opened(house)
    await call(state, "join", "reviews")
    assert state.said == "You are in. What you do from now on counts."
    mine = next(one for one in state.card.joined if one.slug == "reviews")
    assert (mine.progress, mine.left, mine.can_leave, mine.can_join) == (
        "0 of 1 review",
        "30 days left",
        True,
        False,
    )
    assert mine.steps[1].gives == "20 points and 2 times the points for 7 days"
    post(a_review(2))
    await call(state, "load")
    mine = next(one for one in state.card.joined if one.slug == "reviews")
    assert (mine.progress, [step.done for step in mine.steps]) == ("1 of 2 reviews", [True, False])
    post(a_review(3))
    await call(state, "load")
    done = next(one for one in state.card.done if one.slug == "reviews")
    assert done.note.startswith("Done on ")
    assert (done.can_join, done.can_leave) == (True, False)
    await call(state, "leave", "reviews")
    assert state.said == "You have done this challenge."
    await call(state, "join", "reviews")
    mine = next(one for one in state.card.joined if one.slug == "reviews")
    assert (mine.progress, mine.left) == ("0 of 1 review", "30 days left")
    assert [kind for kind, _ in played()] == ["challenge.joined", "challenge.joined"]


async def test_leaving_stops_the_count_and_twice_is_once(house: House) -> None:
    begin(house)
    state = await opened(house)
    for _ in range(2):
        await call(state, "join", "reviews")
    for _ in range(2):
        await call(state, "leave", "reviews")
    assert state.said == "You have left the challenge. What you reached stays yours."
    post(a_review(1))
    await call(state, "load")
    found = next(one for one in state.card.open if one.slug == "reviews")
    assert (found.can_join, found.steps[0].done) == (True, False)
    assert [kind for kind, _ in played()] == ["challenge.joined", "challenge.left"]


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("no-such", "There is no such challenge."),
        ("", "There is no such challenge."),
        ("monthly' OR 1=1", "There is no such challenge."),
        ("first", "There is no such challenge."),
        ("monthly", "Everybody takes part in this challenge by themselves."),
        ("noble", "This challenge is for another tier."),
        ("resting", "This challenge is paused for now."),
        ("gone", "This challenge is over."),
        ("later", "This challenge has not begun yet."),
    ],
)
async def test_what_cannot_be_taken_on_is_refused_with_a_sentence(house: House, slug: str, said: str) -> None:
    begin(house)
    state = await opened(house)
    await call(state, "join", slug)
    assert state.said == said
    assert played() == []


async def test_a_refusal_is_said_in_the_language_of_the_page(house: House) -> None:
    begin(house)
    state = await opened(house, "/ru/challenges")
    await call(state, "join", "noble")
    assert state.said == "Это испытание для другого уровня."
    await call(state, "leave", "monthly")
    assert state.said == "В этом испытании все участвуют сами собой."


@pytest.mark.parametrize("who", ["", "staff"])
async def test_nobody_but_a_member_joins(house: House, who: str) -> None:
    begin(house)
    state = await opened(house, who=who)
    assert (state.status, state.card) == ("stranger", ChallengesCard())
    for handler, values in (("join", ["once"]), ("leave", ["once"]), ("wake", [])):
        state.said = ""
        await call(state, handler, *values)
        assert state.said
        assert state.card == ChallengesCard()
    assert played() == []


async def test_a_forged_cookie_joins_nothing(house: House) -> None:
    begin(house)
    state = await opened(house)
    data = {"headers": {"cookie": "regulars_session=forged"}, "pathname": "/challenges"}
    state.parent_state.router = RouterData.from_router_data(data)
    await call(state, "join", "once")
    assert state.said == "Please come in first: you are not signed in."
    assert played() == []


async def test_one_joins_for_oneself_only(house: House) -> None:
    begin(house)
    with database.transaction(door.engine()) as session:
        other = another(session)
    state = await opened(house)
    await call(state, "join", "once")
    assert played() == [("challenge.joined", house.mira)]
    assert other != house.mira
