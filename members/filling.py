"""Filling: which of what counts `from_beginning` was given to everybody for the time before its publication.

To give one of them to everybody is to weigh each history again. What was never given stays out of that, as if it
counted from its publication on, except for whom an earlier replay gave it already: they keep what they have.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, func, select

from members.books import Account
from members.programme.versions import Timeline
from members.tables import Audit

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
    """The line by which each member is weighed when `key` is given to everybody, or taken back."""

    def __init__(self, session: Session, line: Timeline, key: str) -> None:
        self.line, self.keys = line, frozenset(filled(session, line) | {key})
        self._begun = _begun(line)
        self._known: dict[frozenset[str], Timeline] = {}

    def of(self, account: Account) -> Timeline:
        """The member's; their awards must have been read. The awards that a replay gave them from before, they keep."""
        mine = self._narrow(self.keys)
        theirs: set[str] = set()
        for row in account.awards:
            key = f"{row.kind}:{row.slug}"
            if row.revoked_at is not None or key not in self._begun:
                continue
            track = mine.achievements.at(row.awarded_at).tracks.get(key)
            if track is None or row.level > len(track.goals):
                theirs.add(key)
        return self._narrow(self.keys | theirs)

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
