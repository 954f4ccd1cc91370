"""One badge as one member sees it: to come, on the shelf, or lost."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from badges.art.address import badge_picture
from badges.art.version import State
from badges.artwork import Artwork
from badges.document import Badge
from badges.tables import HELD, RETURNED, UNCOUNTED, Award
from badges.ways import Way
from facts.language import SOURCE, Language
from members.cards import PlayCard
from members.game_cards import BadgeCard, ProofCard
from members.views.lost import level_words
from members.views.playing import Play, asks, for_tiers, gift_words, progress_words
from members.views.saying import day, last_day
from members.views.shared_badge import held_by
from members.views.streaks import streak_lines

SMALL, LARGE = 192, 320  # pixels of the pictures on the shelf and in the detail


@dataclass(frozen=True, slots=True)
class Shelved:
    """A badge with the award that stands for it (the newest one), the way on, and a level above it that went back."""

    badge: Badge
    award: Award
    way: Way | None
    stands: bool
    lost: Award | None = None


def badge_of(way: Way) -> Badge:
    """The badge of a way."""
    assert isinstance(way.track.definition, Badge)
    return way.track.definition


def _picture(badge: Badge, size: int, state: State, play: Play, level: int = 0, edition: int = 0) -> str:
    digits = "arab" if play.say.language.arabic_digits else "latn"
    shown = level if len(badge.thresholds()) > 1 else 0
    return badge_picture(
        badge.artwork, size, state=state, level=shown or None, edition=edition or None, digits=digits
    )


def _pictures(badge: Badge, state: State, play: Play, level: int = 0, edition: int = 0) -> tuple[str, str]:
    small, large = (_picture(badge, size, state, play, level, edition) for size in (SMALL, LARGE))
    return small, large


def glimpse(way: Way, play: Play) -> PlayCard:
    """The little that home shows of it."""
    badge = badge_of(way)
    state: State = "earned" if way.reached else "locked"
    picture = _picture(badge, SMALL, state, play, level=way.reached)
    return PlayCard(play.say.words(badge.name), progress_words(way, play), way.percent, picture)


def coming(way: Way, play: Play) -> BadgeCard:
    """A badge, or its next level, that can be had."""
    badge, say = badge_of(way), play.say
    state: State = "earned" if way.reached else "locked"
    small, large = _pictures(badge, state, play, level=way.reached)
    blocked = _sold_out(way, play) or for_tiers(way.track, play)
    words = progress_words(way, play)
    return BadgeCard(
        key=f"next:{badge.slug}" if way.reached else f"locked:{badge.slug}",
        name=say.words(badge.name),
        description=say.words(badge.description) if badge.description else "",
        picture=small,
        large=large,
        state=state,
        caption=blocked or words,
        level=_level(way.reached + 1, badge, play) if way.reached else "",
        why=asks(way.track, way.reached + 1, play),
        note=blocked,
        rarity=_rarity(badge, play),
        goal=not blocked,
        percent=way.percent,
        progress=words,
        gift=gift_words(badge.prize(way.reached + 1), play),
        streak=streak_lines(way, play),
    )


def _sold_out(way: Way, play: Play) -> str:
    badge = badge_of(way)
    if badge.edition is None or not play.gone(way):
        return ""
    return play.say.text("All {n} have been given", n=badge.edition)


def _level(level: int, badge: Badge, play: Play) -> str:
    total = len(badge.thresholds())
    return play.say.text("Level {n} of {total}", n=level, total=total) if total > 1 else ""


def _rarity(badge: Badge, play: Play) -> str:
    """How many hold it, when that has been counted."""
    holders, members = play.wishes.holders.get(badge.slug, (0, 0))
    return held_by(holders, members, play.say.language) if holders and members else ""


def _edition(award: Award, badge: Badge, play: Play) -> str:
    if not award.edition or not badge.edition:
        return ""
    return play.say.text("#{n} of {total}", n=award.edition, total=badge.edition)


def earned_card(one: Shelved, play: Play, address: str = "") -> BadgeCard:
    """A badge on the shelf, with its public page where it has one."""
    badge, award, way = one.badge, one.award, one.way
    say, zone = play.say, play.standing.version.zone
    small, large = _pictures(badge, "earned", play, award.level, award.edition)
    when = day(award.awarded_at, say, zone, play.now)
    on = day(award.awarded_at, say, zone, play.now, short=True)
    level, edition = _level(award.level, badge, play), _edition(award, badge, play)
    until = last_day(award.expires_at, say, zone, play.now) if award.expires_at else ""
    soon = last_day(award.expires_at, say, zone, play.now, short=True) if award.expires_at else ""
    onward = (
        way is not None and way.goal is not None and not (way.blocked or way.over) and play.open(way.track)
    )
    link, name = _public(badge, play, address)
    return BadgeCard(
        key=f"earned:{badge.slug}",
        slug=badge.slug,
        name=say.words(badge.name),
        description=say.words(badge.description) if badge.description else "",
        picture=small,
        large=large,
        state="earned",
        caption=say.text("until {day}", day=soon) if until else level or edition or on,
        level=level,
        edition=edition,
        rarity=_rarity(badge, play),
        when=say.text("Yours since {day}", day=when),
        note=level_words(one.lost, play) if one.lost else "",
        until=say.text("Good until {day}", day=until) if until else "",
        why=award.by_hand or (asks(way.track, award.level, play) if way else ""),
        goal=onward,
        percent=way.percent if way else 0,
        progress=progress_words(way, play) if way and onward else "",
        gift=gift_words(badge.prize(award.level + 1), play) if onward else "",
        streak=streak_lines(way, play) if way else (),
        chosen=badge.slug in play.wishes.shown,
        link=link,
        signed_by=name,
        message=_message(badge, link, play) if link else "",
    )


def _public(badge: Badge, play: Play, address: str) -> tuple[str, str]:
    """Where the badge's public page is, in the language of who looks, and the name on it; "" for no page."""
    if badge.slug not in play.wishes.pages:
        return "", ""
    token, name = play.wishes.pages[badge.slug]
    code = play.say.language.code
    return f"{address}{'' if code == SOURCE else f'/{code}'}/b/{token}", name


def proof(credential_id: UUID, language: Language) -> ProofCard:
    """Where a credential of the shop is found."""
    at = f"/credentials/{credential_id}"
    page = at if language.code == SOURCE else f"/{language.code}{at}"
    return ProofCard(page, f"{at}.png", f"{at}.json")


def _message(badge: Badge, link: str, play: Play) -> str:
    say = play.say
    shop = say.words(play.standing.version.programme.name)
    return say.text(
        "My badge “{badge}” from {shop}: {link}", badge=say.words(badge.name), shop=shop, link=link
    )


def past_card(one: Shelved, play: Play) -> BadgeCard:
    """A badge that was lost: grey, and why; with the way to have it again, where there is one."""
    badge, award, say, way = one.badge, one.award, play.say, one.way
    again = way is not None and not (way.blocked or way.over) and play.open(way.track)
    small, large = _pictures(badge, "locked", play)
    when = day(award.awarded_at, say, play.standing.version.zone, play.now)
    return BadgeCard(
        key=f"past:{badge.slug}",
        name=say.words(badge.name),
        description=say.words(badge.description) if badge.description else "",
        picture=small,
        large=large,
        state="past",
        caption=say.text("Expired") if award.revoked_at is None else say.text("Withdrawn"),
        when=say.text("Yours from {day}", day=when),
        note=_lost(award, play),
        why=asks(way.track, award.level, play) if way else "",
        goal=again,
        percent=way.percent if way else 0,
        progress=progress_words(way, play) if way and again else "",
    )


def _lost(award: Award, play: Play) -> str:
    say, zone = play.say, play.standing.version.zone
    if award.revoked_at is None:
        assert award.expires_at is not None
        return say.text("Its time was over after {day}.", day=last_day(award.expires_at, say, zone, play.now))
    when = day(award.revoked_at, say, zone, play.now)
    if award.reason == RETURNED and award.by_hand:
        return say.text("Taken back on {day}: it had been given by mistake.", day=when)
    if award.reason == RETURNED:
        return say.text("Taken back on {day}: an order that it was earned with came back.", day=when)
    if award.reason == HELD:
        return say.text(
            "Taken back on {day}: too much came at once. It counts if the shop says so.", day=when
        )
    if award.reason == UNCOUNTED:
        return say.text("Taken back on {day}: something that it was earned with no longer counts.", day=when)
    return say.text("Taken back on {day}: {reason}", day=when, reason=award.reason)


def secret_picture() -> str:
    """The same for every secret badge."""
    return badge_picture(Artwork(), SMALL, state="secret")


def secret_words(secrets: int, play: Play) -> str:
    """How many secret badges there are; nothing else about them."""
    if not secrets:
        return ""
    return play.say.language.plural(
        "{n} secret badge. How to earn it shows itself when you do.",
        "{n} secret badges. How to earn them shows itself when you do.",
        secrets,
    )
