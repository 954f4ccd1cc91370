"""The badges page: what I have and why, what is next, what stays secret, and the switches of calm mode."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from reflex.istate.data import RouterData
from sqlalchemy import event
from sqlmodel import select

from app import database, door
from app.frame.joy import joy
from badges.tables import Player
from facts.language import language
from members.cards import HomeCard
from members.game_cards import BadgesCard
from members.joy_cards import HeldCard
from members.views.badges import badges
from members.views.home import home
from pages.challenges import ChallengesState
from pages.home import HomeState
from pages.shelf import BadgesState
from tests.pages.conftest import House, call, post
from tests.pages.game import a_review, a_survey, another, begin, bread, by_staff

pytestmark = pytest.mark.anyio


async def opened(house: House, address: str = "/badges", who: str = "mira") -> Any:
    state = house.visit(BadgesState, address, who)
    await call(state, "load")
    return state


def delta(state: Any) -> str:
    """Everything of the page's State that a browser can be sent."""
    return json.dumps(state.dict(), default=repr, ensure_ascii=False)


@pytest.mark.feature(62)
async def test_what_i_have_and_what_is_nearest(house: House) -> None:
    begin(house)
    card = (await opened(house)).card
    assert card.summary == "3 of 10 badges are yours"
    assert {one.name for one in card.earned} == {"First basket", "Baker", "Few"}
    baker = next(one for one in card.earned if one.name == "Baker")
    assert (baker.level, baker.goal, baker.gift) == ("Level 1 of 3", True, "7 points")
    assert baker.why.startswith("An order in ")
    assert (baker.progress, baker.percent) == ("1 of 3 orders", 33)
    assert baker.when.startswith("Yours since ")
    assert next(one for one in card.earned if one.name == "Few").edition == "#1 of 200"
    assert next(one for one in card.earned if one.name == "First basket").rarity == "3.2% of members hold it"
    assert [(one.name, one.progress) for one in card.nearest] == [
        ("Spender", "$492.40 of $1,000"),
        ("Baker", "1 of 3 orders"),
    ]
    locked = {one.name: one.caption for one in card.locked}
    assert locked["Critic"] == "0 of 2 reviews"
    assert locked["Silvery"] == "For Silver"
    assert "Medal" in locked
    dates = [one.when for one in card.earned]
    assert dates == sorted(dates, key=lambda said: said != baker.when), "newest first"


async def test_an_expired_one_is_grey_and_says_so(house: House) -> None:
    begin(house)
    past = (await opened(house)).card.past
    assert [(one.name, one.caption) for one in past] == [("Fresh", "Expired")]
    assert past[0].note.startswith("Its time was over after ")


async def test_a_revoked_one_is_grey_with_its_reason_and_cannot_be_earned(house: House) -> None:
    begin(house)
    by_staff(
        "badge.revoked", {"badge": "baker", "reason": "Bought for resale", "actor": "owner:kim"}, house.mira
    )
    card = (await opened(house)).card
    gone = next(one for one in card.past if one.name == "Baker")
    assert gone.caption == "Withdrawn"
    assert gone.note.endswith(": Bought for resale")
    assert all(one.name != "Baker" for one in (*card.earned, *card.locked, *card.nearest))


@pytest.mark.feature(61)
async def test_a_secret_badge_says_nothing_before_it_is_earned(house: House) -> None:
    begin(house)
    for kind, address in ((BadgesState, "/badges"), (ChallengesState, "/challenges"), (HomeState, "/")):
        state = house.visit(kind, address)
        await call(state, "load")
        said = delta(state)
        assert "Monthly" in said or kind is BadgesState
        for word in ("hidden-gem", "Gem of night", "survey"):
            assert word not in said
    state = await opened(house)
    assert state.card.secrets == 1
    assert state.card.secret_words == "1 secret badge. How to earn it shows itself when you do."
    for key in ("locked:hidden-gem", "next:hidden-gem", "earned:hidden-gem", "past:hidden-gem"):
        await call(state, "show", key)
        assert not state.showing
    post(a_survey())
    await call(state, "load")
    assert "Gem of night" in [one.name for one in state.card.earned]
    assert (state.card.secrets, state.card.secret_words) == (0, "")


async def test_one_touch_to_the_detail(house: House) -> None:
    begin(house)
    state = await opened(house)
    await call(state, "show", "earned:first")
    assert (state.showing, state.shown.name) == (True, "First basket")
    await call(state, "dismiss")
    for key in ("earned:nothing", "", "first", "' OR 1=1"):
        await call(state, "show", key)
        assert not state.showing


async def test_in_russian_and_arabic(house: House) -> None:
    begin(house)
    state = await opened(house, "/ru/badges")
    assert state.card.summary == "Ваших значков: 3 из 10"
    assert "Первая корзина" in [one.name for one in state.card.earned]
    state = await opened(house, "/ar/badges")
    assert "٣" in state.card.summary
    few = next(one for one in state.card.earned if one.name == "Few")
    assert few.edition == "رقم ١ من ٢٠٠"


async def test_two_questions_more_than_the_standing_however_much_there_is(house: House) -> None:
    begin(house)
    for number in range(6):
        post(bread(number))
    seen: list[str] = []

    def count(*args: Any) -> None:
        seen.append(args[2])

    event.listen(door.engine(), "before_cursor_execute", count)
    try:
        with database.reading(door.engine()) as session:
            badges(session, house.mira, datetime.now(UTC), language("en"))
    finally:
        event.remove(door.engine(), "before_cursor_execute", count)
    asked = [one for one in seen if one.lstrip().upper().startswith(("SELECT", "WITH"))]
    assert 0 < len(asked) <= 4, asked


async def test_home_shows_one_of_each(house: House) -> None:
    begin(house)
    state = house.visit(HomeState)
    await call(state, "load")
    assert (state.card.badge.name, state.card.badge.words) == ("Spender", "$492.40 of $1,000")
    assert state.card.badge.picture.startswith("/pictures/badge/")
    assert state.card.challenge.name == "Monthly"
    assert state.card.challenge.words.startswith("0 of 2 orders · ")


@pytest.mark.parametrize("who", ["", "staff"])
async def test_nobody_but_a_member_sees_or_switches(house: House, who: str) -> None:
    begin(house)
    state = await opened(house, who=who)
    assert (state.status, state.card) == ("stranger", BadgesCard())
    await call(state, "show", "earned:first")
    assert not state.showing
    await call(state, "switch", "game")
    assert state.said
    assert players() == []


async def test_a_forged_cookie_switches_nothing(house: House) -> None:
    begin(house)
    state = await opened(house)
    data = {"headers": {"cookie": "regulars_session=forged"}, "pathname": "/badges"}
    state.parent_state.router = RouterData.from_router_data(data)
    await call(state, "switch", "game")
    assert state.said == "Please come in first: you are not signed in."
    assert players() == []


async def test_a_part_that_is_not_there_is_refused(house: House) -> None:
    begin(house)
    state = await opened(house)
    for part in ("", "points", "game streaks", "x" * 5000):
        await call(state, "switch", part)
        assert state.said == "There is no such part of the game."
    assert players() == []


async def test_somebody_elses_calm_is_theirs(house: House) -> None:
    begin(house)
    with database.transaction(door.engine()) as session:
        other = another(session)
        session.add(Player(member_id=other, calm="game"))
    state = await opened(house)
    assert not state.card.quiet
    await call(state, "switch", "confetti")
    assert set(players()) == {(other, "game"), (house.mira, "confetti")}


async def test_the_game_can_be_switched_off_and_on_again(house: House) -> None:
    begin(house)
    state = await opened(house)
    await call(state, "switch", "game")
    assert state.card.quiet
    assert (state.card.earned, state.card.locked, state.card.nearest, state.card.secrets) == ((), (), (), 0)
    assert "First basket" not in delta(state)
    at_home = house.visit(HomeState)
    await call(at_home, "load")
    assert (at_home.card.badge.name, at_home.card.challenge.name, at_home.card.held) == ("", "", ())
    assert at_home.card.balance != ""
    challenges = house.visit(ChallengesState, "/challenges")
    await call(challenges, "load")
    assert (challenges.card.quiet, challenges.card.joined, challenges.card.open) == (True, (), ())
    await call(challenges, "wake")
    assert not challenges.card.quiet
    assert challenges.card.joined


async def test_without_streaks_none_is_shown(house: House) -> None:
    begin(house)
    state = await opened(house)
    every = (*state.card.nearest, *state.card.locked)
    steady = next(one for one in every if one.name == "Steady")
    assert "1 freeze left" in steady.streak
    await call(state, "switch", "streaks")
    every = (*state.card.nearest, *state.card.locked, *state.card.earned)
    assert all(one.name != "Steady" and one.streak == () for one in every)


async def test_a_moment_of_joy_is_one_sentence(house: House) -> None:
    begin(house)
    say = language("en")
    before = view(house)
    assert joy(before, view(house), say).words == ""
    post(a_survey())
    one = view(house)
    assert joy(before, one, say).words == "New badge: Gem of night"
    for number in (1, 2):
        post(a_review(number))
        post(bread(number))
    assert joy(one, view(house), say).words == "Reached at once: Baker, Critic, and Monthly"
    state = await opened(house)
    await call(state, "switch", "confetti")
    assert joy(before, view(house), say).words == ""


def test_many_at_once_are_counted() -> None:
    held = tuple(HeldCard(f"badge:b{n}:0:1", f"B{n}", f"New badge: B{n}") for n in range(6))
    assert (
        joy(HomeCard(), HomeCard(held=held), language("en")).words
        == "Reached at once: B0, B1, B2, and 3 others"
    )
    assert joy(object(), object(), language("en")).words == ""


def view(house: House) -> Any:
    with database.reading(door.engine()) as session:
        return home(session, house.mira, datetime.now(UTC) + timedelta(seconds=1), language("en"))


def players() -> list[tuple[Any, str]]:
    """Who has switched something off, and what."""
    with database.reading(door.engine()) as session:
        return list(session.exec(select(Player.member_id, Player.calm).where(Player.calm != "")))
