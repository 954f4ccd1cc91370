"""Two accounts side by side before they become one, and those that became part of this one and can still go apart."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, func, select

from badges.tables import Award
from facts.language import N_, Language
from members.actions.merging import OPEN
from members.merge_cards import MergeCard, PartCard, SideCard
from members.merged import latest_of
from members.own_tables import Merge
from members.programme.versions import versions
from members.standing import MemberStanding, standing_of
from members.tables import FactRow, Member
from members.views.saying import day, wording
from members.views.staff_people import find, known_as
from members.views.standing import unknown
from members.views.wallets import in_points
from members.ways_back import UNDO_DAYS
from rewards.tables import Redemption
from rewards.wording import Wording

DRAFT = "draft"
LIMIT = N_(
    "A second person has to agree when more than {points} would move, or would open to whoever signs in to the "
    "account that is closed, and whenever one of the two is your own."
)


def merge_card(
    session: Session, member_id: UUID, other: UUID | None, wanted: str, now: datetime, say: Language
) -> MergeCard:
    """The account that stays, and with `other` the one that would be closed; `wanted` looks for it."""
    member_id = latest_of(session, member_id)
    row = session.get(Member, member_id)
    if row is None:
        raise unknown()
    found = find(session, wanted, now, say) if wanted else None
    people = tuple(one for one in found.people if one.key != str(member_id)) if found else ()
    nobody = say.text("Nobody else is known as “{text}”.", text=wanted) if found and not people else ""
    return MergeCard(
        one=_side(session, member_id, now, say),
        other=_side(session, latest_of(session, other), now, say) if other else SideCard(),
        found=people,
        words=nobody,
        limit=_limit(session, now, say),
        parts=_parts(session, member_id, now, say),
        draft=row.status == DRAFT,
    )


def _limit(session: Session, now: datetime, language: Language) -> str:
    version = versions(session).at(now)
    points = wording(version, language).points(version.points.adjustment_limit)
    return language.text(LIMIT, points=points)


def _side(session: Session, member_id: UUID, now: datetime, language: Language) -> SideCard:
    line = versions(session)
    standing, row = standing_of(session, member_id, now, line), session.get(Member, member_id)
    if standing is None or row is None:
        raise unknown()
    say = wording(standing.version, language)
    badges = _count(
        session, Award.member_id == member_id, Award.kind == "badge", col(Award.revoked_at).is_(None)
    )
    orders = _count(session, FactRow.member_id == member_id, FactRow.type == "order.paid")
    waiting = _count(session, Redemption.member_id == member_id, col(Redemption.closed_at).is_(None))
    return SideCard(
        key=str(member_id),
        name=row.name or say.text("A member without a name"),
        known_as=tuple(known_as(session, [member_id], say).get(member_id, [])),
        since=say.text("Known since {day}", day=day(row.created_at, say, standing.version.zone, now)),
        tier=say.words(standing.level.name),
        points=_holding(standing, say),
        orders=language.plural("{n} order", "{n} orders", orders),
        badges=language.plural("{n} badge level", "{n} badge levels", badges),
        rewards=language.plural("{n} reward waits", "{n} rewards wait", waiting),
        open=row.status in OPEN,
    )


def _holding(standing: MemberStanding, say: Wording) -> str:
    """What is there in all: points, where there are any, and what is in each wallet beside them."""
    points = standing.available + standing.pending + standing.held - standing.debt
    said = [say.points(points)] if points or in_points(standing.version) else []
    said += [
        say.of(one.slug).points(one.available + one.pending + one.held - one.debt)
        for one in standing.purses
        if one.slug in say.purses
    ]
    return " · ".join(said)


def _count(session: Session, *which: object) -> int:
    return session.exec(select(func.count()).where(*which)).one()  # type: ignore[arg-type]


def _parts(session: Session, member_id: UUID, now: datetime, language: Language) -> tuple[PartCard, ...]:
    version = versions(session).at(now)
    say = wording(version, language)
    mine = (Merge.into_id == member_id, col(Merge.undone_at).is_(None))
    found: list[PartCard] = []
    for one in session.exec(select(Merge).where(*mine).order_by(col(Merge.at).desc())):
        until, closed = one.at + timedelta(days=UNDO_DAYS), session.get(Member, one.member_id)
        can = now < until
        words = N_("Can be undone until {until}") if can else N_("Too long ago to be undone")
        found.append(PartCard(
            key=str(one.member_id),
            name=(closed.name if closed else "") or say.text("A member without a name"),
            when=say.text("Became part of this account on {day}", day=day(one.at, say, version.zone, now)),
            words=say.text(words, until=day(until, say, version.zone, now)),
            reason=one.reason,
            may_undo=can,
        ))  # fmt: skip
    return tuple(found)
