"""Consents: what was agreed to, in which words, and how it is taken back."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from facts.refusals import Refusal
from members import consents
from members.actions import own, record
from tests.builders import NOW, an_order, days, in_force, standing_of

SECRET = b"a secret that nobody can guess 123456"


@pytest.mark.feature(98)
def test_each_decision_is_kept_with_its_text_version_and_time(session: Session) -> None:
    in_force(session)
    record(session, [an_order("1", "30.00")], NOW)
    mira = standing_of(session).member_id
    assert consents.given(session, mira) == set()
    assert consents.decide(session, mira, "offers", "email", True, NOW, language_code="ru", way="me")
    assert not consents.decide(session, mira, "offers", "email", True, NOW + days(1)), "nothing new"
    assert consents.given(session, mira) == {("offers", "email")}
    assert consents.decide(session, mira, "offers", "email", False, NOW + days(2), way="me")
    assert consents.given(session, mira) == set()
    first, second = consents.history(session, mira)
    assert (first.given, first.version, first.language, first.at) == (True, consents.VERSION, "ru", NOW)
    assert first.text == "Пишите мне о предложениях и новинках магазина."
    assert (second.given, second.seq, second.language) == (False, 2, "en")


def test_what_is_not_in_the_list_cannot_be_agreed_to(session: Session) -> None:
    in_force(session)
    record(session, [an_order("1", "30.00")], NOW)
    mira = standing_of(session).member_id
    for purpose, channel in (("everything", "email"), ("profiling", "email"), ("offers", "pigeon")):
        with pytest.raises(Refusal, match="nothing of this kind"):
            consents.decide(session, mira, purpose, channel, True, NOW)


def test_nobody_is_written_to_who_pauses(session: Session) -> None:
    in_force(session)
    record(session, [an_order("1", "30.00")], NOW)
    mira = standing_of(session).member_id
    consents.decide(session, mira, "programme", "email", True, NOW)
    assert consents.may_write(session, mira, "programme", "email")
    own.pause(session, mira, NOW)
    assert not consents.may_write(session, mira, "programme", "email")
    own.resume(session, mira, NOW)
    assert consents.may_write(session, mira, "programme", "email")
    assert not consents.may_write(session, mira, "programme", "phone")


def test_an_unsubscribe_token_names_its_member_and_cannot_be_made_by_others(session: Session) -> None:
    in_force(session)
    record(session, [an_order("1", "30.00")], NOW)
    mira = standing_of(session).member_id
    token = consents.unsubscribe_token(mira, "offers", "email", SECRET)
    assert consents.unsubscribe_named(token, SECRET) == (mira, "offers", "email")
    for wrong in (token[:-1], token.replace("offers", "programme"), "", "....", "\udc80", token + "x"):
        assert consents.unsubscribe_named(wrong, SECRET) is None
    assert consents.unsubscribe_named(token, b"another secret") is None
