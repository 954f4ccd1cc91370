"""The post: a letter is lent to one sender at a time, tried again after ever longer pauses, and then forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app import database
from members import letters
from members.way_tables import Letter
from tests.builders import NOW, days


def posted(session: Session, n: int = 1) -> Letter:
    return letters.post(session, "email", f"anna{n}@shop.test", "Hello\nBcc: x", "Words", NOW, person="p")


def test_a_letter_is_lent_to_one_and_forgotten_when_it_was_taken(session: Session) -> None:
    letter = posted(session)
    assert letter.subject == "Hello Bcc: x"
    assert [one.letter_id for one in letters.lend(session, NOW)] == [letter.letter_id]
    assert letters.lend(session, NOW) == []
    assert letters.lend(session, NOW + timedelta(seconds=119)) == []
    again = letters.lend(session, NOW + timedelta(minutes=2))  # its sender has died
    assert [one.attempts for one in again] == [2]
    letters.sent(session, letter.letter_id, NOW + timedelta(minutes=2))
    session.expire_all()
    assert (letter.text, letter.subject) == ("", "")
    assert letters.lend(session, NOW + timedelta(minutes=30)) == []
    letters.sweep(session, NOW + timedelta(hours=24))
    assert session.exec(select(Letter)).all()
    letters.sweep(session, NOW + days(1) + timedelta(minutes=3))
    assert session.exec(select(Letter)).all() == []


def test_what_is_not_taken_is_tried_again_until_it_is_worth_nothing(session: Session) -> None:
    posted(session)
    now, pauses = NOW, list[float]()
    while now < NOW + timedelta(hours=2):
        for one in letters.lend(session, now):
            letters.put_off(session, one.letter_id, one.attempts, "away", now)
            session.expire_all()
            pauses.append((one.next_at - now).total_seconds())
            assert one.error == "away"
        now += timedelta(seconds=1)
    assert pauses[:8] == [5, 10, 20, 40, 80, 160, 320, 600]
    assert 8 <= len(pauses) <= 15
    letters.sweep(session, NOW + days(2))
    assert session.exec(select(Letter)).all() == []


def test_a_refused_address_is_given_up_at_once(session: Session) -> None:
    letter = posted(session)
    letters.give_up(session, letter.letter_id, "no such box" * 100, NOW)
    session.expire_all()
    assert letters.lend(session, NOW) == []
    assert (letter.text, len(letter.error)) == ("", 200)


def test_there_are_two_channels(session: Session) -> None:
    with pytest.raises(ValueError, match="pigeon"):
        letters.post(session, "pigeon", "x", "", "", NOW)


def test_several_senders_never_have_the_same_letter(engine: Engine) -> None:
    with database.transaction(engine) as session:
        for n in range(60):
            posted(session, n)

    def lent(_: int) -> list[str]:
        return database.attempt(engine, lambda s: [one.address for one in letters.lend(s, NOW, 7)])

    with ThreadPoolExecutor(8) as pool:
        found = [address for some in pool.map(lent, range(16)) for address in some]
    assert len(found) == len(set(found)) == 60
