"""Who holds a badge, by the handlers of the staff page: who is listed, in which order, and what the audit keeps."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from app import database, door
from app.frame.routes import address
from app.jobs import due
from badges.tables import Award, BadgeHolders
from members.actions.awards import grant, revoke
from members.actions.merging import merge
from members.actions.play import switch
from members.actions.record import record
from members.programme import versions
from members.tables import Audit, Member, Standing
from members.views.staff_holders import PAGE
from pages.staff.games import GamesState
from pages.staff.holders import HoldersState
from tests.builders import PROGRAMME, an_order, in_force
from tests.staff.conftest import call, visit
from tests.staff.shop import GAMES, a_game, actions

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]

LIST = "/staff/badges/holders?slug="


async def opened(slug: str, role: str = "support", code: str = "en") -> Any:
    page = visit(HoldersState, role, address(f"{LIST}{slug}", code))
    await call(page, "load")
    return page


def the_other(me: UUID) -> UUID:
    with database.reading(door.engine()) as session:
        return session.exec(select(Standing.member_id).where(Standing.member_id != me)).one()


def looks() -> list[tuple[str, list[str]]]:
    query = select(Audit).where(Audit.action == "badge.holders_viewed").order_by(col(Audit.seq))
    with database.reading(door.engine()) as session:
        return [(row.object, json.loads(row.detail)["members"]) for row in session.exec(query)]


async def test_the_list_says_who_holds_a_badge_and_since_when_the_newest_first() -> None:
    me, now = a_game(), datetime.now(UTC)
    other = the_other(me)
    with database.transaction(door.engine()) as session:
        anna = session.get(Member, me)
        assert anna
        anna.name = "Anna Petrova"
        session.add(anna)
        grant(session, other, "founder", 1, "For the opening", "owner:kim", now, request_id="r1")
    page = await opened("first")
    assert (page.status, page.card.name, page.card.after) == ("here", "First order", "")
    assert [one.key for one in page.card.rows] == [str(other), str(me)]
    assert [one.name for one in page.card.rows] == ["A member without a name", "Anna Petrova"]
    assert page.card.rows[1].path == f"/staff/member?id={me}"
    with database.reading(door.engine()) as session:
        mine = select(Award.awarded_at).where(Award.member_id == me, Award.slug == "first")
        at = session.exec(mine).one().astimezone(versions(session).latest.zone)
    assert page.card.rows[1].words.startswith(f"Theirs since {at.day} {at:%b}")
    regular = await opened("regular")
    assert [one.words.partition(" · ")[0] for one in regular.card.rows] == ["Level 2 of 3"]
    founder = await opened("founder")
    assert founder.card.rows[0].words.startswith("#1 of 5 · Theirs since ")
    assert founder.card.rows[0].note == "Given by hand: For the opening"
    assert (await opened("autumn")).card.rows == ()


async def test_whoever_is_counted_is_listed_and_nobody_else() -> None:
    me, now = a_game(), datetime.now(UTC)
    other = the_other(me)
    assert await listed_and_counted("first") == {str(me), str(other)}
    with database.transaction(door.engine()) as session:
        switch(session, other, "game", now)
    assert await listed_and_counted("first") == {str(me)}
    with database.transaction(door.engine()) as session:
        switch(session, other, "game", now)
        revoke(session, me, "first", "Given by mistake", "owner:kim", now)
    assert await listed_and_counted("first") == {str(other)}
    assert await listed_and_counted("regular") == {str(me)}
    with database.transaction(door.engine()) as session:
        merge(session, me, other, "One person", "owner:kim", now)
    assert await listed_and_counted("regular") == {str(other)}


async def listed_and_counted(slug: str) -> set[str]:
    due.count_badges(door.engine(), datetime.now(UTC))
    page = await opened(slug)
    with database.reading(door.engine()) as session:
        counted = session.get(BadgeHolders, slug)
    assert len(page.card.rows) == (counted.holders if counted else 0)
    return {one.key for one in page.card.rows}


async def test_one_that_expired_is_held_no_more() -> None:
    a_game()
    with database.transaction(door.engine()) as session:
        for row in session.exec(select(Award).where(Award.slug == "regular")):
            row.expires_at = datetime.now(UTC) - timedelta(seconds=1)
            session.add(row)
    assert await listed_and_counted("regular") == set()


async def test_many_holders_of_one_moment_come_page_by_page_each_once_and_each_page_is_audited() -> None:
    now, many = datetime.now(UTC), 2 * PAGE + 7
    with database.transaction(door.engine()) as session:
        in_force(session, PROGRAMME + GAMES)
        at = now - timedelta(days=1)
        orders = [an_order(f"o{n}", "40.00", at=at, subject=f"customer:{n}") for n in range(many)]
        assert all(one.refusal is None for one in record(session, orders, now))
    page = await opened("first")
    assert len(page.card.rows) == PAGE
    for wanted in (2 * PAGE, many, many):
        await call(page, "older")
        assert len(page.card.rows) == wanted
    shown = [one.key for one in page.card.rows]
    assert (len(set(shown)), page.card.after) == (many, "")
    noted = looks()
    assert [one for _, members in noted for one in members] == shown
    assert [thing for thing, _ in noted] == [
        "badge:first", f"badge:first:{shown[PAGE - 1]}", f"badge:first:{shown[2 * PAGE - 1]}",
    ]  # fmt: skip
    await opened("first")
    assert looks() == noted, "a look is noted once an hour"


@pytest.mark.parametrize("role", ["", "member", "marketer", "analyst"])
async def test_who_may_not_see_members_sees_no_holders_and_leaves_no_look(role: str) -> None:
    a_game()
    page = await opened("first", role)
    await call(page, "older")
    assert (page.status, page.card.rows, looks()) == ("stranger", (), [])
    rows = visit(GamesState, role, "/staff/badges")
    await call(rows, "load")
    assert not any(card.holders for card in rows.card.badges)


async def test_the_row_of_a_badge_leads_to_its_holders() -> None:
    a_game()
    rows = visit(GamesState, "support", "/staff/badges")
    await call(rows, "load")
    assert rows.card.badges[0].holders == LIST + "first"
    assert not any(card.holders for card in rows.card.challenges)


@pytest.mark.parametrize("slug", ["", "nobody", "spender", "x" * 9_000, "\x00", "' OR 1=1 --", "💥"])
async def test_what_is_no_badge_is_said_to_be_none(slug: str) -> None:
    a_game()
    page = await opened(slug)
    assert (page.status, page.said) == ("failed", "There is no such badge.")
    assert ("support:kim", "badge.holders_viewed") not in actions()


@pytest.mark.parametrize(("code", "words"), [("ru", "У участника с "), ("ar", "لدى العضو منذ ")])
async def test_the_page_speaks(code: str, words: str) -> None:
    a_game()
    page = await opened("first", code=code)
    assert words in page.card.rows[0].words
    assert page.card.words != "Members who have switched the game off are not listed."
