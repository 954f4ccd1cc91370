"""The records as others read them: entries, standings, awards, members and redemptions, row by row.

The columns are names that stay: tools rely on them. Rows come in the order of their keys, a stretch at a
time, so that a programme of any size can be written out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func, or_, select
from sqlmodel import Session

from badges.tables import Award
from facts.dates import day_of
from members.programme import versions
from members.sets import table_of
from members.standing import standing_of
from members.tables import Audit, Identity, Member, Standing
from rewards.lots import EARNED, POINTS
from rewards.tables import Entry, Lot, Redemption

STRETCH = 1000

COLUMNS: dict[str, tuple[str, ...]] = {
    "entries": ("entry_id", "member_id", "wallet", "amount", "kind", "occurred_at", "active_from", "expires_at",
                "cause", "rule", "version", "why"),
    "standings": ("member_id", "external_ids", "wallet", "available", "pending", "tier", "tier_until"),
    "awards": ("member_id", "kind", "slug", "level", "awarded_at", "fact_source", "fact_id", "revoked_at"),
    "members": ("member_id", "external_ids", "status", "name", "language", "zone", "created_at"),
    "redemptions": ("redemption_id", "member_id", "reward", "version", "price", "state", "reserved_at", "issued_at",
                    "used_at", "expires_at", "closed_at", "used_in"),
    "audit": ("seq", "at", "actor", "action", "object", "detail", "hash"),
}  # fmt: skip


def rows(session: Session, what: str, now: datetime) -> Iterator[tuple[Any, ...]]:
    """The rows of one of `COLUMNS`, values in the order of its columns."""
    if what == "entries":
        return _entries(session)
    if what == "standings":
        return _standings(session, now)
    if what == "members":
        return _members(session)
    if what == "redemptions":
        return _redemptions(session)
    if what == "awards":
        return _awards(session)
    if what == "audit":
        return _audit(session)
    raise ValueError(f"there are no records named {what}")


def _entries(session: Session) -> Iterator[tuple[Any, ...]]:
    entry = table_of(Entry).c
    names = (
        "member_id",
        "seq",
        "wallet",
        "amount",
        "kind",
        "at",
        "active_from",
        "expires_at",
        "cause",
        "rule",
    )
    query = select(*(entry[name] for name in (*names, "version", "why"))).order_by(entry.member_id, entry.seq)
    for stretch in _stretches(session, query):
        for row in stretch:
            yield (f"{row[0]}-{row[1]}", row[0], *row[2:11], json.loads(row[11]))


def _standings(session: Session, now: datetime) -> Iterator[tuple[Any, ...]]:
    """As the engine has them now: sums over the lots, and a run of the engine for those with something due."""
    line = versions(session)
    terms = line.at(now)
    first = terms.tiers.levels[0].slug
    standing = table_of(Standing).c
    query = select(standing.member_id, standing.tier, standing.tier_until, standing.due_at)
    for stretch in _stretches(session, query.order_by(standing.member_id)):
        members = [row[0] for row in stretch]
        sums, names = _sums(session, members, now), _external_ids(session, members)
        for member_id, tier, until, due_at in stretch:
            mine, known = sums.get(member_id, {}), names.get(member_id, [])
            told = (*mine.pop(POINTS, (0, 0)), tier or first, _day_before(until, terms.zone))
            if due_at is not None and due_at <= now:
                exact = standing_of(session, member_id, now, line)
                assert exact is not None
                told = (exact.available, exact.pending, exact.level.slug, exact.tier_until)
            yield (member_id, known, POINTS, *told)
            for wallet, (available, pending) in mine.items():
                yield (member_id, known, wallet, available, pending, *told[2:])


def _sums(session: Session, members: list[UUID], now: datetime) -> dict[UUID, dict[str, tuple[int, int]]]:
    """What is available and what is pending, by member and wallet; wallets that hold nothing are left out."""
    lot = table_of(Lot).c
    active = and_(lot.active_from <= now, or_(lot.expires_at.is_(None), lot.expires_at > now))
    columns = (lot.member_id, lot.wallet, func.sum(case((active, lot.remaining), else_=0)),
               func.sum(case((lot.active_from > now, lot.remaining), else_=0)))  # fmt: skip
    which = and_(lot.kind == EARNED, lot.remaining > 0, lot.member_id.in_(members))
    found: dict[UUID, dict[str, tuple[int, int]]] = {}
    query = select(*columns).where(which).group_by(lot.member_id, lot.wallet).order_by(lot.wallet)
    for member_id, wallet, available, pending in session.execute(query):
        found.setdefault(member_id, {})[wallet] = (int(available), int(pending))
    return found


def _day_before(moment: datetime | None, zone: ZoneInfo) -> date | None:
    """The last local day before a moment that begins one."""
    return date.fromordinal(day_of(moment, zone) - 1) if moment else None


def _members(session: Session) -> Iterator[tuple[Any, ...]]:
    member = table_of(Member).c
    names = ("member_id", "status", "name", "language", "zone", "created_at")
    for stretch in _stretches(session, select(*(member[name] for name in names)).order_by(member.member_id)):
        external = _external_ids(session, [row[0] for row in stretch])
        for row in stretch:
            yield (row[0], external.get(row[0], []), *row[1:])


def _redemptions(session: Session) -> Iterator[tuple[Any, ...]]:
    """The codes stay where they are: an export is no purse."""
    one = table_of(Redemption).c
    query = select(*(one[name] for name in COLUMNS["redemptions"])).order_by(one.member_id, one.redemption_id)
    for stretch in _stretches(session, query):
        yield from stretch


def _awards(session: Session) -> Iterator[tuple[Any, ...]]:
    """Badges and completed challenge steps; one that was taken back keeps its row."""
    one = table_of(Award).c
    order = (one.member_id, one.awarded_at, one.kind, one.slug, one.instance, one.level)
    for stretch in _stretches(session, select(*(one[name] for name in COLUMNS["awards"])).order_by(*order)):
        yield from stretch


def _audit(session: Session) -> Iterator[tuple[Any, ...]]:
    """What was done, the oldest first; with its hash, so that the chain can be checked elsewhere."""
    one = table_of(Audit).c
    for stretch in _stretches(session, select(*(one[name] for name in COLUMNS["audit"])).order_by(one.seq)):
        for row in stretch:
            yield (*row[:5], json.loads(row[5]), row[6].hex())


def _external_ids(session: Session, members: list[UUID]) -> dict[UUID, list[str]]:
    one = table_of(Identity).c
    mine = and_(one.member_id.in_(members), ~one.key.startswith("demo:"))
    found: dict[UUID, list[str]] = {}
    for member_id, key in session.execute(select(one.member_id, one.key).where(mine).order_by(one.key)):
        found.setdefault(member_id, []).append(key)
    return found


def _stretches(session: Session, query: Any) -> Iterator[list[tuple[Any, ...]]]:
    """Rows in stretches, so that what belongs to their members is read a set at a time."""
    for stretch in session.execute(query.execution_options(yield_per=STRETCH)).partitions():
        yield [tuple(row) for row in stretch]
