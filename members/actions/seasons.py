"""Closing a season: once, after what came late had its time. Places are kept, and what they bring is recorded as facts.

One transaction a season: it is closed with all that it brings, or it is not. What changes a score afterwards, a refund
or a late order, changes no place: it was decided, first come, and is a recorded fact.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select

from badges.board_tables import BoardCircle, BoardCount, BoardScore, BoardSeason
from badges.boards import Board
from badges.places import places
from facts.events import OWN_SOURCE, Fact
from members.actions.board_lists import LISTED, Round, best, held, known_of, take_over, topic
from members.actions.record import record
from members.audit import audit
from members.programme import Timeline, versions
from members.tables import Outbox

WINNERS_MAX = 1000  # who share the last place with a prize all get it, up to so many
CIRCLES_KEPT = 5  # periods for which a circle still says who climbs

log = logging.getLogger(__name__)


def due(session: Session, now: datetime) -> list[tuple[str, int]]:
    """The seasons that are over and had their time to settle, and are not closed."""
    query = select(BoardSeason).where(
        col(BoardSeason.closed_at).is_(None), col(BoardSeason.ends_at).is_not(None)
    )
    line, found = versions(session), list[tuple[datetime, str, int]]()
    for season in session.exec(query):
        ends = _ends_at(line, season, now)
        if ends and _is_settled(line, season.board, ends, now):
            found.append((ends, season.board, season.period))
    return [(slug, period) for _, slug, period in sorted(found)]


def _ends_at(line: Timeline, season: BoardSeason, now: datetime) -> datetime | None:
    """When a season ends: what its board says now, as `closes` may have been moved meanwhile."""
    known = known_of(line, season.board, season.period, now)
    return known.board.closes if known and known.board.period == "season" else season.ends_at


def _is_settled(line: Timeline, slug: str, ends: datetime, now: datetime) -> bool:
    board = _board(line, slug, ends)
    return now >= ends + timedelta(days=board.settles_days if board else 0)


def _board(line: Timeline, slug: str, ends: datetime) -> Board | None:
    """The board as it was defined in the last moment of a season."""
    return line.at(ends - timedelta(microseconds=1)).programme.board(slug)


def close(session: Session, slug: str, period: int, now: datetime) -> bool:
    """Close a season: keep its list, record what places bring, let its scores go. False when there is nothing to do.

    A season whose `opens` was moved to another day while it ran did not happen: its scores and its list go.
    """
    line = versions(session)
    known = known_of(line, slug, period, now)
    one = held(session, line.at(now).achievements, known, period, wait=True) if known else None
    if one is None or one.season.closed_at or one.season.ends_at is None:
        return False
    if not _is_settled(line, slug, one.season.ends_at, now):
        return False
    board = _board(line, slug, one.season.ends_at)
    if board and not board.has(period, one.rules.zone):
        _let_go(session, one)
        session.delete(one.season)
        session.flush()
        return True
    while take_over(session, one)[0]:
        pass
    winners = best(session, one, max(LISTED, WINNERS_MAX if board and board.prizes else 0))
    placed = [
        [*leader, place] for leader, place in zip(winners, places([row[2] for row in winners]), strict=True)
    ]
    one.season.leaders = json.dumps(placed[:LISTED], ensure_ascii=False, separators=(",", ":"))
    one.season.closed_at = now
    session.add(one.season)
    session.flush()
    _let_go(session, one)
    if board and not board.retired:
        _pay(session, board, period, placed, now)
    session.add(Outbox(members=topic(slug).hex, at=now))
    session.flush()
    return True


def _pay(session: Session, board: Board, period: int, placed: Sequence[list[Any]], now: datetime) -> None:
    """What places bring. Whoever cannot have it holds up nobody: the audit says who that is, and why."""
    facts: list[Fact] = []
    for who, _, _, place in placed:
        prize = board.prize(place)
        if prize is None or not (prize.points or prize.badge):
            continue
        data: dict[str, Any] = {"board": board.slug, "period": period, "place": place}
        given = {"points": prize.points, "expires_days": prize.expires_days, "badge": prize.badge}
        data |= {name: value for name, value in given.items() if value} | {"promotional": prize.promotional}
        member_id = UUID(hex=who)
        name = f"{board.slug}:{period}:{who}"
        facts.append(Fact(OWN_SOURCE, name, "board.placed", now, f"member:{member_id}", data))
    outcomes = record(session, facts, now) if facts else []
    for fact, outcome in zip(facts, outcomes, strict=True):
        if outcome.refusal:
            detail = {"board": board.slug, "period": period, "code": outcome.refusal.code}
            audit(session, "engine:boards", "board.prize_refused", fact.subject, detail, now)
            log.warning("a prize of the board %s was refused: %s", board.slug, outcome.refusal.code)


def _let_go(session: Session, one: Round) -> None:
    """Scores and counts of a closed season have done their work; so have circles from which nobody comes any more."""
    slug, period = one.season.board, one.season.period
    session.execute(delete(BoardScore).where(one.here))
    session.execute(delete(BoardCount).where(col(BoardCount.board) == slug, col(BoardCount.period) == period))
    old = col(BoardCircle.period) < period - CIRCLES_KEPT
    session.execute(delete(BoardCircle).where(col(BoardCircle.board) == slug, old))
