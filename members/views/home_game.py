"""The game at home: the badge that is nearest, and the challenge that is furthest on. No question of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

from badges.document import Challenge
from badges.joining import why_no_joining
from badges.ways import Way
from members.cards import PlayCard, icon_of
from members.joy_cards import HeldCard
from members.views.badge_cards import badge_of, glimpse
from members.views.badges import nearest
from members.views.playing import Play, asks, left_words, progress_words
from members.views.reached import held


@dataclass(frozen=True, slots=True)
class HomeGame:
    """What home shows of the game. It follows from the member's game, tier and wishes, what is gone, and the day.

    `shown`: they have not switched it all off; `boards`: there are some that they want to see.
    """

    shown: bool = True
    badge: PlayCard = field(default_factory=PlayCard)
    challenge: PlayCard = field(default_factory=PlayCard)
    first: tuple[PlayCard, ...] = ()
    held: tuple[HeldCard, ...] = ()
    boards: bool = False


def home_game(play: Play) -> HomeGame:
    """A badge, a challenge, the badges put first, and all that was reached; nothing for who has switched it all off."""
    if play.quiet or not play.rules.tracks:
        return HomeGame(shown=not play.quiet, held=held(play), boards=play.ranked)
    return HomeGame(True, _badge(play), _challenge(play), _first(play), held(play), play.ranked)


def _first(play: Play) -> tuple[PlayCard, ...]:
    """The badges that the member puts first and holds, in their order."""
    tracks = [play.rules.tracks.get(f"badge:{slug}") for slug in play.wishes.shown]
    ways = [play.way(track) for track in tracks if track]
    return tuple(glimpse(way, play) for way in ways if way.reached)


def _badge(play: Play) -> PlayCard:
    """The nearest one; without any that was begun, how many there are."""
    ways = [
        way
        for way in play.ways("badge")
        if way.reached or (play.open(way.track) and not way.blocked and not way.over)
    ]
    known = [way for way in ways if way.reached or not badge_of(way).secret]
    near = nearest(known, play)
    if near:
        return glimpse(near[0], play)
    mine = [way for way in ways if way.reached]
    if not known:
        return PlayCard()
    shown = glimpse(mine[-1] if mine else known[0], play)
    said = play.say.text("{n} of {total} badges are yours", n=len(mine), total=len(ways))
    return PlayCard(said, shown.name, 100 * len(mine) // len(ways), shown.picture)


def _challenge(play: Play) -> PlayCard:
    """The one that is furthest on, else one that can be taken on."""
    ways = [way for way in play.ways("challenge") if not way.done and not play.hushed(way.track)]
    running = [
        way
        for way in ways
        if way.taking_part and play.open(way.track) and play.admits(way.track) and not play.gone(way)
    ]
    if running:
        return _card(max(running, key=lambda way: way.percent), play, joined=True)
    tier = play.standing.level.slug
    free = [way for way in ways if why_no_joining(way, tier, play.gone(way), play.now) is None]
    return _card(free[0], play, joined=False) if free else PlayCard()


def _card(way: Way, play: Play, *, joined: bool) -> PlayCard:
    challenge, say = way.track.definition, play.say
    assert isinstance(challenge, Challenge)
    words = progress_words(way, play) if joined else asks(way.track, 1, play)
    said = [words, left_words(way, play)] if joined else [words]
    return PlayCard(
        name=say.words(challenge.name),
        words=" · ".join(part for part in said if part),
        percent=way.percent if joined else 0,
        icon=icon_of(challenge.icon),
        chip="" if joined else say.text("New"),
    )
