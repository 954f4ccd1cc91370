"""Against a stolen sign-in: more than so many points ask for a fresh code where a member is new."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from facts.refusals import Refusal
from members import devices, letting_know, sessions, takeover
from members.actions import joining
from members.actions.identify import identify
from members.roles import MEMBER, Person
from members.way_tables import Letter
from tests.builders import NOW, PROGRAMME, days, in_force

KEY = b"k" * 32
SAFE = "safety: {fresh_above: 100, cooling_hours: 24}\nrewards: []"
ANNA = "email:anna@shop.test"


@pytest.fixture
def anna(session: Session) -> UUID:
    in_force(session, PROGRAMME.replace("rewards: []", SAFE))
    return joining.join(session, ANNA, joining.Wish(), NOW)


def come(session: Session, member_id: UUID, now: object, token: str = "phone", way: str = "code") -> bytes:
    """A session on a device that is known by `token`; its digest."""
    device = devices.digest(token, KEY)
    devices.remember(session, member_id, device, "", now, trusted=True)  # type: ignore[arg-type]
    opened, _ = sessions.start(session, Person(str(member_id), MEMBER), now, way=way, device=device)  # type: ignore[arg-type]
    session.flush()
    return sessions.digest(opened)


def refused(session: Session, member_id: UUID, known: bytes, points: int, now: object) -> bool:
    try:
        takeover.check(session, member_id, known, points, now)  # type: ignore[arg-type]
    except Refusal as refusal:
        return refusal.code == "fresh_code_needed"
    return False


def newest(session: Session) -> Letter:
    found = session.exec(select(Letter).order_by(col(Letter.letter_id).desc())).first()
    assert found
    return found


def test_a_new_device_needs_a_code_above_the_limit_until_it_has_cooled(session: Session, anna: UUID) -> None:
    known = come(session, anna, NOW)
    assert [refused(session, anna, known, points, NOW) for points in (100, 101)] == [False, True]
    assert refused(session, anna, known, 101, NOW + timedelta(hours=23, minutes=59))
    assert not refused(session, anna, known, 101, NOW + timedelta(hours=24))
    later = NOW + days(30)
    assert not refused(session, anna, come(session, anna, later), 10**6, later)
    assert refused(session, anna, come(session, anna, later, "a thief's"), 101, later)


def test_a_fresh_code_opens_this_session_for_a_quarter_of_an_hour(session: Session, anna: UUID) -> None:
    known, other = come(session, anna, NOW), come(session, anna, NOW, "tablet")
    begun = takeover.send(session, anna, KEY, NOW)
    code = re.findall(r"\d{6}", newest(session).text)[0]
    assert newest(session).address == "anna@shop.test"
    with pytest.raises(Refusal, match="does not fit"):
        takeover.prove(session, anna, known, begun.token, "no code", KEY, NOW)
    at = NOW + timedelta(minutes=1)
    takeover.prove(session, anna, known, begun.token, code, KEY, at)
    assert not refused(session, anna, known, 101, at + timedelta(minutes=14))
    assert refused(session, anna, known, 101, at + timedelta(minutes=15))
    assert refused(session, anna, other, 101, at)


def test_another_members_code_opens_nothing(session: Session, anna: UUID) -> None:
    boris = joining.join(session, "email:boris@shop.test", joining.Wish(), NOW)
    known = come(session, anna, NOW)
    begun = takeover.send(session, boris, KEY, NOW)
    code = re.findall(r"\d{6}", newest(session).text)[0]
    with pytest.raises(Refusal):
        takeover.prove(session, anna, known, begun.token, code, KEY, NOW)
    assert refused(session, anna, known, 101, NOW)


def test_after_an_address_was_added_every_device_is_new_and_the_old_address_is_asked(
    session: Session, anna: UUID
) -> None:
    known, later = come(session, anna, NOW), NOW + days(30)
    identify(session, anna, "email:thief@evil.test", later)
    assert refused(session, anna, known, 101, later + timedelta(hours=1))
    takeover.send(session, anna, KEY, later)
    assert newest(session).address == "anna@shop.test"
    assert not refused(session, anna, known, 101, later + timedelta(hours=25))


def test_the_demo_and_members_without_an_address_are_not_asked(session: Session, anna: UUID) -> None:
    assert not refused(session, anna, come(session, anna, NOW, way="demo"), 10**6, NOW)
    nobody = joining.join(session, "", joining.Wish(), NOW)
    assert not refused(session, nobody, come(session, nobody, NOW, way="passkey"), 10**6, NOW)
    with pytest.raises(Refusal, match="no address"):
        takeover.send(session, nobody, KEY, NOW)


def test_who_has_only_a_phone_number_is_told_by_text_message(session: Session, anna: UUID) -> None:
    member_id = joining.join(session, "phone:+14155550123", joining.Wish(), NOW)
    letting_know.tell(session, Person(str(member_id), MEMBER), takeover.MUCH, NOW)
    letter = newest(session)
    assert (letter.channel, letter.address) == ("phone", "+14155550123")
    assert "many points" in letter.text
    identify(session, member_id, "email:new@shop.test", NOW + days(1))
    letting_know.tell(session, Person(str(member_id), MEMBER), takeover.MUCH, NOW)
    assert sorted(one.channel for one in session.exec(select(Letter).where(Letter.person == str(member_id)))) == [
        "email", "phone",
    ]  # fmt: skip
