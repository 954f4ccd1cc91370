"""The lists of boards: how the scores of those who opted in become counts, the best hundred, and circles.

Batches only mark what changed; `refresh` takes it over a moment later, a set at a time, whoever runs it first. It
costs what has changed, never how many members there are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlmodel import Session, col, delete, select

from badges.board_tables import IS_DIRTY, BoardCount, BoardScore, BoardSeason
from badges.places import moved
from badges.scores import BoardRules
from badges.tracks import Rules
from members import sets
from members.actions.leagues import recircle, seat
from members.programme import Timeline, versions
from members.scored import COLUMNS
from members.tables import Outbox

LISTED = 100
STEP = 500  # scores that one transaction holds
Leader = list[Any]  # member as hex, alias, score


def topic(slug: str) -> UUID:
    """By what name open pages hear that a board's list has changed."""
    return uuid5(NAMESPACE_URL, f"regulars:board:{slug}")


@dataclass(frozen=True, slots=True)
class Round:
    """A period of a board, its season's row locked."""

    rules: Rules
    known: BoardRules
    season: BoardSeason

    @property
    def here(self) -> Any:
        """The scores of this period."""
        return (col(BoardScore.board) == self.season.board) & (col(BoardScore.period) == self.season.period)

    def counted(self, score: int) -> int:
        """The score as the counts know it: 0 below what it takes to be listed."""
        return score if score >= max(1, self.known.least) else 0


def behind(session: Session) -> list[tuple[str, int]]:
    """The boards and periods with a score that their lists do not know of."""
    names = select(BoardScore.board, BoardScore.period).where(IS_DIRTY).distinct()
    return sorted((slug, period) for slug, period in session.exec(names))


def refresh(session: Session, now: datetime) -> int:
    """Take over what changed on all boards, a step of each; returns how many scores."""
    return sum(refresh_one(session, slug, period, now) for slug, period in behind(session))


def refresh_one(session: Session, slug: str, period: int, now: datetime) -> int:
    """Take over a step of what changed on one board; returns how many scores. What somebody else is at is left to them.

    Batches of the same members wait until the transaction ends: let it do nothing else.
    """
    line = versions(session)
    known = known_of(line, slug, period, now) if line.achievements.has_boards else None
    one = held(session, line.at(now).achievements, known, period) if known else None
    if one is None:
        return 0
    if one.season.closed_at:
        session.execute(delete(BoardScore).where(one.here, IS_DIRTY))
        return 0
    number, told = take_over(session, one)
    if told:
        session.add(Outbox(members=" ".join(topic.hex for topic in dict.fromkeys(told)), at=now))
        session.flush()
    return number


def known_of(line: Timeline, slug: str, period: int, now: datetime) -> BoardRules | None:
    """A board as it is now, or as it was last while the period was one of its own."""
    every = [line.at(now).achievements, *reversed(line.achievements.versions)]
    found = [(rules.boards[slug], rules.zone) for rules in every if slug in rules.boards]
    own = (known for known, zone in found if known.board.has(period, zone))
    return next(own, found[0][0] if found else None)


def held(
    session: Session, rules: Rules, known: BoardRules, period: int, *, wait: bool = False
) -> Round | None:
    """A period of a board with its row locked, made when there is none; None when somebody else holds it.

    A season that is not closed ends when its board says now.
    """
    board = known.board
    span = board.span(period, rules.zone) or (None, None)
    first = (board.slug, period, *span, 0, "[]")
    columns = ("board", "period", "begins_at", "ends_at", "players", "leaders")
    sets.insert(session, BoardSeason, columns, [first], "ON CONFLICT (board, period) DO NOTHING")
    query = select(BoardSeason).where(BoardSeason.board == board.slug, BoardSeason.period == period)
    locked = query.with_for_update(skip_locked=not wait).execution_options(populate_existing=True)
    season = session.exec(locked).first()
    if season and not season.closed_at and board.period == "season" and board.has(period, rules.zone):
        season.begins_at, season.ends_at = span
        session.add(season)
        session.flush()
    return Round(rules, known, season) if season else None


def take_over(session: Session, one: Round, limit: int = STEP) -> tuple[int, list[UUID]]:
    """Bring counts and lists up to date with at most `limit` scores; returns how many, and whom to tell."""
    query = select(BoardScore).where(one.here, IS_DIRTY).order_by(col(BoardScore.member_id)).limit(limit)
    locked = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    rows = session.exec(locked).all()
    if not rows:
        return 0, []
    count(session, one, [(row.counted, one.counted(row.score)) for row in rows])
    circles: set[tuple[int, int]] = set()
    if one.known.board.leagues:
        seat(session, one.known.board, one.season.period, [row for row in rows if one.counted(row.score)])
        circles = {(row.division, row.circle) for row in rows if row.circle}
    for row in rows:
        row.counted, row.dirty = one.counted(row.score), False
    written = [tuple(getattr(row, name) for name in COLUMNS) for row in rows]
    for row in rows:
        session.expunge(row)
    sets.write(session, [sets.upserted(BoardScore, COLUMNS, written, COLUMNS[:3])])
    news = [row.member_id for row in rows]
    news += recircle(session, one.season.board, one.season.period, circles)
    if _reach_the_list(one, rows):
        news += relist(session, one)
    return len(rows), news


def count(session: Session, one: Round, changes: Sequence[tuple[int, int]]) -> None:
    """Let the counts follow scores that changed from what was counted to what is."""
    name = (one.season.board, one.season.period)
    rows = [(*name, *bucket, number) for bucket, number in sorted(moved(changes).items())]
    columns = ("board", "period", "level", "bucket", "members")
    more = "ON CONFLICT (board, period, level, bucket) DO UPDATE SET members = board_count.members + excluded.members"
    sets.insert(session, BoardCount, columns, rows, more)
    one.season.players += sum(bool(after) - bool(before) for before, after in changes)
    session.add(one.season)
    session.flush()


def _reach_the_list(one: Round, rows: Sequence[BoardScore]) -> bool:
    leaders: list[Leader] = json.loads(one.season.leaders)
    if len(leaders) < LISTED:
        return True
    listed, least = {leader[0] for leader in leaders}, leaders[-1][2]
    return any(row.score >= least or row.member_id.hex in listed for row in rows)


def relist(session: Session, one: Round) -> list[UUID]:
    """Write the best hundred down anew; returns whom to tell when they are others than before."""
    leaders = json.dumps(best(session, one, LISTED), ensure_ascii=False, separators=(",", ":"))
    if leaders == one.season.leaders:
        return []
    one.season.leaders = leaders
    session.add(one.season)
    session.flush()
    return [topic(one.season.board)]


def best(session: Session, one: Round, most: int) -> list[Leader]:
    """The best of a period, at most so many: from an index, whatever the number of members."""
    query = (
        select(BoardScore.member_id, BoardScore.alias, BoardScore.score)
        .where(one.here, col(BoardScore.falling) <= -max(1, one.known.least))
        .order_by(col(BoardScore.falling), col(BoardScore.reached_at), col(BoardScore.member_id))
        .limit(most)
    )
    return [[member_id.hex, alias, score] for member_id, alias, score in session.exec(query)]
