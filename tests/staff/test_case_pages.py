"""The queue of cases by the handlers of its page: what staff are told, who may decide, and what comes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from app import database, door
from app.frame.routes import address
from facts.language import codes
from members.actions.record import record
from members.case_tables import HeldFact
from members.tables import Audit
from pages.staff.cases import CasesState
from tests.builders import PROGRAMME, a_fact, in_force, standing_of
from tests.staff.conftest import call, visit
from tests.staff.shop import actions, called_anna

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house"), pytest.mark.feature(79)]

REVIEWS = "  - {kind: fixed_points, slug: review, on: review.posted, points: 10}\n"
GUARDED = PROGRAMME.replace("rewards: []\n", """
guards:
  - slug: reviews
    name: {en: Many reviews at once}
    on: review.posted
    at_most: 3
    within: {minutes: 90}
""").replace("tiers:\n", f"{REVIEWS}tiers:\n", 1)  # fmt: skip


def a_burst(many: int = 5, apart: timedelta = timedelta(minutes=1)) -> UUID:
    """A shop, and Anna who posts so many reviews at once."""
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        in_force(session, GUARDED)
        facts = [a_fact("review.posted", {"review_id": f"r{i}", "rating": 5}, id=f"r{i}",
                        at=now - timedelta(hours=2) + i * apart) for i in range(many)]  # fmt: skip
        record(session, facts, now)
        return called_anna(session)


def balance() -> int:
    with database.reading(door.engine()) as session:
        return standing_of(session).balance


async def opened(role: str, path: str = "/staff/cases") -> Any:
    page = visit(CasesState, role, path)
    await call(page, "load")
    return page


async def test_what_came_in_one_minute_has_one_moment() -> None:
    a_burst(apart=timedelta(0))
    page = await opened("support")
    found = page.card.open[0].found
    assert found.startswith("5 actions on ")
    assert found.count(":") == 1


async def test_the_evidence_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    member_id = a_burst()
    page = await opened("support")
    assert page.status == "here"
    assert page.card.words == "1 case waits for a decision."
    card = page.card.open[0]
    assert (card.name, card.guard, card.state) == ("Anna Petrova", "Many reviews at once", "To be decided")
    assert card.path == f"/staff/member?id={member_id}"
    assert card.found.startswith("5 actions between ")
    assert card.allowed == "At most 3 within 90 minutes are believed."
    assert card.sources == "From shop.example/orders"
    assert (card.may_release, card.may_reject) == (True, True)
    await call(page, "look", card.key)
    assert [fact.said for fact in page.facts][:2] == ["review_id r0, rating 5", "review_id r1, rating 5"]
    assert len(page.facts) == 5
    await call(page, "look", card.key)
    assert (page.looking, page.facts) == ("", [])
    await call(page, "look", card.key)
    await call(page, "look", f"{member_id} nothing 7")
    assert page.facts == []
    with database.reading(door.engine()) as session:
        looks = session.exec(select(Audit).where(Audit.action == "case.viewed")).all()
    assert [one.object for one in looks] == [f"case:{card.key}"], "what there is, once an hour"


async def test_an_analyst_looks_and_neither_decides_nor_learns_who_it_is() -> None:
    """Staff who may not see members see the burst: not whose it is, and not what was said."""
    a_burst()
    page = await opened("analyst")
    card = page.card.open[0]
    assert (card.name, card.path) == ("A member", "")
    assert (card.may_release, card.may_reject) == (False, False)
    assert card.found.startswith("5 actions between ")
    assert card.allowed == "At most 3 within 90 minutes are believed."
    await call(page, "look", card.key)
    assert [(fact.type, fact.said) for fact in page.facts] == [("review.posted", "")] * 5
    assert all(fact.when for fact in page.facts)
    assert "Anna" not in repr(page.card) + repr(page.facts)


async def test_the_facts_are_those_that_are_held_and_it_says_how_many_more_there_are() -> None:
    """An honest review of the day before, and one of another kind amid the burst, are no evidence."""
    member_id = a_burst(25)
    now = datetime.now(UTC)
    amid = now - timedelta(hours=2) + timedelta(minutes=3)
    with database.transaction(door.engine()) as session:
        record(session, [
            a_fact("review.posted", {"review_id": "early", "rating": 1}, id="early", at=now - timedelta(days=1)),
            a_fact("social.shared", {"network": "x"}, id="s", at=amid),
        ], now)  # fmt: skip
        held = session.exec(select(HeldFact.fact_id).where(HeldFact.member_id == member_id)).all()
    assert len(held) == 25
    page = await opened("owner")
    await call(page, "look", page.card.open[0].key)
    keys = [fact.key.removeprefix("shop.example/orders ") for fact in page.facts]
    assert set(keys[:-1]) <= set(held)
    assert (len(keys), page.facts[-1].said) == (21, "and 5 more")


async def test_what_came_after_the_look_is_not_decided_unseen() -> None:
    """Refused, shown as it is now, and decided only once that was seen."""
    a_burst()
    page = await opened("support")
    key = page.card.open[0].key
    await call(page, "ask", key, "release")
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        more = [a_fact("review.posted", {"review_id": f"m{i}", "rating": 5}, id=f"m{i}",
                       at=now - timedelta(hours=2) + timedelta(minutes=10 + i)) for i in range(7)]  # fmt: skip
        record(session, more, now)
    await call(page, "decide", {"case_reason": "She reviewed a whole shelf"})
    assert page.said == "The case has changed meanwhile. Look again, then decide."
    assert (page.asking, balance(), actions_of_cases()) == ("", 0, [])
    assert page.card.open[0].found.startswith("12 actions between ")
    await call(page, "ask", key, "release")
    await call(page, "decide", {"case_reason": "Twelve, and all true"})
    assert (page.said, balance()) == ("Released. It is paid.", 120)


async def test_two_who_decide_at_once_decide_once() -> None:
    a_burst()
    one, other = await opened("support"), await opened("owner")
    key = one.card.open[0].key
    await call(one, "ask", key, "release")
    await call(other, "ask", key, "reject")
    await call(one, "decide", {"case_reason": "They are true"})
    await call(other, "decide", {"case_reason": "They are not"})
    assert other.said == "The case has changed meanwhile. Look again, then decide."
    assert (other.asking, other.card.decided[0].state, balance()) == ("", "Released", 50)


def actions_of_cases() -> list[tuple[str, str]]:
    return [one for one in actions() if one[1].startswith("case.")]


async def test_released_with_a_tap_and_a_reason_and_taken_back_with_another() -> None:
    a_burst()
    page = await opened("support")
    key = page.card.open[0].key
    await call(page, "ask", key, "release")
    assert (page.asking, page.asking_name, page.releasing) == (key, "Anna Petrova", True)
    await call(page, "decide", {"case_reason": " "})
    assert page.said == "Say why, in 3 to 500 characters."
    assert (page.asking, balance()) == (key, 0)
    await call(page, "decide", {"case_reason": "She reviewed a whole shelf"})
    assert (page.said, page.asking, balance()) == ("Released. It is paid.", "", 50)
    assert page.card.open == ()
    assert page.card.words == "0 cases wait for a decision."
    card = page.card.decided[0]
    assert (card.state, card.may_release, card.may_reject) == ("Released", False, True)
    assert card.note.startswith("Support (kim) on ")
    assert card.note.endswith(": She reviewed a whole shelf")
    await call(page, "ask", key, "reject")
    await call(page, "decide", {"case_reason": "They were copies"})
    assert (page.said, balance()) == ("Rejected. It stays out.", 0)
    assert page.card.decided[0].state == "Rejected"
    assert actions_of_cases() == [
        ("support:kim", "case.released"), ("support:kim", "case.rejected"),
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["", "marketer", "cashier"])
async def test_who_may_not_see_them_sees_nothing(role: str) -> None:
    a_burst()
    page = await opened(role)
    assert (page.status, page.card.open) == ("stranger", ())


async def test_an_analyst_cannot_decide_whatever_the_browser_sends() -> None:
    a_burst()
    page = await opened("analyst")
    await call(page, "ask", page.card.open[0].key, "release")
    await call(page, "decide", {"case_reason": "let them"})
    assert balance() == 0
    assert page.card.open[0].state == "To be decided"


@pytest.mark.parametrize(
    "key", ["", "x", "no such case 1", "'; drop table held_case; -- a 1", "\x00 b 1", "a" * 500]
)
async def test_a_key_that_is_none_is_kindly_declined(key: str) -> None:
    a_burst()
    page = await opened("owner")
    await call(page, "look", key)
    assert page.facts == []
    await call(page, "ask", key, "release")
    await call(page, "decide", {"case_reason": "let them"})
    assert (balance(), page.said) == (0, "There is no such case.")


@pytest.mark.parametrize("code", codes())
async def test_it_speaks_every_language(code: str) -> None:
    a_burst()
    page = await opened("owner", address("/staff/cases", code))
    card = page.card.open[0]
    assert card.found
    assert (card.state == "To be decided") == (code == "en")
    assert ("At most" in card.allowed) == (code == "en")
