"""Home at a glance: one question says who asks and what they see, and nobody gets round their session."""

from __future__ import annotations

import sys
from collections import OrderedDict
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import psycopg
from sqlmodel import Session, col

from app import database, door, lines
from app.door import Admitted, Glance, Turned
from facts.language import language
from members import sessions
from members.cards import HomeCard
from members.programme import Timeline
from members.programme import versions as known_versions
from members.roles import MEMBER, Capability, Person
from members.tables import BrowserSession
from members.views.home import home, home_answer, home_question
from pages.home import HomeState
from tests.pages.conftest import NOW, House, asked, call

pytestmark = pytest.mark.anyio
ENGLISH = language("en")


def whole(session: Session, person: Person, now: datetime) -> HomeCard:
    return home(session, person.member_id, now, ENGLISH)


VIEW = Glance(
    home_question, lambda rows, person, now: home_answer(rows, person.member_id, now, ENGLISH), whole
)


def a_token(person: Person, now: datetime = NOW) -> str:
    with database.transaction(door.engine()) as session:
        known_versions(session)  # this process has shown a page before
        return sessions.start(session, person, now)[0]


def glance(token: str) -> Admitted[HomeCard] | Turned:
    return door.glanced(token, Capability.SEE_OWN, VIEW)


async def test_on_the_event_loop_the_door_says_the_same(house: House) -> None:
    """With `app.lines`, which a web process has on PostgreSQL, and without."""
    state, stranger = house.visit(HomeState), house.visit(HomeState, who="")
    staff = house.visit(HomeState, who="staff")
    a_token(Person(str(house.mira), MEMBER))
    async with lines.opened(door.engine()):
        with asked() as seen:
            await call(state, "load")
        assert (state.status, state.card.balance) == ("here", "400")
        assert seen == [] or door.engine().dialect.name == "sqlite"  # no thread has asked
        for turned in (stranger, staff):
            await call(turned, "load")
            assert (turned.status, turned.card) == ("stranger", HomeCard())
        with database.transaction(door.engine()) as session:
            sessions.end_all(session, Person(str(house.mira), MEMBER), NOW)
        await call(state, "load")
        assert state.status == "stranger"


async def test_opening_home_asks_one_question(house: House) -> None:
    state = house.visit(HomeState)
    a_token(Person(str(house.mira), MEMBER))
    with asked() as seen:
        await call(state, "load")
    assert (state.status, state.card.balance) == ("here", "400")
    assert len(seen) == 1, seen


def test_the_question_is_short_enough_to_be_taken_apart_once() -> None:
    """See docs/decisions/0013: psycopg remembers a statement below 4096 characters."""
    assert len(str(home_question().compile(dialect=psycopg.dialect()))) < 4096


async def test_it_is_the_card_that_is_had_at_length(house: House) -> None:
    answer = glance(a_token(Person(str(house.mira), MEMBER)))
    with database.reading(door.engine()) as session:
        assert answer == Admitted(home(session, house.mira, NOW, ENGLISH))


async def test_a_process_that_does_not_know_the_programme_yet_asks_at_length(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = a_token(Person(str(house.mira), MEMBER))
    monkeypatch.setattr(
        sys.modules["members.programme.versions"], "_remembered", OrderedDict[str, Timeline]()
    )
    with asked() as seen:
        answer = glance(token)
    assert isinstance(answer, Admitted)
    assert answer.value.balance == "400"
    assert len(seen) > 1
    with asked() as seen:
        assert glance(token) == answer
    assert len(seen) == 1


@pytest.mark.parametrize("token", ["", "made up", "x" * 5000, "\udcff", "\x00", "' OR 1=1 --"])
async def test_who_has_no_session_sees_nothing(house: House, token: str) -> None:
    a_token(Person(str(house.mira), MEMBER))
    answer = glance(token)
    assert isinstance(answer, Turned)
    assert answer.signed_out


async def test_a_session_that_is_over_or_was_ended_opens_nothing(house: House) -> None:
    mira = Person(str(house.mira), MEMBER)
    over = a_token(mira, NOW - timedelta(days=sessions.MEMBER_DAYS))
    ended = a_token(mira)
    with database.transaction(door.engine()) as session:
        sessions.end(session, ended, NOW)
    for token in (over, ended):
        answer = glance(token)
        assert isinstance(answer, Turned)
        assert answer.signed_out


@pytest.mark.parametrize("role", ["owner", "support", "cashier", "analyst", "marketer"])
async def test_staff_see_no_member_even_under_a_members_id(house: House, role: str) -> None:
    for name in ("kim", str(house.mira)):
        answer = glance(a_token(Person(name, role)))
        assert isinstance(answer, Turned)
        assert not answer.signed_out


async def test_the_person_is_the_sessions_own(house: House) -> None:
    """Whoever the row is given to sees theirs: who asks is not remembered between two glances."""
    token = a_token(Person(str(house.mira), MEMBER))
    assert isinstance(glance(token), Admitted)
    with database.transaction(door.engine()) as session:
        stranger = "0198c0de-0000-7000-8000-000000000001"
        mine = col(BrowserSession.digest) == sessions.digest(token)
        session.execute(update(BrowserSession).where(mine).values(person=stranger))
    answer = glance(token)
    assert isinstance(answer, Turned)
    assert "no such member" in answer.sentence()
