"""A reward that is worth a lot asks for a fresh code on a new device, in place, and is then taken."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app import database, door, limits
from members.actions.identify import identify
from members.programme import apply, load
from members.way_tables import Letter
from pages.offers import RewardsState
from tests.pages.conftest import SHOP, House, call

pytestmark = pytest.mark.anyio


def newest(session: Session) -> Letter:
    found = session.exec(
        select(Letter).order_by(col(Letter.created_at).desc(), col(Letter.letter_id).desc())
    ).first()
    assert found
    return found


@pytest.fixture
def careful(house: House) -> House:
    """The same shop, where more than 250 points are a lot."""
    limits.forget()
    with database.transaction(door.engine()) as session:
        now = datetime.now(UTC)
        apply(session, load(SHOP + "safety: {fresh_above: 250}\n"), base=1, actor="test", now=now)
        identify(session, house.mira, "email:mira@shop.test", now)
    return house


async def asked(house: House) -> Any:
    state = house.visit(RewardsState, "/rewards")
    await call(state, "load")
    await call(state, "ask", "coffee")
    await call(state, "confirm")
    return state


@pytest.mark.feature(136)
async def test_much_on_a_new_device_takes_a_fresh_code(careful: House) -> None:
    state = await asked(careful)
    assert (state.proving, state.code_sent, state.showing) == (True, False, False)
    assert "new on this device" in state.code_said
    assert state.card.balance == "400 points"
    await call(state, "send_code")
    assert state.code_sent
    with database.reading(door.engine()) as session:
        letter = newest(session)
    assert letter.address == "mira@shop.test"
    await call(state, "prove", {"code": "none"})
    assert (state.proving, state.card.balance) == (True, "400 points")
    assert "does not fit" in state.code_said
    await call(state, "prove", {"code": re.findall(r"\d{6}", letter.text)[0]})
    assert (state.proving, state.code_said) == (False, "")
    await call(state, "confirm")
    assert (state.showing, state.card.balance) == (True, "100 points")
    with database.reading(door.engine()) as session:
        assert "many points" in newest(session).text


async def test_nothing_of_the_code_is_sent_to_the_browser(careful: House) -> None:
    state = await asked(careful)
    await call(state, "send_code")
    assert state._code_token
    assert state._code_token not in str(state.dict())


async def test_it_can_be_let_be(careful: House) -> None:
    state = await asked(careful)
    await call(state, "let_it_be")
    assert (state.proving, state.card.balance) == (False, "400 points")
    await call(state, "prove", {})
    assert state.card.balance == "400 points"
