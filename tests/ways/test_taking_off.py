"""An address that is taken off stays nowhere, not even as the one that news went to."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, select

from members import letting_know, sessions
from members.actions import reaching
from members.actions.identify import identify
from members.actions.merging import merge
from members.own_tables import Profile
from members.roles import MEMBER, Person
from members.tables import BrowserSession, Identity
from tests.builders import NOW
from tests.own.test_merging import two

OLD, NEW = "email:old@shop.example", "email:new@shop.example"


def take_off(session: Session, member_id: UUID, address: str) -> None:
    """In a session in which a code was typed a moment ago."""
    sessions.start(session, Person(str(member_id), MEMBER), NOW - timedelta(minutes=2))
    row = session.exec(select(BrowserSession)).one()
    row.proved_at = NOW - timedelta(minutes=1)
    session.flush()
    reaching.remove(
        session, member_id, reaching.ident_of(session.get_one(Identity, address)), row.digest, NOW
    )


def wanted(session: Session, *members: UUID) -> list[str]:
    session.expire_all()
    return [session.get_one(Profile, one).letters_to for one in members]


@pytest.mark.feature(6)
def test_it_goes_from_every_account_of_the_person(session: Session) -> None:
    part, kept = two(session)
    identify(session, part, OLD, NOW)
    letting_know.choose_address(session, part, OLD)
    identify(session, kept, NEW, NOW)
    merge(session, part, kept, "", "owner:ada", NOW)
    letting_know.choose_address(session, kept, OLD)
    assert wanted(session, part, kept) == [OLD, OLD]
    take_off(session, kept, OLD)
    assert session.get(Identity, OLD) is None
    assert wanted(session, part, kept) == ["", ""]


@pytest.mark.feature(6)
def test_another_one_that_was_chosen_stays_so(session: Session) -> None:
    _, mira = two(session)
    for address in (OLD, NEW):
        identify(session, mira, address, NOW)
    letting_know.choose_address(session, mira, NEW)
    take_off(session, mira, OLD)
    assert wanted(session, mira) == [NEW]
