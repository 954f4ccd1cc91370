"""A season ends as it stood, whatever is said again, moved or left behind before and after it is closed."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from badges.board_tables import BoardScore, BoardSeason
from facts.dates import day_of
from facts.language import language
from members import closing
from members.actions import record
from members.actions.board_lists import behind, refresh
from members.actions.boards import leave
from members.actions.seasons import close, due
from members.programme import apply, load, versions
from members.tables import Audit, Standing
from members.views.board_rows import Told, past_card, period_words
from members.views.playing import play_for
from tests.builders import NOW, PROGRAMME, a_refund, days, standing_of
from tests.members.boards import BOARDS, MONTH, listed, play, scores, season, shopping


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


RACE = """
boards:
  - {slug: race, name: Race, period: season, opens: 2026-11-01T00:00:00Z, closes: 2026-12-01T00:00:00Z,
     criterion: {kind: count, at_least: 1}, prizes: [{places: "1", prize: {points: 50}}]}
"""
SEASON, EARLY = day_of(datetime(2026, 11, 1, tzinfo=UTC), ZoneInfo("America/New_York")), NOW + days(12)
ANEW = RACE.replace("2026-12-01", "2026-12-31").replace("2026-11-01", "2026-12-05")


def race(session: Session) -> dict[int, UUID]:
    """Two who run in the season of November."""
    return play(session, {1: 3, 2: 1}, RACE)


def test_a_season_that_is_closed_stays_so_when_its_board_opens_again(session: Session) -> None:
    members = race(session)
    assert due(session, EARLY) == [("race", SEASON)]
    assert close(session, "race", SEASON, EARLY)
    publish(session, ANEW, EARLY + days(1))
    record(session, [a_refund("1-0", ("1", "10.00"), at=EARLY)], EARLY + days(2))
    assert scores(session) == {}
    assert not behind(session)
    for member_id in members.values():
        session.add(BoardScore(member_id=member_id, board="race", period=SEASON, score=1, falling=-1, reached_at=NOW,
                               alias="Left behind", dirty=True))  # fmt: skip
    session.flush()
    leave(session, members[1], EARLY + days(2))
    assert listed(session, "race", SEASON) == [("", 3), ("Player 2", 1)]
    refresh(session, EARLY + days(2))
    assert not behind(session)
    assert scores(session) == {}
    assert listed(session, "race", SEASON) == [("", 3), ("Player 2", 1)]


def test_a_closed_season_is_told_by_the_days_that_it_had(session: Session) -> None:
    members = race(session)
    assert close(session, "race", SEASON, EARLY)
    publish(session, ANEW, EARLY + days(1))
    later = EARLY + days(2)
    play_now = play_for(session, members[1], later, language("en"))
    board = versions(session).at(later).programme.board("race")
    season = session.get(BoardSeason, ("race", SEASON))
    assert board
    assert season
    told = Told(board, play_now, members[1].hex)
    assert past_card(told, season).when == "31 Oct – 30 Nov"
    assert period_words(board, SEASON, play_now) == "4 Dec – 30 Dec", "those of the season to come"


def test_a_season_that_is_made_longer_ends_later(session: Session) -> None:
    race(session)
    publish(session, RACE.replace("closes: 2026-12-01", "closes: 2026-12-20"), NOW + days(1))
    assert due(session, EARLY) == []
    assert not close(session, "race", SEASON, EARLY)
    later = [shopping(2, i, at=EARLY + days(i)) for i in range(1, 4)]
    record(session, later, EARLY + days(3))
    refresh(session, EARLY + days(3))
    assert listed(session, "race", SEASON) == [("Player 2", 4), ("Player 1", 3)]
    ended = datetime(2026, 12, 22, tzinfo=UTC)
    assert due(session, ended) == [("race", SEASON)]
    assert close(session, "race", SEASON, ended)
    assert standing_of(session, "2").balance == 40 + 50


def test_a_season_that_opens_on_another_day_is_one_and_pays_once(session: Session) -> None:
    race(session)
    publish(session, RACE.replace("opens: 2026-11-01", "opens: 2026-11-10"), NOW + days(1))
    record(session, [shopping(1, 9, at=NOW + days(2))], NOW + days(2))
    refresh(session, NOW + days(2))
    assert due(session, EARLY) == [("race", SEASON), ("race", SEASON + 9)]
    assert [close(session, *one, EARLY) for one in due(session, EARLY)] == [True, True]
    assert session.get(BoardSeason, ("race", SEASON), populate_existing=True) is None
    assert listed(session, "race", SEASON + 9) == [("Player 1", 1)]
    assert standing_of(session, "1").balance == 40 + 50
    assert due(session, EARLY) == []


def test_a_prize_that_is_refused_holds_up_nobody(session: Session) -> None:
    """Whoever has left while their score still stands on the list, as it did before leaving took it away."""
    members = race(session)
    stand = session.get_one(Standing, members[1])
    stand.state = closing.marked(stand.state, closing.ERASED)
    session.flush()
    assert close(session, "race", SEASON, EARLY)
    refused = session.exec(select(Audit).where(Audit.action == "board.prize_refused")).all()
    assert [one.object for one in refused] == [f"member:{members[1]}"]
    assert season(session, "race", SEASON).closed_at == EARLY
