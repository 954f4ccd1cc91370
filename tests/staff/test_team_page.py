"""The team by the handlers of its page: invited by a link that is shown once, given roles, and let go."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import select

from app import database, door
from app.frame.routes import address
from facts.language import codes
from members import sessions
from members.actions import team
from members.roles import Person
from members.way_tables import Letter, Staff
from pages.staff.approvals import ApprovalsState
from pages.staff.person import PersonState
from pages.staff.team import TeamState
from tests.staff.conftest import call, visit
from tests.staff.shop import a_shop, actions

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house"), pytest.mark.feature(110)]


def staff() -> None:
    """Ada and Eva own the shop, Bo helps."""
    a_shop()
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        for name, role in (("ada", "owner"), ("eva", "owner"), ("bo", "support")):
            session.add(
                Staff(
                    staff_id=name, name=name.title(), email=f"{name}@shop.example", role=role, created_at=now
                )
            )


async def opened(kind: Any, who: str, role: str, path: str) -> Any:
    page = visit(kind, role, path, who=who)
    await call(page, "load")
    return page


async def test_somebody_is_invited_by_a_link_that_is_shown_once_and_posted() -> None:
    staff()
    page = await opened(TeamState, "ada", "owner", "/staff/team")
    assert [one.name for one in page.card.people] == ["Ada", "Eva", "Bo"]
    assert [one.open for one in page.card.people] == [False, True, True]
    for _ in range(2):  # pressed again before the answer has come: the link stays
        await call(page, "invite", {"email": "cy@shop.example", "as": "cashier", "turn": "0"})
    token = page.link.rpartition("/staff/start/")[2]
    assert [one.email for one in page.card.invited] == ["cy@shop.example"]
    with database.reading(door.engine()) as session:
        letter = session.exec(select(Letter)).one()
        assert (letter.address, token in letter.text) == ("cy@shop.example", True)
    await call(page, "load")
    assert page.link == ""
    with database.transaction(door.engine()) as session:
        assert team.accept(session, token, "Cy", "", datetime.now(UTC)).role == "cashier"
    await call(page, "load")
    assert [one.name for one in page.card.people][-1] == "Cy"
    assert page.card.invited == ()


@pytest.mark.parametrize(
    ("email", "wanted"), [("nobody", "cashier"), ("x@shop.example", "king"), ("x@shop.example", "owner")]
)
async def test_what_is_no_invitation_is_kindly_declined(email: str, wanted: str) -> None:
    staff()
    page = await opened(TeamState, "ada", "owner", "/staff/team")
    await call(page, "invite", {"email": email, "as": wanted})
    assert (page.link, page.card.invited, page.turn) == ("", (), 0)  # what was typed stays in the boxes
    assert page.said


async def test_an_invitation_is_taken_back() -> None:
    staff()
    page = await opened(TeamState, "ada", "owner", "/staff/team")
    await call(page, "invite", {"email": "cy@shop.example", "as": "cashier"})
    for key in ("", "zz", "00" * 32):
        await call(page, "take_back", key)
        assert len(page.card.invited) == 1
    await call(page, "take_back", page.card.invited[0].key)
    assert (page.card.invited, page.link) == ((), "")


async def test_a_role_is_changed_and_somebody_goes_and_their_sessions_with_them() -> None:
    staff()
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        token, _ = sessions.start(session, Person("bo", "support"), now)
    page = await opened(TeamState, "ada", "owner", "/staff/team")
    await call(page, "ask_change", "bo")
    assert (page.changing, page.asking_name) == ("bo", "Bo")
    await call(page, "change", {"new_role": "analyst"})
    assert (page.said, page.card.people[2].role) == (
        "Changed. They come in anew with the other role.",
        "Analyst",
    )
    with database.reading(door.engine()) as session:
        assert sessions.person_of(session, token, now) is None
    await call(page, "ask_leave", "ada")
    assert page.leaving == ""  # not oneself
    await call(page, "ask_leave", "bo")
    await call(page, "remove")
    assert [one.name for one in page.card.people] == ["Ada", "Eva"]
    assert actions()[-2:] == [("owner:ada", "staff.role_changed"), ("owner:ada", "staff.removed")]


async def test_a_new_owner_takes_two_and_so_do_many_points() -> None:
    staff()
    page = await opened(TeamState, "ada", "owner", "/staff/team")
    await call(page, "ask_change", "bo")
    await call(page, "change", {"new_role": "owner"})
    assert page.said == "Asked. It is done as soon as a second person agrees."
    mine = await opened(ApprovalsState, "ada", "owner", "/staff/approvals")
    assert [(one.what, one.may_agree, one.may_withdraw) for one in mine.card.waiting] == [
        ("Make Bo Owner", False, True)
    ]
    await call(mine, "agree", mine.card.waiting[0].key)
    assert "Somebody else has to agree" in mine.said
    other = await opened(ApprovalsState, "eva", "owner", "/staff/approvals")
    assert other.desk.waiting == "1"
    await call(other, "agree", other.card.waiting[0].key)
    assert (other.said, other.card.waiting) == ("Agreed, and done.", ())
    assert other.card.decided[0].note.startswith("Eva agreed on ")
    await call(page, "load")
    assert page.card.people[2].role == "Owner"


async def test_support_asks_for_many_points_and_an_owner_refuses_or_agrees() -> None:
    staff()
    with database.reading(door.engine()) as session:
        from tests.builders import standing_of

        me = standing_of(session).member_id
    asking = await opened(PersonState, "bo", "support", f"/staff/member?id={me}")
    for _ in range(2):
        await call(asking, "adjust", {"how_many": "20000", "reason": "The fridge broke"})
        assert asking.said == "Asked. It is done as soon as a second person agrees."
    owner = await opened(ApprovalsState, "eva", "owner", "/staff/approvals")
    first, second = owner.card.waiting
    assert (first.what, first.reason) == ("Give 20,000 points to Anna Petrova", "The fridge broke")
    assert first.asked.startswith("Bo asked on ")
    await call(owner, "ask", first.key)
    await call(owner, "refuse", {"why": "Once is enough"})
    assert (owner.said, owner.asking) == ("Refused. Nothing was done.", "")
    mine = await opened(ApprovalsState, "bo", "support", "/staff/approvals")
    assert "Once is enough" in mine.card.decided[0].note
    await call(mine, "agree", second.key)
    assert "not yours" in mine.said
    await call(owner, "agree", second.key)
    await call(asking, "load")
    assert asking.card.figures[0].value == "20,090"


@pytest.mark.parametrize("key", ["", "x", "0" * 400, "'; --", "00000000-0000-0000-0000-000000000001"])
async def test_a_request_that_is_none(key: str) -> None:
    staff()
    page = await opened(ApprovalsState, "eva", "owner", "/staff/approvals")
    for handler in ("agree", "withdraw"):
        await call(page, handler, key)
        assert page.said == "There is no such request."
    await call(page, "ask", key)
    assert page.asking == ""


@pytest.mark.parametrize("code", codes())
async def test_they_speak_every_language(code: str) -> None:
    staff()
    page = await opened(TeamState, "ada", "owner", address("/staff/team", code))
    assert (page.card.people[0].role == "Owner") == (code == "en")
    assert (page.card.people[0].ways == "No way to come in again yet") == (code == "en")
