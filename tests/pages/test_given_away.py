"""A budget that is nearly gone: what members read of a challenge is what they can still get of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from app import database, door
from members.actions.play import join
from members.actions.record import record
from members.programme import apply
from pages.challenges import ChallengesState
from pages.home import HomeState
from pages.shelf import BadgesState
from tests.builders import a_fact, a_refund, an_order, loaded
from tests.pages.conftest import SHOP, House, call, post
from tests.pages.game import a_review, begin, bread

pytestmark = pytest.mark.anyio
GONE = "All that this challenge had to give has been given."
REVIEWS = "criterion: {kind: count, at_least: 1, where: {type: review.posted}}"
GAME = f"""
challenges:
  - {{slug: harvest, name: Harvest, budget: 150, {REVIEWS}, milestones: [{{at: 2, prize: {{points: 100}}}}]}}
  - {{slug: chosen, name: Chosen, budget: 150, join: opt_in, {REVIEWS},
     milestones: [{{at: 2, prize: {{points: 100}}}}]}}
  - {{slug: graded, name: Graded, budget: 170, {REVIEWS},
     milestones: [{{at: 2, prize: {{points: 20}}}}, {{at: 3, prize: {{points: 100}}}}, {{at: 4}}]}}
  - {{slug: again, name: Again, budget: 80, join: opt_in, days: 5, repeats: on_joining, {REVIEWS},
     milestones: [{{at: 1, prize: {{points: 30}}}}, {{at: 2, prize: {{points: 10}}}}]}}
"""


def somebody_else_takes_most(*challenges: str) -> None:
    """Another member reviews three times, having taken `challenges` on."""
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        first = an_order("theirs", "12.00", at=now - timedelta(days=1), subject="customer:2")
        who = record(session, [first], now)[0].member_id
        assert who
        for slug in challenges:
            join(session, who, slug, now)
        reviews = [
            a_fact("review.posted", {"review_id": f"theirs-{n}"}, subject="customer:2",
                   at=now + timedelta(microseconds=1), id=f"theirs-{n}")
            for n in range(3)
        ]  # fmt: skip
        assert {one.status for one in record(session, reviews, now + timedelta(seconds=1))} == {"recorded"}


async def told(house: House) -> dict[str, tuple[str, str, list[str]]]:
    """State, note and prizes of each challenge on the page."""
    state = house.visit(ChallengesState, "/challenges")
    await call(state, "load")
    cards = [*state.card.joined, *state.card.open, *state.card.done]
    return {one.slug: (one.state, one.note, [step.gives for step in one.steps]) for one in cards}


@pytest.mark.feature(69)
async def test_what_can_no_longer_be_paid_is_neither_running_nor_offered(house: House) -> None:
    """Fifty points are left of a hundred and fifty, and the prize is a hundred."""
    begin(house, GAME)
    post(a_review(1))
    before = await told(house)
    assert [before[slug][::2] for slug in ("harvest", "chosen")] == [
        ("joined", ["100 points"]),
        ("open", ["100 points"]),
    ]
    somebody_else_takes_most("chosen")
    after = await told(house)
    assert after["harvest"] == after["chosen"] == ("closed", GONE, ["given away"])
    state = house.visit(ChallengesState, "/challenges")
    await call(state, "load")
    stopped = [one for one in state.card.open if one.note == GONE]
    assert [(one.slug, one.can_join, one.can_leave, one.progress) for one in stopped] == [
        ("harvest", False, False, ""), ("chosen", False, False, "")
    ]  # fmt: skip
    await call(state, "join", "chosen")
    assert state.said == GONE
    home = house.visit(HomeState)
    await call(home, "load")
    assert home.card.challenge.name == "Graded"
    post(a_review(2))
    assert (await told(house))["harvest"] == ("closed", GONE, ["given away"]), "as the engine has it"
    await call(home, "load")
    assert (home.card.challenge.name, home.card.challenge.chip) == ("Again", "New")


@pytest.mark.feature(69)
async def test_who_takes_part_reads_that_it_has_stopped(house: House) -> None:
    begin(house, GAME)
    state = house.visit(ChallengesState, "/challenges")
    await call(state, "join", "chosen")
    post(a_review(1))
    assert (await told(house))["chosen"][0] == "joined"
    somebody_else_takes_most("chosen")
    assert (await told(house))["chosen"] == ("closed", GONE, ["given away"])
    raised = loaded(SHOP + GAME.replace("budget: 150, join", "budget: 200, join"))
    with database.transaction(door.engine()) as session:
        apply(session, raised, base=2, actor="test", now=datetime.now(UTC))
    assert (await told(house))["chosen"] == ("joined", "", ["100 points"])
    post(a_review(2))
    assert (await told(house))["chosen"][0] == "done"


@pytest.mark.feature(69)
async def test_the_steps_that_are_left_and_those_that_are_given_away(house: House) -> None:
    """Fifty are left: the first step can still be paid, the second cannot, and the third lies behind it."""
    begin(house, GAME)
    post(a_review(1))
    assert (await told(house))["graded"] == ("joined", "", ["20 points", "100 points", ""])
    somebody_else_takes_most()
    assert (await told(house))["graded"] == ("joined", "", ["20 points", "given away", ""])
    for n in (2, 3, 4):
        post(a_review(n))
    assert (await told(house))["graded"] == ("closed", GONE, ["20 points", "given away", ""])


@pytest.mark.feature(70)
async def test_a_new_round_is_offered_when_its_first_step_can_be_paid(house: House) -> None:
    """Ten points are left: enough for the second step of a round, and not for another round."""
    begin(house, GAME)
    state = house.visit(ChallengesState, "/challenges")
    await call(state, "join", "again")
    post(a_review(1))
    assert (await told(house))["again"] == ("joined", "", ["30 points", "10 points"])
    somebody_else_takes_most("again")
    assert (await told(house))["again"] == ("joined", "", ["30 points", "10 points"])
    with time_machine.travel(datetime.now(UTC) + timedelta(days=6)):
        assert "again" not in await told(house)
        await call(state, "join", "again")
        assert state.said == GONE


@pytest.mark.feature(60)
async def test_who_has_one_of_an_edition_climbs_its_levels_when_all_are_given(house: House) -> None:
    few = """
badges:
  - {slug: few, name: Few, criterion: {kind: count, at_least: 1, where: {categories: [BREAD]}}, levels: ["1", "3"],
     edition: 1, counts: from_beginning}
"""
    begin(house, few)
    state: Any = house.visit(BadgesState, "/badges")
    await call(state, "load")
    assert [(one.name, one.progress, one.note) for one in state.card.nearest] == [
        ("Few", "1 of 3 orders", "")
    ]
    post(bread(1))
    post(bread(2))
    await call(state, "load")
    assert [(one.name, one.level) for one in state.card.earned] == [("Few", "Level 2 of 2")]


@pytest.mark.feature(60)
@pytest.mark.feature(69)
async def test_what_somebody_had_and_lost_is_theirs_to_have_again(house: House) -> None:
    """The only one of an edition and all of a budget went back with an order: the engine gives both again."""
    where = "where: {categories: [BREAD]}"
    begin(house, f"""
badges:
  - {{slug: few, name: Few, criterion: {{kind: count, at_least: 2, {where}}}, edition: 1, counts: from_beginning}}
challenges:
  - {{slug: loaf, name: Loaf, budget: 100, join: opt_in, criterion: {{kind: count, at_least: 1, {where}}},
     milestones: [{{at: 1, prize: {{points: 100}}}}]}}
""")  # fmt: skip
    challenges, shelf = house.visit(ChallengesState, "/challenges"), house.visit(BadgesState, "/badges")
    await call(challenges, "join", "loaf")
    post(bread(1))
    post(bread(2))
    assert (await told(house))["loaf"][0] == "done"
    for number in (1, 2):
        post(a_refund(f"bread-{number}", ("1", "2.00"), at=datetime.now(UTC)))
    post(bread(3))
    post(a_refund("bread-3", ("1", "2.00"), at=datetime.now(UTC)))
    await call(challenges, "leave", "loaf")
    await call(challenges, "load")
    assert [(one.slug, one.can_join) for one in challenges.card.open] == [("loaf", True)]
    await call(challenges, "join", "loaf")
    assert (await told(house))["loaf"][::2] == ("joined", ["100 points"])
    await call(shelf, "load")
    assert [(one.name, one.progress, one.note) for one in shelf.card.nearest] == [
        ("Few", "1 of 2 orders", "")
    ]
    post(bread(4))
    assert (await told(house))["loaf"][0] == "done"
    await call(shelf, "load")
    assert [(one.name, one.edition) for one in shelf.card.earned] == [("Few", "#1 of 1")]
