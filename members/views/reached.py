"""All that a member has reached, so that a page can tell what is new."""

from __future__ import annotations

from badges.art.address import badge_picture
from badges.document import Badge
from badges.tracks import Track
from members.joy_cards import HeldCard
from members.news import TIER, tier_in
from members.views.playing import Play

HUSHING = frozenset({"confetti", "game"})  # who has switched one of them off hears of nothing
PICTURE = 96  # pixels


def held(play: Play) -> tuple[HeldCard, ...]:
    """All that was reached; nothing for who does not want to hear of it."""
    if not play.calm.isdisjoint(HUSHING):
        return ()
    found = tuple(_held(key, *one, play) for key, one in _reached(play).items())
    tier = play.say.tiers[play.standing.level.slug]
    climbed = tuple(
        HeldCard(key, tier, play.say.text("Your tier is now {tier}", tier=tier)) for key in _tier(play)
    )
    return (*climbed, *found)


def reached(play: Play) -> list[str]:
    """The keys of the same (`members.news`), whether they want to hear of it or not."""
    return [*_tier(play), *_reached(play)]


def _tier(play: Play) -> list[str]:
    """The key of their tier; none for the lowest, which everybody has, unless they were told of a higher one."""
    standing = play.standing
    slug, lowest = standing.level.slug, standing.version.programme.tiers.levels[0].slug
    return [f"{TIER}{slug}:0:1"] if slug != lowest or tier_in((play.wishes.told or "").split()) else []


def _reached(play: Play) -> dict[str, tuple[Track, int]]:
    tracks = play.rules.tracks
    return {
        f"{key}:{walked.instance}:{walked.reached}": (tracks[key], walked.reached)
        for key, walked in play.game.tracks.items()
        if walked.reached and key in tracks
    }


def _held(key: str, track: Track, level: int, play: Play) -> HeldCard:
    name, definition, picture = play.say.words(track.definition.name), track.definition, ""
    if isinstance(definition, Badge):
        digits = "arab" if play.say.language.arabic_digits else "latn"
        shown = level if len(track.goals) > 1 else None
        picture = badge_picture(definition.artwork, PICTURE, level=shown, digits=digits)
    return HeldCard(key, name, _news(track, name, level, play), picture)


def _news(track: Track, name: str, level: int, play: Play) -> str:
    if track.kind == "badge":
        if level > 1:
            return play.say.text("New level of your badge: {badge}, level {level}", badge=name, level=level)
        return play.say.text("New badge: {badge}", badge=name)
    if level == len(track.goals):
        return play.say.text("Challenge done: {challenge}", challenge=name)
    return play.say.text("A step further: {challenge}", challenge=name)
