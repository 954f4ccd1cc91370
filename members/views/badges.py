"""The badges page: what I have, what is nearest, what there is to be had, and what I had once.

One question beyond the game's own: the member's awards; one more where a streak ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from badges.tables import WENT_BACK, Award
from badges.ways import Way
from facts.language import N_, Language
from members.game_cards import BadgesCard, SwitchCard
from members.views.badge_cards import (
    Shelved,
    badge_of,
    coming,
    earned_card,
    past_card,
    secret_picture,
    secret_words,
)
from members.views.came_back import with_returns
from members.views.lost import went_back
from members.views.playing import PARTS, Play, play_for
from members.views.reached import held
from members.views.saying import shop

NEAREST = 2
SWITCHES = {
    "confetti": (N_("Say when something is reached"), N_("A short line while you look at a page")),
    "streaks": (N_("Streaks"), N_("Weeks and months in a row, and their freezes")),
    "ranks": (N_("Places and boards"), N_("How you stand beside others")),
    "game": (N_("The whole game"), N_("Badges and challenges on all pages")),
}


def badges(
    session: Session, member_id: UUID, now: datetime, language: Language, *, address: str = ""
) -> BadgesCard:
    """The card of the badges page. `address` is the one of the shop, for links that leave it."""
    play = play_for(session, member_id, now, language)
    sign = shop(play.standing.version, language)
    if play.quiet:
        return BadgesCard(shop=sign, quiet=True, switches=switches(play))
    page = BadgesCard(shop=sign, switches=switches(play), held=held(play), told=play.wishes.told)
    mine = _mine(session, member_id)
    had = {f"badge:{slug}": {(row.instance, row.level) for row in rows} for slug, rows in mine.items()}
    return _page(page, mine, replace(with_returns(session, play), had=had), address)


def switches(play: Play) -> tuple[SwitchCard, ...]:
    """The parts that can be switched off, and whether they are on."""
    say = play.say
    return tuple(
        SwitchCard(name, say.text(SWITCHES[name][0]), say.text(SWITCHES[name][1]), name not in play.calm)
        for name in PARTS
    )


def _mine(session: Session, member_id: UUID) -> dict[str, list[Award]]:
    """The member's awards of badges, by badge, newest first."""
    query = (
        select(Award)
        .where(Award.member_id == member_id, Award.kind == "badge")
        .order_by(col(Award.awarded_at).desc(), col(Award.level).desc())
    )
    found: dict[str, list[Award]] = {}
    for row in session.exec(query.execution_options(populate_existing=True)):
        found.setdefault(row.slug, []).append(row)
    return found


def _page(page: BadgesCard, mine: dict[str, list[Award]], play: Play, address: str) -> BadgesCard:
    shelves = [_shelf(slug, rows, play) for slug, rows in mine.items()]
    had = [one for one in shelves if one is not None]
    earned = in_order([one for one in had if one.stands], play)
    past = [one for one in had if not one.stands]
    ways = {way.track.slug: way for way in play.ways("badge")}
    to_come = [
        way for slug, way in ways.items()
        if slug not in {one.badge.slug for one in earned} and play.open(way.track)
        and not way.blocked and not way.over
    ]  # fmt: skip
    shown = [way for way in to_come if not badge_of(way).secret and not play.hushed(way.track)]
    onward = [one.way for one in earned if one.way and one.way.goal is not None and play.open(one.way.track)]
    near = nearest([*shown, *onward], play)
    lost = {one.badge.slug for one in past}
    rest = (way for way in shown if way not in near and way.track.slug not in lost)
    locked = sorted(rest, key=lambda way: badge_of(way).order)
    secrets = sum(badge_of(way).secret for way in to_come)
    total = len(earned) + len(to_come)
    return BadgesCard(
        shop=page.shop,
        summary=play.say.text("{n} of {total} badges are yours", n=len(earned), total=total) if total else "",
        nearest=tuple(coming(way, play) for way in near),
        earned=tuple(earned_card(one, play, address) for one in earned),
        chosen=sum(one.badge.slug in play.wishes.shown for one in earned),
        locked=tuple(coming(way, play) for way in locked),
        past=tuple(past_card(one, play) for one in past),
        secrets=secrets,
        secret_words=secret_words(secrets, play),
        secret_picture=secret_picture() if secrets else "",
        switches=page.switches,
        held=page.held,
        told=page.told,
    )


def in_order(earned: list[Shelved], play: Play) -> list[Shelved]:
    """Those that the member puts first, in their order; the others as they came."""
    chosen = {slug: place for place, slug in enumerate(play.wishes.shown)}
    return sorted(earned, key=lambda one: chosen.get(one.badge.slug, len(chosen)))


def _shelf(slug: str, rows: Sequence[Award], play: Play) -> Shelved | None:
    """The newest award that stands, or the newest that does not; rows are newest first."""
    stands = [row for row in rows if row.revoked_at is None and not _expired(row, play)]
    award = max(stands, key=lambda row: (row.instance, row.level)) if stands else rows[0]
    badge = play.standing.version.programme.badge(slug)
    badge = badge or play.standing.line.numbered(award.version).programme.badge(slug)
    if badge is None or (not stands and badge.secret and award.reason in WENT_BACK):
        return None
    track = play.rules.tracks.get(f"badge:{slug}")
    lost = went_back(rows, award.instance, award.level) if stands else None
    return Shelved(badge, award, play.way(track) if track else None, bool(stands), lost)


def _expired(row: Award, play: Play) -> bool:
    return row.expires_at is not None and row.expires_at <= play.now


def nearest(ways: Sequence[Way], play: Play) -> list[Way]:
    """What the member has begun and is closest to."""
    begun = [
        way for way in ways
        if way.value and way.goal is not None and not way.over and play.admits(way.track) and not play.gone(way)
        and not play.hushed(way.track)
    ]  # fmt: skip
    return sorted(begun, key=lambda way: (-way.percent, badge_of(way).order))[:NEAREST]
