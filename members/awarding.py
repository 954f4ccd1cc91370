"""Awarding: the achievements' half of a weighing. What was reached is paid where it was reached, and written down.

A replay says again what was reached since its beginning. What is no longer so is taken back, unless its definition
says `on_refund: keep`; what is so still keeps its row, its number and the moment it was noticed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from badges.awards import Awarded
from badges.game import Game
from badges.tables import HELD, RETURNED, WENT_BACK, Award
from badges.tracks import RulesLine
from facts.history import Event, Key
from members.books import Account
from members.changes import Changes, again
from members.keeping import kept
from members.prizes import Name
from members.scarcity import Scarcity
from rewards import bonus
from rewards.bonus import Bonus
from rewards.fold import Fold
from rewards.pins import tier_of

_said = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


class Awarding:
    """One account's achievements in one batch."""

    def __init__(self, account: Account, line: RulesLine, now: datetime, scarcity: Scarcity) -> None:
        self.account, self.line, self.now, self.scarcity = account, line, now, scarcity
        self.game: Game | None = None
        self.kept = account.standing.game
        self.held = frozenset[Key]()

    def begin(
        self,
        since: datetime | None,
        held: Sequence[Event],
        unreturned: Callable[[], Sequence[Event]],
    ) -> None:
        """The game as it was where the weighing begins: in a replay `since` a checkpoint, else where it stands.

        What is `held`, and what would have happened if nothing had been returned, decide what a replay lets stay.
        """
        self.held = frozenset(event.key for event in held)
        self.kept = self.account.standing.game if since is None else self.account.game
        if self.line.is_empty:
            return
        self.game = Game.of(json.loads(self.kept), self.line)
        self.game.ask = self.scarcity.asker(self.account.standing.member_id)
        if since is not None:
            self.game.keeps = kept(self.account, self.line, json.loads(self.kept), held, unreturned)
            self.game.scores.again()

    def apply(self, event: Event, fold: Fold, climbed: int) -> None:
        """Let an event move what it can. `climbed` is how many tiers were reached before it."""
        assert self.game is not None
        for award in self.game.apply(event, self._tier(event, fold), fold.climbs[climbed:]):
            self._pay(award, fold)
        if event.type in ("board.placed", "goal.reached") and event.data.get("points"):
            _pay_decided(event, fold)

    @staticmethod
    def _tier(event: Event, fold: Fold) -> str:
        """The tier that the member has, whether it is earned or staff gave it."""
        return tier_of(fold, fold.line.at(event.at))[0] if fold.climb.pin else fold.climb.tier

    def keep_up(self, fold: Fold, to: Key | None = None) -> None:
        """What stays by policy and lies before the next event, or with no `to` behind the last one."""
        game = self.game
        if game is None or not game.keeps:
            return
        known = len(game.awards)
        game.keep_up(to or game.keeps[-1].event, before=to is not None)
        for award in game.awards[known:]:
            self._pay(award, fold)

    def _pay(self, award: Awarded, fold: Fold) -> None:
        prize = award.prize
        if prize is None:
            return
        if prize.points:
            given = Bonus(award.track.kind, award.track.slug, award.instance, award.level, prize.points,
                          prize.promotional, prize.expires_days)  # fmt: skip
            bonus.give(fold, given, award.event)
        if prize.boost:
            bonus.boost(fold, prize.boost.factor, prize.boost.days, award.event)

    def told(self) -> str:
        """The game's memory as JSON."""
        if self.game is None:
            return self.kept
        return _said(self.game.told())

    def settle(self, changed: Changes, replayed: bool, reason: Callable[[Name], str]) -> None:
        """Put what is different into `changed`; `reason` says why the news take an award back."""
        if self.game is None:
            return
        member_id = self.account.standing.member_id
        stored = (
            {(row.kind, row.slug, row.instance, row.level): row for row in self.account.awards}
            if replayed
            else {}
        )
        for award in self.game.awards:
            row = stored.pop(award.name, None)
            edition = award.edition
            if award.track.scarce and not award.moved:
                edition = self.scarcity.edition(member_id, award)
            if row is None or not _same(row, award) or self._given_back(row):
                noticed = row.recorded_at if row else self.now
                changed.awards.append(_row(member_id, award, noticed, edition))
                changed.prizes.win(member_id, award, row)
        for row in stored.values():
            if row.reason not in WENT_BACK:
                because = self._because(row, reason)
                changed.awards.append(again(row, revoked_at=self.now, reason=because))
                changed.prizes.lose(member_id, (row.kind, row.slug, row.instance, row.level))
                if row.kind == "badge":
                    changed.returned.append((member_id, row.slug, row.instance, row.level, because))
        changed.awards.extend(
            again(row, revoked_at=None, reason="")
            for row in self.account.lost
            if replayed and self._given_back(row)
        )
        changed.taken.extend((member_id, taken) for taken in self.game.taken)
        since = self.account.since if replayed else None
        rules, found = self.line.at(self.now), self.game.scores.found
        changed.scores.add(member_id, found, since, rules, self.now)
        changed.parts.add(member_id, found, self.account.standing.game if replayed else None, rules, self.now)

    def _because(self, row: Award, reason: Callable[[Name], str]) -> str:
        """Why an award goes back: a guard holds the fact that brought it, or whatever the news did."""
        if row.by_hand:
            return RETURNED
        brought = (row.awarded_at, row.fact_source, row.fact_id) in self.held
        return HELD if brought else reason((row.kind, row.slug, row.instance, row.level))

    def _given_back(self, row: Award) -> bool:
        """Whether staff had taken it away since the replay's beginning, and now they have not."""
        since = self.account.since
        if self.game is None or row.revoked_at is None or row.reason in WENT_BACK:
            return False
        taken = {(one.slug, one.at) for one in self.game.taken}
        return bool(since and row.revoked_at >= since) and (row.slug, row.revoked_at) not in taken


def _pay_decided(event: Event, fold: Fold) -> None:
    """What a place on a board or a goal brings was decided when it was closed or reached, and is in the fact."""
    said, what = event.data, event.type.partition(".")[0]
    given = Bonus(what, said[what], said.get("period", 0), said.get("place", 1), said["points"],
                  said.get("promotional", True), said.get("expires_days"))  # fmt: skip
    bonus.give(fold, given, event.key)


def _same(row: Award, award: Awarded) -> bool:
    """Whether a row already says what should stand. One that staff took away is so still."""
    place = (row.awarded_at, row.fact_source, row.fact_id)
    return (
        place == award.event and row.expires_at == award.expires_at and row.value == award.value
        and row.reason not in WENT_BACK
    )  # fmt: skip


def _row(member_id: Any, award: Awarded, noticed: datetime, edition: int) -> tuple[Any, ...]:
    """A new award, as `AWARD_COLUMNS` has it."""
    at, source, fact_id = award.event
    return (member_id, *award.name, award.track.version, award.value, source, fact_id, at, noticed, award.expires_at,
            None, "", award.by_hand, edition)  # fmt: skip
