"""Rewards that were won: what an award brings from the catalogue waits for the member, for no points.

A prize is a redemption like any other, reserved when the award is noticed, and priced 0: no fact moves points for it.
An award that goes back takes along what was not used of it; one that comes again brings it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import tuple_, update
from sqlmodel import Session, col, select

from badges.awards import Awarded
from badges.tables import Award
from facts.ids import id_for
from members import sets
from members.merged import became
from members.programme.versions import Timeline, versions
from rewards.document import Reward
from rewards.redemption import PRIZE, State, expires_at
from rewards.tables import Redemption

COLUMNS = ("member_id", "redemption_id", "request_id", "reward", "version", "price", "state", "reserved_at",
           "expires_at", "used_in")  # fmt: skip
AGAIN = (
    "ON CONFLICT (member_id, request_id) DO UPDATE SET state = excluded.state, version = excluded.version, "
    "reward = excluded.reward, reserved_at = excluded.reserved_at, expires_at = excluded.expires_at, "
    "issued_at = NULL, closed_at = NULL "
    "WHERE redemption.state = 'cancelled' AND redemption.closed_at < redemption.expires_at"
)
"""What was called off comes again; what its member let lapse, or has, stays as it is."""

_BY_ACCOUNT = re.compile(rf"{PRIZE}(badge|challenge|tier):[^:]+:\d+:\d+\Z")
"""What an account won by itself, and not through another one; what a friend brings is a person's."""

Name = tuple[str, str, int, int]


def request_of(name: Name) -> str:
    """What a prize is asked for by, once: the award's kind, slug, instance and level."""
    return PRIZE + ":".join(str(part) for part in name)


def won_with(request_id: str) -> tuple[str, str] | None:
    """Kind and slug of what a redemption was won with; None when it was bought."""
    if not request_id.startswith(PRIZE):
        return None
    kind, slug, *_ = request_id.removeprefix(PRIZE).split(":")
    return kind, slug


@dataclass(slots=True)
class Prizes:
    """The rewards that a batch brings and takes back, all members together."""

    won: list[tuple[UUID, Awarded]] = field(default_factory=list[tuple[UUID, Awarded]])
    moved: list[tuple[UUID, Awarded, int]] = field(default_factory=list[tuple[UUID, Awarded, int]])
    lost: list[tuple[UUID, str]] = field(default_factory=list[tuple[UUID, str]])

    def win(self, member_id: UUID, award: Awarded, before: Award | None = None) -> None:
        """Something was reached; whether it brings a reward is seen here. `before` is its row until now."""
        if before and before.version != award.track.version:
            self.moved.append((member_id, award, before.version))
        if award.prize and award.prize.reward:
            self.won.append((member_id, award))

    def lose(self, member_id: UUID, name: Name) -> None:
        """Something was taken back."""
        self.lost.append((member_id, request_of(name)))

    def write(self, session: Session, now: datetime) -> None:
        """Set aside what was won, call off what was lost. The standings of these members are locked.

        What another version of the programme gives for the same award is called off first.
        """
        lost, rows = list(self.lost), list[tuple[Any, ...]]()
        if self.moved or self.won:
            line = versions(session)
            lost += [one for moved in self.moved for one in _other(line, *moved)]
            rows += [row for member_id, award in self.won if (row := _row(line, member_id, award, now))]
        if lost:
            call_off(session, lost, now)
        bring(session, rows)


def _other(line: Timeline, member_id: UUID, award: Awarded, number: int) -> Iterator[tuple[UUID, str]]:
    """The prize that an award brought by an earlier look, where it is another reward than now."""
    track = line.numbered(number).achievements.tracks.get(award.track.key)
    level = award.level
    before = track.prize(level) if track else None
    if before and before.reward and before.reward != (award.prize.reward if award.prize else None):
        yield member_id, request_of(award.name)


def _row(line: Timeline, member_id: UUID, award: Awarded, now: datetime) -> tuple[Any, ...] | None:
    slug, number = award.prize.reward if award.prize else None, award.track.version
    reward = line.numbered(number).programme.reward(slug or "")
    return set_aside(member_id, request_of(award.name), reward, number, award.at, now)


def set_aside(
    member_id: UUID,
    request: str,
    reward: Reward | None,
    version: int,
    at: datetime,
    now: datetime,
    since: datetime | None = None,
) -> tuple[Any, ...] | None:
    """A reward of a version that was won `at` a moment, as a row of `COLUMNS`; it waits as long as it is good, from
    `since` (now, unless said) on.

    None for what would be over by now: history that comes late does not bring it.
    """
    if reward is None or expires_at(reward, State.ISSUED, at) <= now:
        return None
    since = since or now
    until, name = expires_at(reward, State.ISSUED, since), id_for(now, member_id.hex, request)
    return (member_id, name, request, reward.slug, version, 0, State.RESERVED.value, since, until, "")


def bring(session: Session, rows: Sequence[tuple[Any, ...]]) -> None:
    """Let rewards that were won wait: rows of `COLUMNS`.

    What an account wins that became part of another one, waits there, unless it had it before, wherever that was.
    """
    ways = became(session, {row[0] for row in rows})
    names = [name for row in rows if row[0] in ways for name in _names(ways[row[0]], row[2])]
    had = set[tuple[UUID, str]]()
    if names:
        theirs = tuple_(col(Redemption.member_id), col(Redemption.request_id)).in_(names)
        query = select(Redemption.member_id, Redemption.request_id).where(theirs)
        had.update(session.exec(query.where(Redemption.state != State.CANCELLED)).all())
    new = [_there(row, ways) for row in rows if had.isdisjoint(_names(ways.get(row[0], ()), row[2]))]
    sets.insert(session, Redemption, COLUMNS, new, AGAIN)


def _names(way: Sequence[UUID], request_id: str) -> list[tuple[UUID, str]]:
    """Where the reward that an account won may be, and by what it was asked for there."""
    return [(one, gone_over(request_id, way[0]) if number else request_id) for number, one in enumerate(way)]


def _there(row: tuple[Any, ...], ways: Mapping[UUID, Sequence[UUID]]) -> tuple[Any, ...]:
    member_id, name, request, *rest = row
    if member_id not in ways:
        return row
    return (ways[member_id][-1], name, gone_over(request, member_id), *rest)


def gone_over(request_id: str, member_id: UUID) -> str:
    """What a reward that an account won is asked for by, on the account that it became part of."""
    return f"{request_id}{won_by(member_id)}" if _BY_ACCOUNT.match(request_id) else request_id


def come_home(request_id: str, member_id: UUID) -> str:
    """What it is asked for by where it was won; the same for all other rewards."""
    return request_id.removesuffix(won_by(member_id))


def won_by(member_id: UUID) -> str:
    """How the name ends that a reward has elsewhere."""
    return f":{member_id.hex}"


def call_off(session: Session, lost: Sequence[tuple[UUID, str]], now: datetime) -> None:
    """What was used or is over stays; a code that was shown is good no more."""
    ways = became(session, {member_id for member_id, _ in lost})
    names = [name for one, request in lost for name in _names(ways.get(one, (one,)), request)]
    theirs = tuple_(col(Redemption.member_id), col(Redemption.request_id)).in_(names)
    open_ = col(Redemption.state).in_((State.RESERVED, State.ISSUED)) & (col(Redemption.expires_at) > now)
    session.execute(update(Redemption).where(theirs, open_).values(state=State.CANCELLED, closed_at=now))
