"""Leagues: circles of those who play in the same period and division, and what becomes of them.

Somebody is seated with their first score of a period, in the division that their last circle sent them to. A circle is
judged once, when the first of its members goes on, and by the list as it is then; so nobody has to be at work at
midnight, and who does not play is in no circle.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import select as statement
from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from badges.board_tables import BoardCircle, BoardScore, LeagueSeat
from badges.boards import Board
from badges.places import moves, zones
from members import sets

Name = tuple[int, int, int]  # period, division, number
SEAT = ("member_id", "board", "period", "division", "circle")


def circle_topic(slug: str, period: int, division: int, number: int) -> UUID:
    """By what name open pages hear that a circle has changed."""
    return uuid5(NAMESPACE_URL, f"regulars:circle:{slug}:{period}:{division}:{number}")


@dataclass(slots=True)
class _Hall:
    """The circles of a period that still have room, by division."""

    session: Session
    board: Board
    period: int
    open: dict[int, BoardCircle] = field(default_factory=dict[int, BoardCircle])

    def take(self, division: int) -> int:
        """A seat in a division; returns the number of the circle."""
        assert self.board.leagues is not None
        last = self.open.get(division) or self._last(division)
        if last is None or last.seats >= self.board.leagues.size:
            number = last.number + 1 if last else 1
            last = BoardCircle(board=self.board.slug, period=self.period, division=division, number=number)
            self.session.add(last)
        last.seats += 1
        self.open[division] = last
        return last.number

    def _last(self, division: int) -> BoardCircle | None:
        mine = (
            BoardCircle.board == self.board.slug,
            BoardCircle.period == self.period,
            BoardCircle.division == division,
        )
        newest = select(BoardCircle).where(*mine).order_by(col(BoardCircle.number).desc()).limit(1)
        return self.session.exec(newest.execution_options(populate_existing=True)).first()


def seat(session: Session, board: Board, period: int, rows: Sequence[BoardScore]) -> None:
    """Give a seat to those who have none in this period; sets their `division` and `circle`. The board is locked."""
    fresh = [row for row in rows if not row.circle]
    if not fresh or not board.leagues:
        return
    query = select(LeagueSeat).where(LeagueSeat.board == board.slug)
    mine = query.where(col(LeagueSeat.member_id).in_([row.member_id for row in fresh]))
    before = {one.member_id: one for one in session.exec(mine.execution_options(populate_existing=True))}
    came = {(one.period, one.division, one.circle) for one in before.values() if one.period < period}
    judged = judge(session, board, came)
    hall, seats = _Hall(session, board, period), list[tuple[Any, ...]]()
    for row in fresh:
        last = before.get(row.member_id)
        if last and last.period == period:
            row.division, row.circle = last.division, last.circle
            continue
        move = (
            judged.get((last.period, last.division, last.circle), {}).get(row.member_id.hex, 0) if last else 0
        )
        row.division = min(max(0, (last.division if last else 0) + move), len(board.leagues.divisions) - 1)
        row.circle = hall.take(row.division)
        if (
            last is None or last.period < period
        ):  # a score of an older period that comes late moves nobody back
            seats.append((row.member_id, board.slug, period, row.division, row.circle))
    session.flush()
    sets.write(session, [sets.upserted(LeagueSeat, SEAT, seats, SEAT[:2])])


def judge(session: Session, board: Board, names: Iterable[Name]) -> dict[Name, dict[str, int]]:
    """What became of the members of these circles, by member: decided now where it was not yet, and kept."""
    wanted = sorted(names)
    if not wanted:
        return {}
    place = tuple_(col(BoardCircle.period), col(BoardCircle.division), col(BoardCircle.number))
    query = select(BoardCircle).where(BoardCircle.board == board.slug, place.in_(wanted))
    found: dict[Name, dict[str, int]] = {}
    for circle in session.exec(query.execution_options(populate_existing=True)):
        if not circle.judged:
            circle.judged = json.dumps(verdict(board, circle))
            session.add(circle)
        found[circle.period, circle.division, circle.number] = json.loads(circle.judged)
    return found


def verdict(board: Board, circle: BoardCircle) -> dict[str, int]:
    """Who would climb (1) or go down (-1) if the circle were judged as it is; who stays is not named."""
    assert board.leagues is not None
    people: list[list[Any]] = json.loads(circle.people)
    rule = board.leagues
    zone = zones(len(people), circle.division, len(rule.divisions), rule.size, rule.up, rule.down)
    ways = moves([score for _, _, score in people], zone)
    return {person[0]: way for person, way in zip(people, ways, strict=True) if way}


def recircle(session: Session, slug: str, period: int, names: Iterable[tuple[int, int]]) -> list[UUID]:
    """Write down anew who sits in these circles (division, number), unless they are judged; returns whom to tell."""
    wanted = sorted(names)
    if not wanted:
        return []
    mine = (BoardCircle.board == slug, BoardCircle.period == period, BoardCircle.judged == "")
    theirs = tuple_(col(BoardCircle.division), col(BoardCircle.number)).in_(wanted)
    query = select(BoardCircle).where(*mine, theirs).execution_options(populate_existing=True)
    circles = {(one.division, one.number): one for one in session.exec(query)}
    people = _people(session, slug, period, sorted(circles))
    for name, circle in circles.items():
        circle.people = json.dumps(people.get(name, []), ensure_ascii=False, separators=(",", ":"))
        session.add(circle)
    session.flush()
    return [circle_topic(slug, period, division, number) for division, number in circles]


def _people(
    session: Session, slug: str, period: int, names: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], list[list[Any]]]:
    """Member, alias and score of all in these circles, the best first."""
    one = BoardScore
    seats = tuple_(col(one.division), col(one.circle)).in_(names)
    query = (
        statement(col(one.division), col(one.circle), col(one.member_id), col(one.alias), col(one.score))
        .where(col(one.board) == slug, col(one.period) == period, seats)
        .order_by(col(one.falling), col(one.reached_at), col(one.member_id))
    )
    found: dict[tuple[int, int], list[list[Any]]] = {}
    for division, number, member_id, alias, score in session.execute(query):
        found.setdefault((division, number), []).append([member_id.hex, alias, score])
    return found
