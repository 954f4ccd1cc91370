"""The rewards page: now, soon, later; redeeming once however often it is asked; codes, and giving back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app import database, door
from members.actions.record import record
from members.actions.redeem import redeem
from pages.offers import RewardsState
from tests.builders import an_order, standing_of
from tests.pages.conftest import NOW, House, call

pytestmark = pytest.mark.anyio


async def opened(house: House, address: str = "/rewards") -> Any:
    state = house.visit(RewardsState, address)
    await call(state, "load")
    return state


async def test_now_soon_and_later(house: House) -> None:
    card = (await opened(house)).card
    assert [one.slug for one in card.now] == ["coffee", "tote"]
    assert [one.slug for one in card.soon] == ["dinner"]
    assert [(one.slug, one.words) for one in card.later] == [("party", "For Silver")]
    assert card.now[0].question == "Exchange 300 points for “A coffee”?"
    assert card.now[0].terms.startswith("You keep 100 points. Your code is good for 90 days.")


async def test_a_code_for_my_points_once(house: House) -> None:
    state = await opened(house)
    await call(state, "ask", "coffee")
    assert (state.asking, state.asked.slug) == (True, "coffee")
    await call(state, "confirm")
    assert (state.asking, state.showing) == (False, True)
    code = state.shown.code
    assert len(code) == 20
    assert state.shown.qr.startswith("data:image/svg+xml")
    assert state.card.balance == "100 points"
    await call(state, "confirm")
    assert state.card.balance == "100 points"
    assert [one.code for one in state.card.mine] == [code]


async def test_nothing_that_is_not_offered(house: House) -> None:
    state = await opened(house)
    for slug in ("dinner", "party", "no-such", "", "coffee' OR 1=1"):
        await call(state, "ask", slug)
        assert not state.asking
    await call(state, "confirm")
    assert state.card.balance == "400 points"


async def test_spent_meanwhile_is_refused_with_a_sentence(house: House) -> None:
    one, other = await opened(house), await opened(house, "/ru/rewards")
    for state, slug in ((one, "coffee"), (other, "tote")):
        await call(state, "ask", slug)
    await call(one, "confirm")
    await call(other, "confirm")
    assert other.said == "Для этой награды не хватает баллов: 220."
    assert not other.showing


async def test_what_staff_hand_over_is_set_aside_and_can_be_given_back(house: House) -> None:
    state = await opened(house)
    await call(state, "ask", "tote")
    await call(state, "confirm")
    assert state.said == "Done. We will have it ready for you at the counter."
    assert state.card.balance == "80 points"
    mine = state.card.mine[0]
    assert (mine.state, mine.code, mine.returnable) == ("reserved", "", True)
    await call(state, "show", mine.key)
    await call(state, "give_back")
    assert state.card.balance == "400 points"
    assert [one.words for one in state.card.past] == ["Given back"]


async def test_somebody_elses_key_shows_nothing(house: House) -> None:
    state = await opened(house)
    await call(state, "show", "01a20178-7a95-7dee-b68b-1995d6628e57")
    assert not state.showing
    await call(state, "give_back")
    assert state.said == ""


async def test_without_a_session_nothing_is_redeemed(house: House) -> None:
    state = await opened(house)
    await call(state, "ask", "coffee")
    state.router_data = {"headers": {"cookie": "regulars_session=forged"}, "pathname": "/rewards"}
    from reflex.istate.data import RouterData

    root = state.parent_state
    root.router = RouterData.from_router_data(state.router_data)
    await call(state, "confirm")
    assert state.said == "Please come in first: you are not signed in."
    assert (await opened(house)).card.balance == "400 points"


@pytest.mark.feature(49)
async def test_sold_out_is_said_before_the_tap_and_asking_for_it_opens_nothing(house: House) -> None:
    """Somebody else takes the last one: the row says so in each language."""
    before = await opened(house)
    assert "tote" in [one.slug for one in before.card.now]
    with database.transaction(door.engine()) as session:
        record(
            session, [an_order("theirs", "400.00", at=NOW - timedelta(days=90), subject="customer:2")], NOW
        )
        other = standing_of(session, "2").member_id
        redeem(
            session, other, "tote", datetime.now(UTC), "the-last-one", b"a secret of this test only, 32 bytes"
        )
    for address, words in (
        ("/rewards", "Sold out"),
        ("/ru/rewards", "Закончилось"),
        ("/ar/rewards", "نفدت الكمية"),
    ):
        state = await opened(house, address)
        assert "tote" not in [one.slug for one in (*state.card.now, *state.card.soon)]
        assert [one.words for one in state.card.later if one.slug == "tote"] == [words]
        await call(state, "ask", "tote")
        assert not state.asking
    await call(before, "ask", "tote")  # a page from before: what it still offers is refused
    await call(before, "confirm")
    assert before.said == "This reward has just run out."
    assert (await opened(house)).card.balance == "400 points"
