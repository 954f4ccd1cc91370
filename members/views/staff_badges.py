"""A member's badges as staff sees them: what they hold, what they lost and why, and what can be given by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from badges.art.address import badge_picture
from badges.document import Badge
from badges.tables import HELD, RETURNED, UNCOUNTED, Award
from members.programme.versions import Timeline, Version
from members.staff_game_cards import HeldBadgeCard, OptionCard
from members.views.saying import day, last_day
from rewards.wording import Wording

PICTURE = 96  # pixels


def badges_and_options(
    session: Session, member_id: UUID, line: Timeline, say: Wording, now: datetime
) -> tuple[tuple[HeldBadgeCard, ...], tuple[OptionCard, ...]]:
    """The member's badges, held ones first, and every level that they could be given."""
    query = (
        select(Award)
        .where(Award.member_id == member_id, Award.kind == "badge")
        .order_by(col(Award.awarded_at).desc(), col(Award.level).desc())
    )
    mine: dict[str, list[Award]] = {}
    for row in session.exec(query.execution_options(populate_existing=True)):
        mine.setdefault(row.slug, []).append(row)
    version = line.at(now)
    cards = [_card(rows, line, version, say, now) for rows in mine.values()]
    held = {(row.slug, row.level) for rows in mine.values() for row in rows if _stands(row, now)}
    return tuple(sorted(cards, key=lambda card: not card.held)), tuple(_options(version, held, say))


def _stands(row: Award, now: datetime) -> bool:
    return row.revoked_at is None and (row.expires_at is None or row.expires_at > now)


def _card(
    rows: Sequence[Award], line: Timeline, version: Version, say: Wording, now: datetime
) -> HeldBadgeCard:
    """One badge: its highest level that stands, or what became of the newest one."""
    stands = [row for row in rows if _stands(row, now)]
    award = max(stands or rows, key=lambda row: (row.instance, row.level))
    badge = version.programme.badge(award.slug) or line.numbered(award.version).programme.badge(award.slug)
    picture = ""
    if badge:
        several = len(badge.thresholds()) > 1
        picture = badge_picture(
            badge.artwork, PICTURE, level=award.level if several else None, edition=award.edition or None,
            state="earned" if stands else "locked",
        )  # fmt: skip
    said = held_words(award, award.awarded_at, badge, version, say, now)
    return HeldBadgeCard(
        key=award.slug,
        name=say.words(badge.name) if badge else award.slug,
        picture=picture,
        words=" · ".join(said),
        note=note(award, say),
        held=bool(stands),
    )


def held_words(
    award: Award, since: datetime, badge: Badge | None, version: Version, say: Wording, now: datetime
) -> list[str]:
    """The level, the number of the edition, since when, and until when or since when no more."""
    zone, total = version.zone, len(badge.thresholds()) if badge else 1
    said = [say.text("Level {n} of {total}", n=award.level, total=total)] if total > 1 else []
    if award.edition and badge and badge.edition:
        said.append(say.text("#{n} of {total}", n=award.edition, total=badge.edition))
    said.append(say.text("Theirs since {day}", day=day(since, say, zone, now, short=True)))
    if award.revoked_at:
        said.append(say.text("Taken back on {day}", day=day(award.revoked_at, say, zone, now, short=True)))
    elif award.expires_at:
        until = last_day(award.expires_at, say, zone, now, short=True)
        said.append(say.text("Good until {day}", day=until) if _stands(award, now) else say.text("Expired"))
    return said


def note(award: Award, say: Wording) -> str:
    """Why they have it, when it was given by hand, or why they have it no more."""
    if award.revoked_at is not None:
        if award.reason == RETURNED and award.by_hand:
            return say.text("The batch that gave it was undone.")
        if award.reason == RETURNED:
            return say.text("An order that it was earned with came back.")
        if award.reason == HELD:
            return say.text("A guard holds back what it was earned with.")
        if award.reason == UNCOUNTED:
            return say.text("Something that it was earned with no longer counts.")
        return say.text("Taken away by hand: {reason}", reason=award.reason)
    return say.text("Given by hand: {reason}", reason=award.by_hand) if award.by_hand else ""


def _options(version: Version, held: set[tuple[str, int]], say: Wording) -> list[OptionCard]:
    """What can be given: each level of each badge above those that they hold."""
    found: list[OptionCard] = []
    for badge in sorted(version.programme.badges, key=lambda one: one.order):
        total = len(badge.thresholds())
        highest = max((level for slug, level in held if slug == badge.slug), default=0)
        for level in range(highest + 1, total + 1) if not badge.retired else ():
            name = say.words(badge.name)
            label = say.text("{badge}, level {n}", badge=name, n=level) if total > 1 else name
            found.append(OptionCard(f"{badge.slug} {level}", label))
    return found
