"""One question about the member at a time, at the end of home: not on the first day, and “later” is quiet for weeks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from app import database, door
from facts.language import language
from facts.refusals import Refusal
from members.actions import own, record
from members.questions import FIRST_AFTER, QUIET, next_question, put_off
from members.tables import Member
from members.views.home import home
from pages.home import HomeState
from tests.builders import NOW, an_order, days, in_force, standing_of
from tests.pages.conftest import House, call


@pytest.mark.parametrize(
    ("named", "born", "after", "asked"),
    [(False, False, 0.5, ""), (False, False, 1, "name"), (True, False, 9, "birthday"), (True, True, 9, ""),
     (False, True, 9, "name")],
)  # fmt: skip
def test_what_is_asked_first(named: bool, born: bool, after: float, asked: str) -> None:
    assert next_question(NOW, named, born, "", NOW + days(after)) == asked


def test_later_is_quiet_for_weeks_and_then_another_one_is_asked() -> None:
    at = NOW + FIRST_AFTER
    skipped = put_off("", "name", at)
    assert next_question(NOW, False, False, skipped, at + QUIET - timedelta(seconds=1)) == ""
    assert next_question(NOW, False, False, skipped, at + QUIET) == "birthday"
    skipped = put_off(skipped, "birthday", at + QUIET)
    assert next_question(NOW, False, False, skipped, at + QUIET) == ""
    assert next_question(NOW, False, False, skipped, at + QUIET + QUIET) == "name"
    assert next_question(NOW, False, False, "name birthday", at) == "name", "as an earlier version wrote it"


def test_home_asks_says_nothing_of_what_it_knows_and_keeps_quiet(session: Session) -> None:
    in_force(session)
    record(session, [an_order("1", "30.00", at=NOW - days(2))], NOW - days(2))
    mira, english = standing_of(session).member_id, language("en")
    assert home(session, mira, NOW - days(2), english).question == ""
    assert home(session, mira, NOW, english).question == "name"
    own.tell(session, mira, NOW, name="Mira")
    assert home(session, mira, NOW, english).question == "birthday"
    own.skip(session, mira, "birthday", NOW)
    assert home(session, mira, NOW + days(27), english).question == ""
    assert home(session, mira, NOW + days(29), english).question == "birthday"
    own.tell(session, mira, NOW + days(29), birthday="1990-01-02")
    assert home(session, mira, NOW + days(29), english).question == ""


def test_a_question_that_nobody_asks_cannot_be_put_off(session: Session) -> None:
    in_force(session)
    record(session, [an_order("1", "30.00", at=NOW - days(2))], NOW)
    with pytest.raises(Refusal) as refused:
        own.skip(session, standing_of(session).member_id, "password", NOW)
    assert refused.value.sentence() == "There is no such question."


@pytest.mark.anyio
async def test_it_is_answered_or_put_off_on_the_page(house: House) -> None:
    with database.transaction(door.engine()) as session:
        member = session.get_one(Member, house.mira)
        member.name, member.created_at = "", member.created_at - days(9)
        session.add(member)
    page = house.visit(HomeState)
    await call(page, "load")
    assert page.card.question == "name"
    await call(page, "answer", {"name": "Mira"})
    assert page.card.question == "birthday"
    await call(page, "later")
    assert page.card.question == ""
    with database.reading(door.engine()) as session:
        assert session.get_one(Member, house.mira).name == "Mira"
