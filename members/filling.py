"""Filling: which of what counts `from_beginning` was given to everybody for the time before its publication.

To give one of them to everybody is to weigh each history again. What was never given stays out of that, as if it
counted from its publication on, except for whom an earlier replay gave it already, or who has it only since one counted
what lies before: they keep what they have.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, func, select

from members.books import Account
from members.programme.versions import Timeline
from members.scarcity import Glimpse
from members.tables import Audit
from members.weighing import Weighing

FILLED = ("badge.filled", "challenge.filled")


def filled(session: Session, line: Timeline) -> set[str]:
    """What was given since it last began to count from the beginning, by the keys of tracks; so says the audit."""
    query = select(Audit.object, func.max(Audit.at)).where(col(Audit.action).in_(FILLED))
    given: dict[str, datetime] = dict(session.exec(query.group_by(col(Audit.object))).all())
    return {key for key, begun in _begun(line).items() if key in given and given[key] >= begun}


def to_fill(line: Timeline) -> list[str]:
    """All that counts from the beginning, by the keys of tracks."""
    return sorted(_begun(line))


def narrow(line: Timeline, keys: set[str]) -> Timeline:
    """The same versions, where of what counts from the beginning only these reach back before their publication."""
    return Timeline(line.whole, frozenset(keys))


class Lines:
    """The line by which each member is weighed when `keys` are given to everybody, or taken back."""

    def __init__(self, session: Session, line: Timeline, *keys: str) -> None:
        self.session, self.line, self.keys = session, line, frozenset(filled(session, line).union(keys))
        self._begun = _begun(line)
        self._known: dict[frozenset[str], Timeline] = {}
        self._back = self._reaching_back()

    def of(self, account: Account, now: datetime) -> Timeline:
        """The member's; their history and their awards must have been read. What a replay gave them, they keep."""
        keys = self.keys
        while changed := self._changed(account, keys, now):
            keys |= changed
        return self._narrow(keys)

    def _reaching_back(self) -> set[str]:
        """Those that were never given and would count something from before their publication."""
        less, whole = (one.achievements.versions for one in (self._narrow(self.keys), self.line))
        pairs = list(zip(less, whole, strict=True))
        never = self._begun.keys() - self.keys
        return {key for key in never if any(a.tracks.get(key) != b.tracks.get(key) for a, b in pairs)}

    def _changed(self, account: Account, keys: frozenset[str], now: datetime) -> set[str]:
        """What would not stand as it does if only `keys` reached back."""
        rows = [
            (f"{row.kind}:{row.slug}", (row.kind, row.slug, row.instance, row.level),
             (row.awarded_at, row.fact_source, row.fact_id))
            for row in account.awards
            if row.revoked_at is None
        ]  # fmt: skip
        doubtful = [row for row in rows if row[0] in self._back and row[0] not in keys]
        if not doubtful:
            return set()
        line = self._narrow(keys)
        glimpse = Glimpse(self.session, line, [account.standing.member_id], now)
        awards = Weighing(account, line, now, glimpse, anew=True).awards()
        return {key for key, name, event in doubtful if (name, event) not in awards}

    def _narrow(self, keys: frozenset[str]) -> Timeline:
        if keys not in self._known:
            self._known[keys] = narrow(self.line, set(keys))
        return self._known[keys]


def _begun(line: Timeline) -> dict[str, datetime]:
    """Since when each has counted from the beginning, without a break up to the newest version."""
    begun: dict[str, datetime] = {}
    for version in line.whole:
        now = {
            key
            for key, one in version.achievements.tracks.items()
            if one.definition.counts == "from_beginning"
        }
        begun = {key: begun.get(key, version.created_at) for key in now}
    return begun
