"""Parts of goals in a batch: what each member's own part is now, on its way to what all come to together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select as statement
from sqlmodel import Session, col

from badges.goal_tables import GoalPart, GoalTotal
from badges.goals import PREFIX, key_of
from badges.scores import Score
from badges.tracks import Rules
from members import sets
from members.wire import Question

COLUMNS = ("member_id", "goal", "part", "gathered", "took_part_at", "dirty", "paid")
_TAIL = """ON CONFLICT (member_id, goal) DO UPDATE SET part = excluded.part,
dirty = goal_part.gathered <> excluded.part, took_part_at = """
_FIRST = "COALESCE(goal_part.took_part_at, excluded.took_part_at)"
_OPEN = f"{_TAIL} CASE WHEN excluded.took_part_at IS NULL THEN NULL ELSE {_FIRST} END"
_REACHED = _TAIL + _FIRST

_OVER = Question(  # asked for every batch while there is a goal
    statement(col(GoalTotal.goal)).where(
        sets.Among(col(GoalTotal.goal), sets.several("goals")), col(GoalTotal.reached_at).is_not(None)
    )
)


@dataclass(slots=True)
class Parts:
    """The parts of a batch, by member and goal."""

    rows: dict[tuple[UUID, str], tuple[Any, ...]] = field(
        default_factory=dict[tuple[UUID, str], tuple[Any, ...]]
    )

    def add(
        self, member_id: UUID, found: Mapping[tuple[str, int], Score], before: str | None, rules: Rules, now: datetime
    ) -> None:  # fmt: skip
        """What a member brought; `before` is the game's memory that a replay puts right."""
        if not rules.goals:
            return
        told = {name: score for (name, _), score in found.items() if name.startswith(PREFIX)}
        for name, score in told.items():
            self._put(member_id, name, score.shape, score.value, rules, now)
        if before and PREFIX in before:
            for name, (shape, *_) in json.loads(before).get("boards", {}).items():
                if name.startswith(PREFIX) and name not in told:
                    self._put(member_id, name, shape, 0, rules, now)

    def _put(self, member_id: UUID, name: str, shape: str, part: int, rules: Rules, now: datetime) -> None:
        known = rules.goals.get(name)
        if known is None or known.shape != shape:
            return
        took_part = now if part >= known.least else None
        key = key_of(name.removeprefix(PREFIX), shape)
        self.rows[member_id, key] = (member_id, key, part, 0, took_part, part != 0, False)

    def write(self, session: Session) -> None:
        """Put them where they are gathered (`members.actions.goals`).

        Who took part when a goal was reached is owed its prize, even when what they brought goes back before then.
        """
        if not self.rows:
            return
        session.flush()  # a goal may have been reached just now
        reached = {row[0] for row in _OVER.ask(session, goals=list({key for _, key in self.rows}))}
        for tail, over in ((_OPEN, False), (_REACHED, True)):
            rows = [row for (_, key), row in self.rows.items() if (key in reached) == over]
            if rows:
                sets.insert(session, GoalPart, COLUMNS, rows, tail)
