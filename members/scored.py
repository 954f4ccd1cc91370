"""Scores of a batch on their way to the boards: only of those who opted in, and only of periods that are not over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select as statement
from sqlmodel import Session, col, select

from badges.board_tables import BoardScore
from badges.boards import Board
from badges.scores import Score
from badges.tables import Player
from badges.tracks import Rules
from members import sets
from members.wire import Question

COLUMNS = (
    "member_id",
    "board",
    "period",
    "score",
    "falling",
    "reached_at",
    "alias",
    "counted",
    "dirty",
    "division",
    "circle",
)
_TAIL = """ON CONFLICT (member_id, board, period) DO UPDATE
SET score = excluded.score, falling = excluded.falling, reached_at = excluded.reached_at, alias = excluded.alias,
dirty = board_score.dirty OR board_score.score <> excluded.score OR board_score.alias <> excluded.alias
OR board_score.reached_at <> excluded.reached_at"""

_NAMES = Question(  # asked for every batch while there is a board
    statement(col(Player.member_id), col(Player.alias)).where(
        sets.Among(col(Player.member_id), sets.several("members")), col(Player.alias) != ""
    )
)


@dataclass(slots=True)
class Scored:
    """The scores of a batch. `replayed` says for a member from which moment on all is said anew.

    `said` names everything that was said, with what does not change a board any more.
    """

    scores: dict[tuple[UUID, str, int], Score] = field(default_factory=dict[tuple[UUID, str, int], Score])
    said: set[tuple[UUID, str, int]] = field(default_factory=set[tuple[UUID, str, int]])
    replayed: dict[UUID, datetime] = field(default_factory=dict[UUID, datetime])
    _open: Callable[[str, int], bool] = lambda _slug, _period: False

    def add(
        self,
        member_id: UUID,
        found: Mapping[tuple[str, int], Score],
        since: datetime | None,
        rules: Rules,
        now: datetime,
    ) -> None:
        """What a member came to; `since` when a replay says it, of everything after that moment."""
        if not rules.boards:
            return
        self._open = lambda slug, period: (
            slug in rules.boards and is_open(rules.boards[slug].board, period, rules, now)
        )
        for (slug, period), score in found.items():
            self.said.add((member_id, slug, period))
            if self._open(slug, period) and rules.boards[slug].shape == score.shape:
                self.scores[member_id, slug, period] = score
        if since is not None:
            self.replayed[member_id] = since

    def write(self, session: Session) -> None:
        """Put them on the boards; the lists follow (`members.actions.board_lists`)."""
        wanted = {name[0] for name in self.scores} | set(self.replayed)
        if not wanted:
            return
        names: dict[UUID, str] = {row[0]: row[1] for row in _NAMES.ask(session, members=list(wanted))}
        if names:
            rows = [*self._gone(session, names), *self._rows(names)]
            sets.insert(session, BoardScore, COLUMNS, rows, _TAIL)

    def _rows(self, names: Mapping[UUID, str]) -> list[tuple[Any, ...]]:
        return [
            row_of(member_id, names[member_id], slug, period, score)
            for (member_id, slug, period), score in self.scores.items()
            if member_id in names
        ]

    def _gone(self, session: Session, names: Mapping[UUID, str]) -> list[tuple[Any, ...]]:
        """Scores that a replay no longer says: they come to nothing, unless nothing changes them any more."""
        theirs = [member_id for member_id in self.replayed if member_id in names]
        if not theirs:
            return []
        query = select(BoardScore).where(col(BoardScore.member_id).in_(theirs), col(BoardScore.score) > 0)
        return [
            row_of(row.member_id, row.alias, row.board, row.period, Score(0, row.reached_at, ""))
            for row in session.exec(query)
            if row.reached_at >= self.replayed[row.member_id]
            and (row.member_id, row.board, row.period) not in self.said
            and self._open(row.board, row.period)
        ]


def row_of(member_id: UUID, alias: str, slug: str, period: int, score: Score) -> tuple[Any, ...]:
    """A row to insert, of `COLUMNS`."""
    return (member_id, slug, period, score.value, -score.value, score.at, alias, 0, True, 0, 0)


def is_open(board: Board, period: int, rules: Rules, now: datetime) -> bool:
    """Whether scores of a period still change: it has no end, or did not settle yet.

    One that the board left behind, as it opens on another day now, changes no more.
    """
    if not board.has(period, rules.zone):
        return False
    span = board.span(period, rules.zone)
    return span is None or now < span[1] + timedelta(days=board.settles_days)
