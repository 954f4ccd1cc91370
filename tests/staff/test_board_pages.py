"""Boards for staff by the handlers of their page: who leads, and an alias that is taken away."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from app import database, door
from app.frame.routes import address
from app.jobs import due
from facts.language import codes
from members.actions.boards import enter
from members.actions.record import record
from pages.staff.boards import StaffBoardsState
from tests.builders import PROGRAMME, an_order, in_force, standing_of
from tests.staff.conftest import call, visit
from tests.staff.shop import actions

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house"), pytest.mark.feature(73)]

BOARDS = """
boards:
  - {slug: orders, name: {en: Orders}, criterion: {kind: count, at_least: 1}}
  - {slug: resting, name: {en: Resting}, paused: true, criterion: {kind: count, at_least: 1}}
"""


def two_members() -> list[UUID]:
    """A shop with boards, and two who stand on them."""
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        in_force(session, PROGRAMME + BOARDS)
        members: list[UUID] = []
        for customer in (1, 2):
            orders = [
                an_order(f"{customer}-{i}", "5.00", at=now, subject=f"customer:{customer}")
                for i in range(customer)
            ]
            record(session, orders, now)
            members.append(standing_of(session, str(customer)).member_id)
            enter(session, members[-1], f"Player {customer}", now)
    due.follow_boards(door.engine(), now)
    return members


async def opened(role: str, path: str = "/staff/boards") -> Any:
    page = visit(StaffBoardsState, role, path)
    await call(page, "load")
    return page


async def test_who_leads_is_told_by_alias_alone() -> None:
    two_members()
    page = await opened("owner")
    assert [(row.place, row.alias, row.score) for row in page.card.boards[0].rows] == [
        ("1", "Player 2", "2 orders"), ("2", "Player 1", "1 order"),
    ]  # fmt: skip
    assert [board.state for board in page.card.boards] == ["Running", "Paused"]
    assert page.card.boards[0].players == "2 members are listed"


async def test_an_alias_is_taken_away_with_a_reason() -> None:
    two_members()
    page = await opened("support")
    await call(page, "take", {"alias": "player-2", "alias_reason": "It names a neighbour"})
    assert [row.alias for row in page.card.boards[0].rows] == ["Player 1"]
    assert page.said == "The alias is taken away, and its member reads why."
    assert actions()[-1] == ("support:kim", "alias.taken")
    await call(page, "take", {"alias": "player-2", "alias_reason": "Again"})
    assert page.said == "Nobody stands on the boards as “player-2”."


@pytest.mark.parametrize("role", ["marketer", "cashier"])
async def test_others_are_turned_away(role: str) -> None:
    two_members()
    page = await opened(role)
    assert page.status == "stranger"
    await call(page, "take", {"alias": "Player 2", "alias_reason": "It names a neighbour"})
    assert [action for _, action in actions()] == ["programme.applied"]


@pytest.mark.parametrize("code", codes())
async def test_the_page_speaks(code: str) -> None:
    two_members()
    page = await opened("owner", address("/staff/boards", code))
    assert page.status == "here"
    assert (page.card.boards[0].players == "2 members are listed") == (code == "en")
