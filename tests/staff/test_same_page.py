"""One person, two accounts: what staff see of both, what they do, and who has to agree."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from app import database, door
from members.actions import record
from members.actions.approvals import agree
from members.actions.claiming import claim
from members.prove import prove
from members.tables import Audit, Identity, Member, Standing
from members.way_tables import Approval
from pages.staff.person import PersonState
from pages.staff.same import SameState
from tests.builders import an_order, days
from tests.staff.conftest import call, visit
from tests.staff.shop import a_shop, actions

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house"), pytest.mark.feature(8)]


def a_second(spent: str = "20.00", customer: str = "2") -> UUID:
    """Another account, known from an order alone."""
    with database.transaction(door.engine()) as session:
        now = datetime.now(UTC)
        order = an_order(f"second-{customer}", spent, at=now - days(2), subject=f"customer:{customer}")
        record(session, [order], now)
        key = col(Identity.key).endswith(f":{customer}")
        return session.exec(select(Identity.member_id).where(key)).one()


def balance(session: Session, member_id: UUID) -> int:
    return session.exec(select(Standing.balance).where(Standing.member_id == member_id)).one()


async def test_both_are_seen_side_by_side_made_one_and_two_again() -> None:
    me, other = a_shop(), a_second()
    listed = visit(PersonState, "support", f"/staff/member?id={me}")
    await call(listed, "load")
    assert listed.card.may_merge
    page = visit(SameState, "support", f"/staff/member/same?id={me}")
    await call(page, "load")
    assert (page.card.one.name, page.card.one.points) == ("Anna Petrova", "90 points")
    await call(page, "search", {"wanted": "nobody at all"})
    assert "nobody at all" in page.card.words
    await call(page, "search", {"wanted": "2"})
    assert [row.key for row in page.card.found] == [str(other)]
    await call(page, "choose", str(other))
    assert (page.card.other.points, page.card.other.orders) == ("20 points", "1 order")
    await call(page, "merge", {"reason": " "})
    assert "Say why" in page.said
    await call(page, "merge", {"reason": "Two cards, one Anna"})
    assert "one account now" in page.said
    assert (page.card.one.points, page.card.other.key) == ("110 points", "")
    (part,) = page.card.parts
    assert (part.key, part.reason, part.may_undo) == (str(other), "Two cards, one Anna", True)
    await call(page, "undo", str(other))
    assert (page.card.one.points, page.card.parts) == ("90 points", ())
    assert actions()[-1] == ("support:kim", "member.merge_undone")
    with database.transaction(door.engine()) as session:
        row = session.exec(select(Audit.detail).where(Audit.action == "member.merged")).one()
        said = json.loads(row)
        assert (said["before"]["points_of_the_other"], said["after"]["points_of_the_other"]) == (90, 110)
        assert prove(session).flaws == []


async def test_much_that_moves_needs_a_second_person() -> None:
    me, other = a_shop(), a_second("10500.00")
    page = visit(SameState, "support", f"/staff/member/same?id={me}")
    await call(page, "load")
    await call(page, "choose", str(other))
    await call(page, "merge", {"reason": "Two cards, one Anna"})
    assert "second person" in page.said
    with database.transaction(door.engine()) as session:
        assert session.get_one(Member, other).status == "draft"
        asked = session.exec(select(Approval)).one()
        agree(session, asked.approval_id, "owner:ada", datetime.now(UTC))
        assert session.get_one(Member, other).status == "merged"
        done = select(Audit.detail).where(Audit.action == "member.merged")
        assert json.loads(session.exec(done).one())["agreed_by"] == "owner:ada"


async def test_a_draft_gets_its_code_once_and_a_stranger_gets_nothing() -> None:
    me, other = a_shop(), a_second()
    page = visit(SameState, "support", f"/staff/member/same?id={other}")
    await call(page, "load")
    assert page.card.draft
    await call(page, "make_code")
    with database.transaction(door.engine()) as session:
        claim(session, me, page.code, datetime.now(UTC))
        assert balance(session, me) == 110
    await call(page, "load")
    assert page.code == ""
    await call(page, "make_code")
    assert (page.code, "nothing to claim" in page.said or "closed" in page.said) == ("", True)
    for role in ("", "cashier", "marketer", "analyst"):
        page = visit(SameState, role, f"/staff/member/same?id={me}")
        await call(page, "load")
        assert (page.status, page.card.one.key) == ("stranger", "")
