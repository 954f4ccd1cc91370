"""Rewards of the catalogue for reaching a tier for the first time: they wait for the member, for no points.

A prize like any other (`members.prizes`), that is priced 0: set aside with the entry that says so, and called off with
it, as far as it was not used.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from members import prizes
from members.posting import standing_entries
from members.programme.versions import Timeline, versions
from rewards.effects import Posting
from rewards.perks import CAUSE
from rewards.tables import Entry

KIND = "tier"


@dataclass(slots=True)
class Entered:
    """The rewards that a batch brings and takes back, all members together."""

    won: list[tuple[UUID, Posting]] = field(default_factory=list[tuple[UUID, Posting]])
    lost: list[tuple[UUID, str]] = field(default_factory=list[tuple[UUID, str]])

    def add(self, member_id: UUID, stood: Iterable[Entry], postings: Iterable[Posting]) -> None:
        """What a member should get by the postings, and what they had by entries that stood and stand no more."""
        wanted = {_level(one.cause): one for one in postings if one.cause.startswith(CAUSE)}
        for cause, entry in standing_entries(stood).items():
            if not cause.startswith(CAUSE):
                continue
            now = wanted.get(_level(cause))
            if _reward(entry.why) != _reward(now.why if now else "{}"):
                self.lost.append((member_id, _request(cause)))
        self.won += [(member_id, one) for one in wanted.values() if _reward(one.why)]

    def write(self, session: Session, now: datetime) -> None:
        """Call off what was lost, set aside what was won. The standings of these members are locked."""
        if self.lost:
            prizes.call_off(session, self.lost, now)
        line = versions(session) if self.won else None
        rows = [row for member_id, one in self.won if line and (row := _row(line, member_id, one, now))]
        prizes.bring(session, rows)


def _reward(why: str) -> str:
    return str(json.loads(why).get("reward", ""))


def _level(cause: str) -> str:
    return cause.removeprefix(CAUSE).partition("|")[0]


def _request(cause: str) -> str:
    return prizes.request_of((KIND, _level(cause), 0, 0))


def _row(line: Timeline, member_id: UUID, one: Posting, now: datetime) -> tuple[Any, ...] | None:
    reward = line.numbered(one.version).programme.reward(_reward(one.why))
    return prizes.set_aside(member_id, _request(one.cause), reward, one.version, one.at, now)
