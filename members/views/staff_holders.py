"""Who holds a badge and since when, as staff sees it: the newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, literal, select, tuple_
from sqlmodel import Session, col

from badges.art.address import badge_picture
from badges.document import Badge
from badges.tables import Award
from facts.language import N_, Language
from facts.refusals import Refusal
from members.actions.rarity import counts, holds
from members.programme.versions import Version, versions
from members.sets import table_of
from members.staff_game_cards import HolderRow, HoldersCard
from members.tables import Member
from members.views.saying import wording
from members.views.staff_badges import held_words, note
from members.views.staff_people import known_as
from rewards.wording import Wording

PAGE = 50
PICTURE = 192  # pixels


def holders(session: Session, slug: str, now: datetime, language: Language, after: str = "") -> HoldersCard:
    """The holders of a badge after the one that `after` names, as an earlier card said; the newest for "".

    Who counts is as in `members.actions.rarity`: one range of an index, whatever the number of members.
    """
    version = versions(session).latest
    say, badge = wording(version, language), version.programme.badge(slug)
    if badge is None:
        raise Refusal("badge_unknown", N_("There is no such badge."), path="badge", status=404)
    found = _found(session, slug, now, after)
    shown = {row.member_id: row for row in found[:PAGE]}
    highest = _highest(session, slug, now, shown)
    known = known_as(session, list(shown), say)
    level = len(badge.thresholds())
    return HoldersCard(
        name=say.words(badge.name),
        picture=badge_picture(badge.artwork, PICTURE, level=level if level > 1 else None),
        words=say.text("Members who have switched the game off are not listed."),
        rows=tuple(
            _row(one, highest[one.member_id], known, badge, version, say, now) for one in shown.values()
        ),
        after=_place(found[PAGE - 1]) if len(found) > PAGE else "",
    )


def _found(
    session: Session, slug: str, now: datetime, after: str
) -> Sequence[Row[tuple[UUID, datetime, str]]]:
    award, member = table_of(Award).c, table_of(Member).c
    place = tuple_(award.awarded_at, award.member_id)
    asked = [award.slug == slug, *holds(now), *counts()]
    if after:
        at, _, member_id = after.partition(" ")
        last = (datetime.fromisoformat(at), UUID(member_id))
        asked.append(
            place < tuple_(literal(last[0], award.awarded_at.type), literal(last[1], award.member_id.type))
        )
    query = select(award.member_id, award.awarded_at, member.name).where(
        award.member_id == member.member_id, *asked
    )
    newest = query.order_by(award.awarded_at.desc(), award.member_id.desc())
    return session.execute(newest.limit(PAGE + 1)).all()


def _place(row: Row[tuple[UUID, datetime, str]]) -> str:
    return f"{row.awarded_at.isoformat()} {row.member_id}"


def _highest(session: Session, slug: str, now: datetime, members: Iterable[UUID]) -> dict[UUID, Award]:
    """The highest level that each of them holds."""
    rows = session.scalars(
        select(Award)
        .where(col(Award.member_id).in_(members), col(Award.kind) == "badge", col(Award.slug) == slug)
        .where(col(Award.revoked_at).is_(None))
        .order_by(col(Award.instance), col(Award.level))
        .execution_options(populate_existing=True)
    )
    return {row.member_id: row for row in rows if row.expires_at is None or row.expires_at > now}


def _row(
    row: Row[tuple[UUID, datetime, str]],
    award: Award,
    known: dict[UUID, list[str]],
    badge: Badge,
    version: Version,
    say: Wording,
    now: datetime,
) -> HolderRow:
    return HolderRow(
        key=str(row.member_id),
        name=row.name or say.text("A member without a name"),
        known_as=known.get(row.member_id, [""])[0],
        words=" · ".join(held_words(award, row.awarded_at, badge, version, say, now)),
        note=note(award, say),
        path=f"/staff/member?id={row.member_id}",
    )
