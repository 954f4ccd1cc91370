"""Scores: what a member comes to on the boards of the programme. Pure, and the same for any arrival.

`Scores` walks along inside the game. A replay begins from the checkpoint's memory and says again what every period
came to since; what it no longer says is no longer so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from badges.boards import Board
from facts.criteria import COLLECTED_MAX, Criterion, Distinct, Filter, Place, Seen
from facts.history import Event
from facts.money import minor

_CRITERION: TypeAdapter[Criterion] = TypeAdapter(Criterion)
ENOUGH = 2**62  # no score is ever enough, but a collection has to be kept in mind
GONE_FOR = timedelta(days=92)  # what was taken out of the programme and put back before goes on


@dataclass(frozen=True, slots=True)
class BoardRules:
    """A board as it is walked along. `least` is the score from which on somebody is listed."""

    board: Board
    least: int
    shape: str
    types: frozenset[str]

    @staticmethod
    def of(board: Board, digits: int) -> BoardRules:
        """The rules of a board; `digits` are the decimals of the programme's currency."""
        criterion = board.criterion
        decimals = digits if criterion.decimals is None else criterion.decimals
        told = _CRITERION.dump_python(criterion, mode="json")
        asked = [board.period, {name: value for name, value in told.items() if name != "at_least"}]
        shape = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:6]
        types = {one.type if isinstance(one, Filter) else one for one in criterion.filters()}
        return BoardRules(board, minor(criterion.target, decimals), shape, frozenset(types))


@dataclass(frozen=True, slots=True)
class Score:
    """What a member came to in a period, the moment of the fact that made it so, and which question it answers."""

    value: int
    at: datetime
    shape: str


@dataclass(slots=True)
class Kept:
    """What is remembered of the last period in which something counted for a board."""

    shape: str
    period: int
    value: int
    at: datetime
    state: Any


@dataclass(slots=True)
class Scores:
    """One member's scores while the history is walked: `found` by board and period."""

    kept: dict[str, Kept] = field(default_factory=dict[str, Kept])
    found: dict[tuple[str, int], Score] = field(default_factory=dict[tuple[str, int], Score])

    def again(self) -> None:
        """A replay begins here: what the memory says stands until it is said otherwise."""
        self.found = {
            (slug, one.period): Score(one.value, one.at, one.shape) for slug, one in self.kept.items()
        }

    def apply(
        self, event: Event, tier: str, boards: Mapping[str, BoardRules], zone: ZoneInfo, digits: int
    ) -> None:
        """Let an event count on the boards that it can move. `zone` is the programme's: a board has one clock."""
        seen: Seen | None = None
        for slug, rules in boards.items():
            board = rules.board
            if event.type not in rules.types or board.paused or board.retired or not board.open_at(event.at):
                continue
            if board.tiers and tier not in board.tiers:
                continue
            seen = seen or Seen.of(event, Place(zone, 0, digits))
            self._step(slug, rules, seen)

    def _step(self, slug: str, rules: BoardRules, seen: Seen) -> None:
        at, zone = seen.event.at, seen.place.zone
        period, criterion = rules.board.period_at(at, zone), rules.board.criterion
        before = self.kept.get(slug)
        if before and (before.period != period or before.shape != rules.shape):
            before = None
        known = before.state if before else None
        enough = COLLECTED_MAX if isinstance(criterion, Distinct) else ENOUGH
        state = criterion.step(known, seen, enough)
        value = criterion.value(state, seen.day, seen.place)
        if state is known or (before and value == before.value and state == before.state):
            return
        since = before.at if before and value == before.value else at
        self.kept[slug] = Kept(rules.shape, period, value, since, state)
        self.found[slug, period] = Score(value, since, rules.shape)

    def forget(self, at: datetime, known: Container[str]) -> None:
        """Let go of what the version in force no longer has, when nothing counted for it for long."""
        for slug in [name for name, one in self.kept.items() if name not in known and at - one.at > GONE_FOR]:
            del self.kept[slug]

    def told(self) -> dict[str, list[Any]]:
        """The memory as JSON."""
        return {
            slug: [one.shape, one.period, one.value, one.at.isoformat(), one.state]
            for slug, one in sorted(self.kept.items())
        }

    @staticmethod
    def of(told: Mapping[str, list[Any]]) -> Scores:
        """The memory from its JSON."""
        return Scores(
            {
                slug: Kept(shape, period, value, datetime.fromisoformat(at), state)
                for slug, (shape, period, value, at, state) in told.items()
            }
        )
