"""How a member stands at a moment: what they can spend, what is on its way, and what the tiers ask of them.

The standing row and a few sums over the open lots, read from indexes, so that it costs the same with ten lots and with
ten thousand; the tier is what the engine itself makes of it when it runs on to the moment in question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Uuid, bindparam, cast, func, literal_column, or_
from sqlalchemy import select as statement
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from facts.columns import Utc
from facts.dates import day_of
from facts.ids import MemberId
from facts.money import Rounding, minor, ratio
from members import idling
from members.asking import part, together
from members.books import fold_of
from members.intake import identity_key
from members.merged import latest_of
from members.programme.versions import Timeline, Version, versions
from members.tables import Identity, Member, ProgrammeVersion, Standing
from rewards import tiers
from rewards.document import Level
from rewards.idle import all_end
from rewards.lots import EARNED, POINTS
from rewards.pins import tier_of
from rewards.tables import Lot
from rewards.tiers import Ahead

Moments = list[tuple[datetime, int]]
EXPIRING_MAX = 12  # how many moments of loss are told
LOSSES_MAX = 2 * EXPIRING_MAX  # how many are read, of all wallets


@dataclass(frozen=True, slots=True)
class PurseStanding:
    """What a member has in a wallet beside points, in its smallest unit."""

    slug: str
    available: int
    pending: int
    held: int
    debt: int
    activating: Moments
    expiring: Moments


@dataclass(frozen=True, slots=True)
class MemberStanding:
    """A member at a moment. Points are whole, `money_value` is in minor units of the programme's currency.

    `pending` comes with the moments it turns active, `expiring` with the moments it is lost, soonest first.
    `game` is what the engine remembers of badges and challenges (`badges.game.Game.told`, as JSON). `idle_until` is
    when points are lost that end by inactivity, should nothing be done. `purses` are the wallets beside points that
    the programme or the member has.
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
    idle_until: datetime | None = None
    purses: tuple[PurseStanding, ...] = ()

    @property
    def turns_at(self) -> datetime | None:
        """When points arrive next, by date alone."""
        return self.activating[0][0] if self.activating else None


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
    line = line or versions(session, digest_in(rows))
    idle = idling.moments(session, [member_id], line).get(member_id, []) if line.keeping else []
    return standing_in(rows, member_id, now, line, idle)


def standing_in(
    rows: Sequence[Any],
    member_id: UUID,
    now: datetime,
    line: Timeline,
    idle: Sequence[tuple[datetime, int]] = (),
) -> MemberStanding | None:
    """The same from the rows of a question that has `standing_parts` in it. `idle` are moments at which points are lost
    by inactivity; who does not ask for them is told of `idle_until` alone.
    """
    row = next((row for row in rows if row.what == "standing"), None)
    if row is None:
        return None
    balance, debt, held = int(row.seq), int(row.amount), int(row.version)
    fold = fold_of(row.cause, line)
    due, fold.expiry_due = fold.expiry_due, None
    fold.advance(now)
    terms, day = line.at(now), day_of(now, line.at(now).zone)
    activating, expiring = _moments(rows, "pending"), _moments(rows, "expiring")
    if idle:
        expiring = sorted([*expiring, *(one for one in idle if one[0] > now)])
    pending = sum(points for _, points in activating)
    lapsed = _lapsed(rows, POINTS) + sum(points for at, points in idle if at <= now)
    available = balance + debt - held - pending - lapsed
    value, (tier, _, until) = terms.points.value, tier_of(fold, terms)
    return MemberStanding(
        member_id=MemberId(member_id),
        available=available,
        pending=pending,
        held=held,
        debt=debt,
        money_value=ratio(available * minor(value.money, terms.digits), value.points, Rounding.DOWN),
        level=terms.tiers.levels[terms.tiers.index(tier)],
        tier_until=date.fromordinal(until) if until else None,
        to_next=tiers.to_next(fold.climb, day, terms),
        to_stay=tiers.to_stay(fold.climb, day, terms),
        activating=activating,
        expiring=expiring[:EXPIRING_MAX],
        version=terms,
        line=line,
        game=row.rule,
        idle_until=all_end(line, fold.active, due, now) if due and line.keeping else None,
        purses=_purses(rows, fold.wallets, terms) if fold.wallets or terms.wallets else (),
    )


def _purses(rows: Sequence[Any], kept: Mapping[str, list[int]], terms: Version) -> tuple[PurseStanding, ...]:
    """The wallets beside points; those of the programme first, in its order."""
    found: list[PurseStanding] = []
    for slug in dict.fromkeys([*terms.wallets, *sorted(kept)]):
        balance, debt, held = kept.get(slug, (0, 0, 0))
        activating, expiring = _moments(rows, "pending", slug), _moments(rows, "expiring", slug)
        pending = sum(points for _, points in activating)
        available = balance + debt - held - pending - _lapsed(rows, slug)
        found.append(PurseStanding(slug, available, pending, held, debt, activating, expiring))
    return tuple(found)


def _lapsed(rows: Sequence[Any], wallet: str) -> int:
    return sum(int(one.amount) for one in rows if one.what == "lapsed" and one.rule == wallet and one.amount)


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
    lot, version = aliased(Lot, name="l"), aliased(ProgrammeVersion, name="v")  # short, as in `home_asked`
    left, earned = col(lot.remaining) != literal_column("0"), col(lot.kind) == literal_column(f"'{EARNED}'")
    mine = (col(lot.member_id) == member, left, earned)  # in so many words, or no plan is sure of the index
    total = cast(func.sum(col(lot.remaining)), BigInteger)
    live = or_(col(lot.expires_at).is_(None), col(lot.expires_at) > now)
    own = part(
        "standing",
        seq=col(Standing.balance),
        amount=col(Standing.debt),
        version=col(Standing.held),
        cause=col(Standing.state),
        rule=col(Standing.game),
    ).where(col(Standing.member_id) == member)
    wallet: Any = col(lot.wallet)
    pending = (
        part("pending", at=col(lot.active_from), amount=total, rule=wallet)
        .where(*mine, col(lot.active_from) > now, live)
        .group_by(col(lot.active_from), wallet)
    )
    lapsed = (
        part("lapsed", amount=total, rule=wallet).where(*mine, col(lot.expires_at) <= now).group_by(wallet)
    )
    lost = (
        statement(col(lot.expires_at), total.label("points"), wallet.label("wallet"))
        .where(*mine, col(lot.expires_at) > now)
        .group_by(col(lot.expires_at), wallet)
        .order_by(col(lot.expires_at))
        .limit(literal_column(str(LOSSES_MAX)))
        .subquery()
    )
    expiring = part("expiring", at=lost.c.expires_at, amount=lost.c.points, rule=lost.c.wallet)
    newest = (
        statement(col(version.digest))
        .order_by(col(version.number).desc())
        .limit(literal_column("1"))
        .subquery()
    )
    return [own, pending, lapsed, expiring, part("digest", cause=newest.c.digest)]


def _moments(rows: Sequence[Any], wanted: str, wallet: str = POINTS) -> Moments:
    found = [row for row in rows if row.what == wanted and row.rule == wallet and row.at and row.amount]
    return sorted((row.at, int(row.amount)) for row in found)
