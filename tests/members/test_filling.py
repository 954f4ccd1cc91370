"""One thing is given to everybody, or taken back: what else counts from the beginning stays as it was."""

from __future__ import annotations

import pytest
from sqlmodel import Session, col, select

from badges.tables import Award
from members import programme
from members.actions import record
from members.actions.backfill import backfill, begin
from members.actions.studio import begin_fill, undo_fill
from members.actions.trials import try_on_all
from members.filling import Lines, filled
from members.programme.versions import versions
from members.prove import prove
from tests.builders import NOW, PROGRAMME, an_order, days, in_force, standing_of

TWO = """
badges:
  - {slug: one, name: One, counts: from_beginning, criterion: {kind: count, at_least: 1}, prizes: [{points: 5}]}
  - {slug: two, name: Two, counts: from_beginning, criterion: {kind: count, at_least: 1}, prizes: [{points: 7}]}
  - {slug: three, name: Three, counts: from_now, criterion: {kind: count, at_least: 1}}
"""
KIM = "owner:kim"
pytestmark = pytest.mark.feature(63)


def a_shop(session: Session) -> None:
    """Somebody bought before there were badges; then there are two that count from the beginning."""
    in_force(session)
    record(session, [an_order("early", "1.00", at=NOW - days(3))], NOW)
    programme.apply(session, programme.load(PROGRAMME + TWO), base=1, actor="test", now=NOW)


def fill(session: Session, slug: str) -> int:
    """Give it to everybody, as the studio does; returns the points."""
    begin_fill(session, "badge", slug, actor=KIM, now=NOW)
    return walk(session, slug)


def walk(session: Session, slug: str) -> int:
    lines = Lines(session, versions(session), f"badge:{slug}")
    return backfill(session, [standing_of(session).member_id], NOW, lines)[1]


def held(session: Session) -> list[str]:
    query = select(Award.slug).where(col(Award.revoked_at).is_(None)).order_by(Award.slug)
    return list(session.exec(query))


def test_one_is_given_and_taken_back_by_itself(session: Session) -> None:
    a_shop(session)
    assert fill(session, "two") == 7
    assert held(session) == ["two"]
    assert fill(session, "one") == 5, "what was given before stays"
    assert held(session) == ["one", "two"]
    undo_fill(session, "badge", "two", base=2, actor=KIM, now=NOW)
    assert walk(session, "two") == -7
    assert held(session) == ["one"]
    assert prove(session).flaws == []


def test_what_would_be_given_is_what_is_given(session: Session) -> None:
    a_shop(session)
    game = versions(session).latest.programme.badge("one")
    assert game
    found, points = try_on_all(session, [standing_of(session).member_id], game, NOW)
    assert ([one.slug for one in found], points) == (["one"], 5)
    assert fill(session, "one") == points


def test_who_had_it_by_a_late_order_keeps_it(session: Session) -> None:
    a_shop(session)
    record(session, [an_order("late", "1.00", at=NOW - days(5))], NOW)
    assert held(session) == ["one", "two"]
    assert fill(session, "one") == 0
    assert held(session) == ["one", "two"]


@pytest.mark.parametrize("more", [1, 3])
def test_who_has_it_only_since_a_late_order_counted_for_it_keeps_it(session: Session, more: int) -> None:
    """Two orders from before its publication counted in the replay, and the third came after it, or three."""
    in_force(session)
    record(session, [an_order("early", "1.00", at=NOW - days(3))], NOW)
    three = TWO.replace("at_least: 1}, prizes: [{points: 5}]", "at_least: 3}, prizes: [{points: 5}]")
    programme.apply(session, programme.load(PROGRAMME + three), base=1, actor="test", now=NOW)
    record(session, [an_order("late", "1.00", at=NOW - days(5))], NOW)
    assert held(session) == ["two"]
    for day in range(1, 1 + more):
        record(session, [an_order(f"o{day}", "1.00", at=NOW + days(day))], NOW + days(day))
    assert held(session) == ["one", "three", "two"]
    assert fill(session, "two") == 0
    assert held(session) == ["one", "three", "two"]
    (at,) = session.exec(select(Award.awarded_at).where(Award.slug == "one")).all()
    assert at == NOW + days(1)
    assert prove(session).flaws == []


def test_given_once_and_begun_anew_it_is_to_be_given_again(session: Session) -> None:
    a_shop(session)
    begin(session, actor=KIM, now=NOW)
    begin(session, actor=KIM, now=NOW)
    assert filled(session, versions(session)) == {"badge:one", "badge:two"}
    later = NOW + days(1)
    undo_fill(session, "badge", "two", base=2, actor=KIM, now=later)
    assert filled(session, versions(session)) == {"badge:one"}
    programme.apply(session, programme.load(PROGRAMME + TWO), base=3, actor="test", now=later + days(1))
    assert filled(session, versions(session)) == {"badge:one"}
