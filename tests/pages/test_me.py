"""The page about oneself: what is written down, agreed to, paused and left."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app import database, door, limits
from members import consents
from members.actions import record
from members.actions.claiming import make_code
from members.tables import Member
from pages.me import MeState
from tests.builders import an_order
from tests.pages.conftest import House, call

pytestmark = pytest.mark.anyio


async def test_a_member_says_who_they_are(house: House) -> None:
    state = house.visit(MeState, "/me")
    await call(state, "load")
    assert (state.status, state.card.name) == ("here", "")
    await call(state, "keep", {"name": " Mira  Sol", "birthday": "1990-02-03", "language": "ar"})
    assert (state.card.name, state.card.birthday) == ("Mira Sol", "1990-02-03")
    assert state.said == "Kept. Thank you."
    await call(state, "keep", {"birthday": "1990-02-04"})
    assert state.problem.startswith("A birthday can be corrected once a year")
    with database.reading(door.engine()) as session:
        assert session.get_one(Member, house.mira).language == "ar"


@pytest.mark.feature(98)
async def test_consents_are_switched_one_by_one(house: House) -> None:
    state = house.visit(MeState, "/ru/me")
    await call(state, "load")
    assert [one.name for one in state.card.agreed] == ["programme", "offers", "profiling"]
    assert not any(switch.on for one in state.card.agreed for switch in one.switches)
    await call(state, "agree", "offers:email")
    assert [s.name for one in state.card.agreed for s in one.switches if s.on] == ["offers:email"]
    await call(state, "agree", "offers:pigeon")
    assert state.said == "Такого согласия у нас нет."
    await call(state, "agree", "offers:email")
    with database.reading(door.engine()) as session:
        told = [(one.given, one.language, one.way) for one in consents.history(session, house.mira)]
    assert told == [(True, "ru", "me"), (False, "ru", "me")]


@pytest.mark.feature(9)
async def test_pausing_leaving_and_coming_back(house: House) -> None:
    state = house.visit(MeState, "/me")
    await call(state, "load")
    await call(state, "pause")
    assert state.card.paused
    await call(state, "pause")
    assert not state.card.paused
    await call(state, "ask")
    assert state.leaving
    await call(state, "leave")
    assert not state.leaving
    assert state.card.left
    assert "30 days" in state.said
    await call(state, "come_back")
    assert not state.card.left


@pytest.mark.parametrize("who", ["", "staff"])
async def test_nobody_else_has_a_page_here(house: House, who: str) -> None:
    state = house.visit(MeState, "/me", who=who)
    await call(state, "load")
    assert state.status == "stranger"
    for handler, values in (("keep", [{"name": "x"}]), ("agree", ["offers:email"]), ("pause", []),
                            ("leave", []), ("come_back", [])):  # fmt: skip
        state.said = ""
        await call(state, handler, *values)
        assert state.said
    with database.reading(door.engine()) as session:
        assert session.get_one(Member, house.mira).status == "draft"


@pytest.mark.feature(6)
async def test_a_code_from_the_shop_is_typed_here_and_not_tried_many_times(house: House) -> None:
    limits.forget()
    with database.transaction(door.engine()) as session:
        now = datetime.now(UTC)
        (made,) = record(session, [an_order("77", "11.00", at=now, subject="customer:77")], now)
        assert made.member_id
        code = make_code(session, made.member_id, b"k" * 10, "owner:ada", now)
    state = house.visit(MeState, "/me")
    await call(state, "load")
    await call(state, "claim", {"code": "nothing"})
    assert state.wrong.startswith("This code does not fit")
    await call(state, "claim", {"code": code})
    assert (state.wrong, state.said) == ("", "It is yours now.")
    for _ in range(5):
        await call(state, "claim", {"code": "nothing"})
    assert state.wrong.startswith("That was a little too often")
    limits.forget()
