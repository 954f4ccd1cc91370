"""How a member stands at a moment: what they can spend, what is on its way, and what the tiers ask of them.

The standing row and a few sums over the open lots, read from indexes, so that it costs the same with ten lots and with
ten thousand; the tier is what the engine itself makes of it when it runs on to the moment in question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Uuid, bindparam, cast, func, literal_column, or_
from sqlalchemy import select as statement
from sqlmodel import Session, col, select

from facts.columns import Utc
from facts.dates import day_of
from facts.ids import MemberId
from facts.money import Rounding, minor, ratio
from members.asking import part, together
from members.books import fold_of
from members.intake import identity_key
from members.merged import latest_of
from members.programme.versions import Timeline, Version, versions
from members.tables import Identity, Member, ProgrammeVersion, Standing
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
    """The member whom a subject names, in the eyes of `source`; None when it names nobody.

    The id of an account that became part of another one leads there.
    """
    kind, _, value = subject.partition(":")
    if kind == "member":
        try:
            wanted = UUID(value)
        except ValueError:
            return None
        status = session.exec(select(Member.status).where(Member.member_id == wanted)).first()
        if status is None:
            return None
        found = latest_of(session, wanted) if status == "merged" else wanted
    else:
        key = identity_key(source, subject)
        found = session.exec(select(Identity.member_id).where(Identity.key == key)).first()
    return MemberId(found) if found else None


def standing_of(
    session: Session, member_id: UUID, now: datetime, line: Timeline | None = None
) -> MemberStanding | None:
    """How a member stands at `now`; None when there is no such member. One query, however many lots there are.

    `line` is the programme, from who has it already; otherwise the query brings its digest along.
    """
    rows = session.execute(_question(), {"member": member_id, "now": now}).all()
    if all(row.what != "standing" for row in rows):
        return None
    return standing_in(rows, member_id, now, line or versions(session, digest_in(rows)))


def standing_in(rows: Sequence[Any], member_id: UUID, now: datetime, line: Timeline) -> MemberStanding | None:
    """The same from the rows of a question that has `standing_parts` in it."""
    row = next((row for row in rows if row.what == "standing"), None)
    if row is None:
        return None
    balance, debt, held = int(row.seq), int(row.amount), int(row.version)
    fold = fold_of(row.cause, line)
    fold.expiry_due = None
    fold.advance(now)
    terms, day = line.at(now), day_of(now, line.at(now).zone)
    activating, expiring = _moments(rows, "pending"), _moments(rows, "expiring")
    pending = sum(points for _, points in activating)
    lapsed = sum(int(one.amount) for one in rows if one.what == "lapsed" and one.amount)
    available = balance + debt - held - pending - lapsed
    value, until = terms.points.value, fold.climb.until
    return MemberStanding(
        member_id=MemberId(member_id),
        available=available,
        pending=pending,
        held=held,
        debt=debt,
        money_value=ratio(available * minor(value.money, terms.digits), value.points, Rounding.DOWN),
        level=terms.tiers.levels[terms.tiers.index(fold.climb.tier)],
        tier_until=date.fromordinal(until) if until else None,
        to_next=tiers.to_next(fold.climb, day, terms),
        to_stay=tiers.to_stay(fold.climb, day, terms),
        activating=activating,
        expiring=expiring,
        version=terms,
        line=line,
        game=row.rule,
    )


def digest_in(rows: Sequence[Any]) -> str | None:
    """The digest of the newest version of the programme; None when there is none yet."""
    return next((row.cause for row in rows if row.what == "digest"), None)


@cache
def _question() -> Any:
    return together(standing_parts(bindparam("member", type_=Uuid())))


def standing_parts(member: Any) -> list[Any]:
    """What has to be asked about a member: the standing row, what is pending by moment, what lapsed and is not posted
    yet, what is lost next, and the programme's digest. `now` is a parameter.
    """
    now: Any = bindparam("now", type_=Utc())
    left, earned = col(Lot.remaining) != literal_column("0"), col(Lot.kind) == literal_column(f"'{EARNED}'")
    mine = (col(Lot.member_id) == member, left, earned)  # in so many words, or no plan is sure of the index
    total = cast(func.sum(col(Lot.remaining)), BigInteger)
    live = or_(col(Lot.expires_at).is_(None), col(Lot.expires_at) > now)
    own = part(
        "standing",
        seq=col(Standing.balance),
        amount=col(Standing.debt),
        version=col(Standing.held),
        cause=col(Standing.state),
        rule=col(Standing.game),
    ).where(col(Standing.member_id) == member)
    pending = (
        part("pending", at=col(Lot.active_from), amount=total)
        .where(*mine, col(Lot.active_from) > now, live)
        .group_by(col(Lot.active_from))
    )
    lapsed = part("lapsed", amount=total).where(*mine, col(Lot.expires_at) <= now)
    lost = (
        statement(col(Lot.expires_at), total.label("points"))
        .where(*mine, col(Lot.expires_at) > now)
        .group_by(col(Lot.expires_at))
        .order_by(col(Lot.expires_at))
        .limit(EXPIRING_MAX)
        .subquery()
    )
    expiring = part("expiring", at=lost.c.expires_at, amount=lost.c.points)
    newest = (
        statement(col(ProgrammeVersion.digest))
        .order_by(col(ProgrammeVersion.number).desc())
        .limit(1)
        .subquery()
    )
    return [own, pending, lapsed, expiring, part("digest", cause=newest.c.digest)]


def _moments(rows: Sequence[Any], wanted: str) -> Moments:
    return sorted((row.at, int(row.amount)) for row in rows if row.what == wanted and row.at and row.amount)
