"""Back-fill equals having been there live, shows beforehand what it will do, and can be undone."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from badges.credentials.reading import presented
from badges.credentials.tables import Credential
from members import programme
from members.actions import record
from members.actions.backfill import backfill, preview
from members.actions.sharing import sign
from members.issuer import issuer
from members.prove import prove
from members.views.credentials import Finding, verify
from tests.budget import CALM, examples
from tests.builders import NOW, PROGRAMME, an_order, days, in_force, standing_of
from tests.members.test_law import PLAYED, PROGRAMMES, facts_of, histories, in_batches, state

PLAIN = PROGRAMMES["rich"].replace(", keep: next_year", "")
LATER = PLAYED.replace("slug:", "counts: from_beginning, slug:").replace(
    "- counts: from_beginning, slug: both\n", "- slug: both\n    counts: from_beginning\n"
)
FEWER = PLAYED.replace("levels: 4}", "levels: 1}").replace(", {at: 2, prize: {points: 4}}]", "]")
LATE = """
badges:
  - {slug: late, name: Late, counts: from_beginning, criterion: {kind: count, at_least: 1}}
"""
ADDRESS, SECRET = "https://club.example.com", b"a secret of thirty-two characters"


def publish(session: Session, text: str, base: int) -> None:
    programme.apply(session, programme.load(text), base=base, actor="test", now=NOW)


@pytest.mark.parametrize("before", ["", FEWER], ids=["badges", "levels"])
@given(history=histories(), seed=st.integers())
@settings(max_examples=examples(8, full=20), deadline=None, suppress_health_check=CALM)
@pytest.mark.feature(63)
def test_a_back_fill_ends_where_being_there_would_have_ended(
    session: Session, before: str, history: list[tuple[str, Any]], seed: int
) -> None:
    """The same history under the badges from the first version on, and under badges or levels that come at the end."""
    source = "S"
    whole = session.begin_nested()
    in_force(session, PLAIN + PLAYED)
    in_batches(session, facts_of(history, source), random.Random(seed))
    there = state(session, source)
    whole.rollback()
    session.expire_all()
    late = session.begin_nested()
    in_force(session, PLAIN + before)
    in_batches(session, facts_of(history, source), random.Random(seed))
    publish(session, PLAIN + LATER, 1)
    member_id = standing_of(session, source=source).member_id
    expected, cost = preview(session, [member_id], NOW)
    found, points = backfill(session, [member_id], NOW)
    assert (found, points) == (expected, cost)
    assert state(session, source) == there
    assert backfill(session, [member_id], NOW)[0] == []
    assert prove(session).flaws == []
    late.rollback()
    session.expire_all()


@pytest.mark.feature(63, 66)
def test_what_was_signed_is_revoked_when_a_back_fill_takes_the_badge_back(session: Session) -> None:
    """Filled, signed, undone: the credential fails; filled again, another one is good and the old one stays revoked."""
    in_force(session)
    record(session, [an_order("early", "1.00", at=NOW - days(3))], NOW)
    member_id = standing_of(session).member_id

    def found(one: Credential) -> Finding:
        return verify(session, presented(one.token.encode()), issuer(session, ADDRESS, NOW), NOW).finding

    def filled(text: str, base: int) -> int:
        publish(session, PROGRAMME + text, base)
        return len(backfill(session, [member_id], NOW)[0])

    assert filled(LATE, 1) == 1
    signed = sign(session, member_id, "late", ADDRESS, NOW, SECRET)
    publish(session, PROGRAMME + LATE.replace("from_beginning", "from_now"), 2)
    assert len(preview(session, [member_id], NOW)[0]) == 1
    assert found(signed) is Finding.VALID, "to look at what would be taken back takes nothing back"
    assert len(backfill(session, [member_id], NOW)[0]) == 1
    assert found(signed) is Finding.REVOKED
    assert session.get_one(Credential, (member_id, signed.credential_id)).reason == "rules"
    assert filled(LATE, 3) == 1
    again = sign(session, member_id, "late", ADDRESS, NOW, SECRET)
    assert (found(again), found(signed)) == (Finding.VALID, Finding.REVOKED)
