"""What is scarce: editions of a badge, budgets of challenges and rules. Decided once, first come, and kept for good.

The counters are locked when the first one in a batch is asked for, all at once and always after the standings, so
that two batches cannot wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, bindparam, func
from sqlalchemy import select as statement
from sqlmodel import Session, col, select

from badges.awards import Awarded
from badges.document import Badge, Challenge
from badges.remaining import limit_of, takes
from badges.tables import Scarce, ScarceGrant
from members import sets
from members.budgets import ALERT_PERCENT, FOR_RULES, Budgets, Name, alert
from members.programme.versions import Timeline
from members.wire import Question

NAMED = ("member_id", "key", "instance", "level")
_THERE, _COUNTED = sets.table_of(Scarce), sets.table_of(Scarce).alias()
_HOW_MANY = statement(func.count()).where(sets.Among(_COUNTED.c.key, sets.several("keys"))).scalar_subquery()
_LOCK = Question(
    statement(_THERE.c.key, _THERE.c.taken)
    .where(
        sets.Among(_THERE.c.key, sets.several("keys")), bindparam("number", type_=BigInteger()) == _HOW_MANY
    )
    .order_by(_THERE.c.key)
    .with_for_update()
)
"""The counters, locked in the order of their keys; none of them as long as one is missing, since it is made first."""


class Scarcity:
    """The counters in one batch, for these members."""

    def __init__(self, session: Session, line: Timeline, member_ids: Sequence[UUID], now: datetime) -> None:
        self.session, self.line, self.member_ids, self.now = session, line, member_ids, now
        self.budgets = Budgets(session, member_ids)
        self.granted: dict[Name, int] | None = None
        self.taken: dict[str, int] | None = None
        self.asked: dict[Name, int] = {}
        self.used: dict[Name, int] = {}
        self.near: dict[str, int] = {}

    def asker(self, member_id: UUID) -> Callable[[Awarded], bool]:
        """What a member's game asks whether there is one left."""
        return lambda award: self._ask((member_id, award.track.key, award.instance, award.level), award)

    def spender(self, member_id: UUID, *, decided: bool) -> Callable[[str, int, str, int], int]:
        """What a member's fold asks of the budgets of rules; `decided` as in `Budgets.asker`."""
        return self.budgets.asker(member_id, self._counters, self._watch, decided=decided)

    def _ask(self, name: Name, award: Awarded) -> bool:
        taken = self._counters()
        if name in self._granted() or name in self.asked:
            return True
        definition, limit = award.track.definition, limit_of(award.track)
        before, more = taken.get(name[1], 0), takes(award.track, award.level)
        left = limit is None or before + more <= limit
        if limit and isinstance(definition, Challenge):
            self._watch(name[1], limit, before, before + more if left else limit)
        if not left:
            return False
        taken[name[1]] = before + more
        self.asked[name] = taken[name[1]] if isinstance(definition, Badge) else more
        return True

    def _watch(self, key: str, budget: int, before: int, after: int) -> None:
        """Notice a budget that comes near its end, or that cannot pay the prize that is asked for."""
        if before * 100 < budget * ALERT_PERCENT <= after * 100:
            self.near[key] = budget

    def _counters(self) -> dict[str, int]:
        if self.taken is None:
            rules = self.line.achievements.versions
            keys = {key for one in rules for key, track in one.tracks.items() if track.scarce}
            self.taken = self._read(keys | self.line.budgeted)
        return self.taken

    def _granted(self) -> dict[Name, int]:
        """What games gave to these members before, read when the first one asks: after the counters were locked."""
        if self.granted is None:
            mine = select(ScarceGrant).where(col(ScarceGrant.member_id).in_(self.member_ids), ~FOR_RULES)
            rows = self.session.exec(mine).all()
            self.granted = {(row.member_id, row.key, row.instance, row.level): row.number for row in rows}
        return self.granted

    def _read(self, keys: set[str]) -> dict[str, int]:
        asked = sorted(keys)
        rows = _LOCK.ask(self.session, keys=asked, number=len(asked))
        if not rows:
            made = [(key, 0) for key in asked]
            sets.insert(self.session, Scarce, ("key", "taken"), made, "ON CONFLICT (key) DO NOTHING")
            rows = _LOCK.ask(self.session, keys=asked, number=len(asked))
        return {row[0]: row[1] for row in rows}

    def edition(self, member_id: UUID, award: Awarded) -> int:
        """The number of an award that was asked for and stands; 0 where nothing is counted."""
        name = (member_id, award.track.key, award.instance, award.level)
        number = (self.granted or {}).get(name, self.asked.get(name, 0))
        if name in self.asked:
            self.used[name] = number
        return number if isinstance(award.track.definition, Badge) else 0

    def write(self) -> None:
        """Keep what was decided."""
        if self.taken is None:
            return
        paid = self.budgets.settled(self.taken)
        if self.near:
            alert(self.session, self.near, self.taken, self.line, self.now)
        if not self.used and not paid:
            return
        touched = sorted({name[1] for name in self.used} | {key for key, _, _ in paid})
        counters = [(key, self.taken[key]) for key in touched]
        grants = [(*name, number, self.now) for name, number in self.used.items()]
        grants += [(*name, number, self.now) for _, name, number in paid]
        sets.write(self.session, [
            sets.upserted(Scarce, ("key", "taken"), counters, ("key",)),
            sets.upserted(ScarceGrant, (*NAMED, "number", "at"), grants, NAMED),
        ])  # fmt: skip


class Glimpse(Scarcity):
    """The counters for who only looks: nothing is locked, and what is asked for is not kept."""

    def _read(self, keys: set[str]) -> dict[str, int]:
        found = self.session.exec(select(Scarce).where(col(Scarce.key).in_(keys))).all()
        return dict.fromkeys(keys, 0) | {row.key: row.taken for row in found}

    def write(self) -> None:
        """Nothing is decided by looking."""
