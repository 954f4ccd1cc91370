"""How a member stands at a moment: what they can spend, what is on its way, and what the tiers ask of them.

The standing row and a few sums over the open lots, read from indexes, so that it costs the same with ten lots and with
ten thousand; the tier is what the engine itself makes of it when it runs on to the moment in question.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Text,
    Uuid,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    union_all,
)
from sqlalchemy import select as statement
from sqlmodel import Session, col, select

from facts.columns import Utc
from facts.dates import day_of
from facts.ids import MemberId
from facts.money import Rounding, minor, ratio
from members.books import fold_of
from members.intake import identity_key
from members.programme.versions import Timeline, Version, versions
from members.tables import Identity, ProgrammeVersion, Standing
from rewards import tiers
from rewards.document import Level
from rewards.lots import EARNED
from rewards.tables import Lot
from rewards.tiers import Ahead

Moments = list[tuple[datetime, int]]
EXPIRING_MAX = 12  # how many moments of loss are told


@dataclass(frozen=True, slots=True)
class MemberStanding:
    """A member at a moment. Points are whole, `money_value` is in minor units of the programme's currency.

    `pending` comes with the moments it turns active, `expiring` with the moments it is lost, soonest first.
    `game` is what the engine remembers of badges and challenges (`badges.game.Game.told`, as JSON).
    """

    member_id: MemberId
    available: int
    pending: int
    held: int
    debt: int
    money_value: int
    level: Level
    tier_until: date | None
    to_next: Ahead | None
    to_stay: Ahead | None
    activating: Moments
    expiring: Moments
    version: Version
    line: Timeline
    game: str = "{}"


def member_of(session: Session, source: str, subject: str) -> MemberId | None:
    """The member whom a subject names, in the eyes of `source`; None when it names nobody."""
    kind, _, value = subject.partition(":")
    if kind == "member":
        try:
            wanted = UUID(value)
        except ValueError:
            return None
        found = session.exec(select(Standing.member_id).where(Standing.member_id == wanted)).first()
    else:
        key = identity_key(source, subject)
        found = session.exec(select(Identity.member_id).where(Identity.key == key)).first()
    return MemberId(found) if found else None


def standing_of(
    session: Session, member_id: UUID, now: datetime, line: Timeline | None = None
) -> MemberStanding | None:
    """How a member stands at `now`; None when there is no such member. Two queries, however many lots there are.

    `line` is the programme, from who has it already; otherwise the second query brings its digest along.
    """
    query = select(Standing).where(Standing.member_id == member_id).execution_options(populate_existing=True)
    row = session.exec(query).first()
    if row is None:
        return None
    sums = _sums(session, member_id, now)
    line = line or versions(session, next((text for what, _, _, text in sums if what == "digest"), None))
    fold = fold_of(row.state, line)
    fold.expiry_due = None
    fold.advance(now)
    terms, day = line.at(now), day_of(now, line.at(now).zone)
    activating, expiring = _moments(sums, "pending"), _moments(sums, "expiring")
    pending = sum(points for _, points in activating)
    lapsed = sum(points for what, _, points, _ in sums if what == "lapsed" and points)
    available = row.balance + row.debt - row.held - pending - lapsed
    value, until = terms.points.value, fold.climb.until
    return MemberStanding(
        member_id=MemberId(member_id),
        available=available,
        pending=pending,
        held=row.held,
        debt=row.debt,
        money_value=ratio(available * minor(value.money, terms.digits), value.points, Rounding.DOWN),
        level=terms.tiers.levels[terms.tiers.index(fold.climb.tier)],
        tier_until=date.fromordinal(until) if until else None,
        to_next=tiers.to_next(fold.climb, day, terms),
        to_stay=tiers.to_stay(fold.climb, day, terms),
        activating=activating,
        expiring=expiring,
        version=terms,
        line=line,
        game=row.game,
    )


def _sums(
    session: Session, member_id: UUID, now: datetime
) -> list[tuple[str, datetime | None, int | None, str]]:
    """What is pending by moment, what lapsed and is not posted yet, what is lost next, and the programme's digest."""
    rows = session.execute(_question(), {"member": member_id, "now": now}).all()
    return [(what, at, int(points) if points is not None else None, text) for what, at, points, text in rows]


@cache
def _question() -> Any:
    """The question of `_sums`, built once."""
    now: Any = bindparam("now", type_=Utc())
    mine = (
        col(Lot.member_id) == bindparam("member", type_=Uuid()),
        col(Lot.remaining) != 0,
        col(Lot.kind) == EARNED,
    )
    total: ColumnElement[int] = func.sum(col(Lot.remaining))
    nothing = cast(literal(""), Text)
    live = or_(col(Lot.expires_at).is_(None), col(Lot.expires_at) > now)
    pending = (
        statement(literal("pending"), col(Lot.active_from), total, nothing)
        .where(*mine, col(Lot.active_from) > now, live)
        .group_by(col(Lot.active_from))
    )
    lapsed = statement(literal("lapsed"), cast(null(), Utc), total, nothing).where(
        *mine, col(Lot.expires_at) <= now
    )
    next_lost = (
        statement(col(Lot.expires_at), total.label("points"))
        .where(*mine, col(Lot.expires_at) > now)
        .group_by(col(Lot.expires_at))
        .order_by(col(Lot.expires_at))
        .limit(EXPIRING_MAX)
        .subquery()
    )
    expiring = statement(literal("expiring"), next_lost.c.expires_at, next_lost.c.points, nothing)
    newest = (
        statement(col(ProgrammeVersion.digest))
        .order_by(col(ProgrammeVersion.number).desc())
        .limit(1)
        .subquery()
    )
    digest = statement(literal("digest"), cast(null(), Utc), cast(null(), BigInteger), newest.c.digest)
    return union_all(pending, lapsed, expiring, digest)


def _moments(sums: list[tuple[str, datetime | None, int | None, str]], wanted: str) -> Moments:
    return sorted((at, points) for what, at, points, _ in sums if what == wanted and at and points)
