"""A season ends as it stood, whatever is said again, moved or left behind before and after it is closed."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from members.actions import record
from members.actions.board_lists import refresh
from members.actions.seasons import close
from members.programme import apply, load, versions
from tests.builders import NOW, PROGRAMME, a_refund, days
from tests.members.boards import BOARDS, MONTH, listed, play, scores, shopping


def publish(session: Session, boards: str, now: datetime) -> None:
    """The next version of the shop's boards, in force at once."""
    base = versions(session).at(now).number
    apply(session, load(PROGRAMME + boards), base=base, effective_from=now, actor="test", now=now)


def test_what_comes_between_settling_and_closing_takes_nothing_away(session: Session) -> None:
    members, settled = play(session, {1: 3, 2: 1}), NOW + days(12)
    record(session, [a_refund("1-0", ("1", "10.00"), at=settled)], settled)
    refresh(session, settled)
    assert scores(session)[members[1], "orders", MONTH] == 3
    assert scores(session)[members[1], "tasted", 0] == 1
    assert close(session, "orders", MONTH, settled)
    assert listed(session) == [("Player 1", 3), ("Player 2", 1)]


def test_a_replay_after_the_question_changed_leaves_the_old_answer(session: Session) -> None:
    members = play(session, {1: 3})
    asked = BOARDS.replace("criterion: {kind: count, at_least: 1}", "criterion: {kind: sum, at_least: 1}")
    publish(session, asked, NOW + days(1))
    record(session, [shopping(1, 9, at=NOW - days(1))], NOW + days(2))
    assert scores(session)[members[1], "orders", MONTH] == 3
