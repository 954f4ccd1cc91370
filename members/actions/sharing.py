"""Sharing a badge: a public page at an address that nobody can guess, as long as its holder wants it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, delete, select

from badges.art.address import badge_picture
from badges.credentials.award import BadgeAward, award_id
from badges.credentials.issuer import Issuer
from badges.credentials.tables import Credential
from badges.tables import Award, BadgePage
from facts.language import N_, SOURCE, codes, language
from facts.refusals import Refusal
from members.actions.credentials import issue
from members.issuer import issuer
from members.programme import versions
from members.views.playing import asked
from members.views.saying import wording

NAME_LENGTH_MAX = 40
PICTURE = 512  # pixels


def share(
    session: Session, member_id: UUID, slug: str, name: str, code: str, token: str, now: datetime
) -> str:
    """Make a badge's page public; returns the end of its address. Shared twice, it keeps its address.

    `name` is what the holder wants to be called there, "" for nothing; `token` comes from a source of chance, at
    least 128 bits of it.
    """
    if len(name) > NAME_LENGTH_MAX or not name.isprintable():
        sentence = N_("A name is one line of at most {most} characters.")
        raise Refusal("name_malformed", sentence, path="name", most=NAME_LENGTH_MAX)
    mine = (col(Award.member_id) == member_id, col(Award.kind) == "badge", col(Award.slug) == slug)
    held = session.exec(select(Award.level).where(*mine, col(Award.revoked_at).is_(None)).limit(1)).first()
    if held is None:
        raise Refusal("badge_not_held", N_("You do not have this badge."), path="badge", status=404)
    page = session.exec(
        select(BadgePage).where(BadgePage.member_id == member_id, BadgePage.slug == slug).limit(1)
    ).first()
    if page is None:
        page = BadgePage(token=token, member_id=member_id, slug=slug, since=now)
    page.name, page.language = name.strip(), code if code in codes() else SOURCE
    session.add(page)
    session.flush()
    return page.token


def sign(
    session: Session, member_id: UUID, slug: str, address: str, now: datetime, secret: bytes
) -> Credential:
    """A badge as a credential of the shop at `address`. Asking again gives the same one."""
    return credential(session, member_id, slug, issuer(session, address, now), now, secret)


def credential(
    session: Session, member_id: UUID, slug: str, who: Issuer, now: datetime, secret: bytes
) -> Credential:
    """A badge that the member holds as a signed credential (Open Badges 3.0), its highest level."""
    version = versions(session).at(now)
    badge = version.programme.badge(slug)
    mine = (col(Award.member_id) == member_id, col(Award.kind) == "badge", col(Award.slug) == slug)
    newest = (col(Award.instance).desc(), col(Award.level).desc())
    row = session.exec(select(Award).where(*mine, col(Award.revoked_at).is_(None)).order_by(*newest)).first()
    if badge is None or row is None:
        raise Refusal("badge_not_held", N_("You do not have this badge."), path="badge", status=404)
    how = {
        code: asked(badge, row.level, wording(version, language(code)))
        for code in version.programme.languages
    }
    level = row.level if len(badge.thresholds()) > 1 else None
    picture = badge_picture(badge.artwork, PICTURE, edition=row.edition or None, level=level)
    award = BadgeAward(
        award_id(member_id, slug, row.instance, row.level), member_id, slug, row.level, badge.name,
        badge.description or badge.name, how, row.awarded_at,
        row.expires_at, who.address + picture, row.edition or None, badge.edition,
    )  # fmt: skip
    return issue(session, award, who, now, secret)


def unshare(session: Session, member_id: UUID, slug: str) -> None:
    """Take a badge's page away. Its address never comes back."""
    mine = (col(BadgePage.member_id) == member_id) & (col(BadgePage.slug) == slug)
    session.exec(delete(BadgePage).where(mine))
