"""A badge that its holder has made public, as strangers see it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from badges.artwork import Artwork
from badges.tables import Award, BadgeHolders, BadgePage
from facts.language import SOURCE, Language, codes, language
from members.programme import versions
from members.views.saying import wording

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class SharedBadge:
    """What the public page and its picture say, in finished words."""

    slug: str
    title: str
    description: str
    shop: str
    holder: str
    line: str
    rarity: str
    level: int | None
    edition: int | None
    artwork: Artwork
    language: str


def shared(session: Session, token: str, now: datetime, code: str = "") -> SharedBadge | None:
    """The badge behind an address, in `code` or in the language it was shared in.

    None when there is no such page, or its holder does not have the badge any more.
    """
    if not _TOKEN.match(token):
        return None
    page = session.get(BadgePage, token)
    if page is None:
        return None
    mine = (Award.member_id == page.member_id, Award.kind == "badge", Award.slug == page.slug)
    newest = (col(Award.awarded_at).desc(), col(Award.level).desc())
    award = session.exec(
        select(Award).where(*mine, col(Award.revoked_at).is_(None)).order_by(*newest)
    ).first()
    version = versions(session).at(now)
    badge = version.programme.badge(page.slug)
    if award is None or badge is None or (award.expires_at and award.expires_at <= now):
        return None
    chosen = code if code in codes() else page.language if page.language in codes() else SOURCE
    say = wording(version, language(chosen))
    local = award.awarded_at.astimezone(version.zone).date()
    return SharedBadge(
        badge.slug,
        say.words(badge.name),
        say.words(badge.description) if badge.description else "",
        say.words(version.programme.name),
        page.name,
        say.text("Earned on {day}", day=say.language.date(local, "long")),
        rarity(session, page.slug, say.language),
        award.level if len(badge.thresholds()) > 1 else None,
        award.edition or None,
        badge.artwork,
        chosen,
    )


def rarity(session: Session, slug: str, say: Language) -> str:
    """How rare a badge is, as far as it was counted."""
    counted = session.get(BadgeHolders, slug)
    if counted is None or not counted.members:
        return ""
    return held_by(counted.holders, counted.members, say)


def held_by(holders: int, members: int, say: Language) -> str:
    """`3.2% of members hold it`; below a tenth of a percent, how many."""
    if holders * 1000 < members:
        return say.plural("{n} member holds it", "{n} members hold it", holders)
    return say.text("{share} of members hold it", share=say.percent(holders / members, tenths=True))
