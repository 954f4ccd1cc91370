"""What all pages of the game share: a member's ways on every track as of now, in words, and how they want to play."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam
from sqlmodel import Session, col

from badges.document import Badge, Challenge, Prize
from badges.game import Game
from badges.remaining import behind, reach_on
from badges.scores import BoardRules
from badges.tables import BadgeHolders, BadgePage, Player, Scarce
from badges.tracks import Kind, Rules, Track
from badges.ways import Way, way_of, way_on
from facts.criteria import Place, Streak
from facts.criteria.saying import progress, sentence
from facts.dates import day_of
from facts.language import Language
from members.asking import part, together
from members.programme.versions import versions
from members.standing import MemberStanding, digest_in, standing_in, standing_parts
from members.views.saying import wording
from members.views.standing import unknown
from rewards.wording import Wording

PARTS = ("confetti", "streaks", "ranks", "game")
SOON_DAYS = 3  # days left, from which on they are said with emphasis


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is known beside the standing: the parts switched off, how much of what is scarce is gone, and the holders.

    `holders` has for each badge how many hold it, of how many members; `shown` are the badges that the member puts
    first, in order; `pages` the public pages of badges, as their token and the name on it; `alias`
    is what they are listed as on boards; `told` what they were told that they reached (`members.news`).
    """

    calm: frozenset[str] = frozenset()
    taken: Mapping[str, int] = field(default_factory=dict[str, int])
    holders: Mapping[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    shown: tuple[str, ...] = ()
    pages: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    alias: str = ""
    told: str | None = None


@dataclass(frozen=True, slots=True)
class Play:
    """A member's game as of `now`, at the `place` where they are.

    `came_back` are the tracks whose streak ended with orders that came back, and when: where that was asked.
    `had` are rounds and levels that they ever had, by track: where that was asked.
    """

    standing: MemberStanding
    game: Game
    place: Place
    say: Wording
    now: datetime
    wishes: Wishes = Wishes()
    came_back: Mapping[str, datetime] = field(default_factory=dict[str, datetime])
    had: Mapping[str, Collection[tuple[int, int]]] = field(
        default_factory=dict[str, Collection[tuple[int, int]]]
    )

    @property
    def calm(self) -> frozenset[str]:
        """The parts that are switched off."""
        return self.wishes.calm

    @property
    def rules(self) -> Rules:
        """The tracks of the version in force."""
        return self.standing.version.achievements

    @property
    def quiet(self) -> bool:
        """Whether the whole game is switched off."""
        return "game" in self.calm

    @property
    def boards(self) -> list[BoardRules]:
        """The boards of the version in force, without those that are retired or have not begun."""
        known = self.rules.boards.values()
        return [
            one for one in known
            if not one.board.retired and (one.board.opens is None or one.board.opens <= self.now)
        ]  # fmt: skip

    @property
    def ranked(self) -> bool:
        """Whether there are boards that the member wants to see."""
        return self.calm.isdisjoint(("ranks", "game")) and bool(self.boards)

    def ways(self, kind: Kind) -> list[Way]:
        """The ways on all tracks of a kind, in the order of the document."""
        day, walked = day_of(self.now, self.place.zone), self.game.tracks
        return [
            way_on(track, walked.get(key), day, self.place)
            for key, track in self.rules.tracks.items()
            if track.kind == kind
        ]

    def way(self, track: Track) -> Way:
        """The way on one track."""
        return way_of(track, self.game.tracks.get(track.key), self.now, self.place)

    def reach(self, way: Way, had: Collection[int] = ()) -> int:
        """The highest level that what is left of something scarce reaches for, in the round that comes next.

        `had` are the levels that they had in this round, where that is known and not in the game itself.
        """
        had = had or {
            level for instance, level in self.had.get(way.track.key, ()) if instance == way.instance
        }
        return reach_on(way, self.wishes.taken.get(way.track.key, 0), had)

    def gone(self, way: Way, had: Collection[int] = ()) -> bool:
        """Whether what is left of something scarce does not reach for the next level."""
        return self.reach(way, had) <= behind(way)

    def hushed(self, track: Track) -> bool:
        """Whether it is a streak, and the member wants to see none."""
        return "streaks" in self.calm and isinstance(track.definition.criterion, Streak)

    def open(self, track: Track) -> bool:
        """Whether it can be played by anybody now."""
        definition = track.definition
        return not definition.retired and not definition.paused and definition.open_at(self.now)

    def admits(self, track: Track) -> bool:
        """Whether it is for the member's tier."""
        return not track.definition.tiers or self.standing.level.slug in track.definition.tiers


def play_for(session: Session, member_id: UUID, now: datetime, language: Language) -> Play:
    """A member's game with all that is known beside it. One question."""
    rows = session.execute(_question(), {"member": member_id, "now": now}).all()
    if all(row.what != "standing" for row in rows):
        raise unknown()
    standing = standing_in(rows, member_id, now, versions(session, digest_in(rows)))
    if standing is None:
        raise unknown()
    return play_of(standing, language, now, wishes_in(rows))


@cache
def _question() -> Any:
    member = bindparam("member", type_=Uuid())
    return together([*standing_parts(member), *wishes_parts(member)])


def play_of(standing: MemberStanding, language: Language, now: datetime, wishes: Wishes) -> Play:
    """A member's game from what the standing remembers."""
    game = Game.of(json.loads(standing.game), standing.line.achievements)
    place = game.place(standing.version.achievements)
    return Play(standing, game, place, wording(standing.version, language), now, wishes)


def wishes_of(session: Session, member_id: UUID) -> Wishes:
    """What the member has switched off, chosen and shared, what is gone of all that is scarce, how rare badges are.

    One question.
    """
    return wishes_in(session.execute(_wishes(), {"member": member_id}).all())


@cache
def _wishes() -> Any:
    return together(wishes_parts(bindparam("member", type_=Uuid())))


def wishes_parts(member: Any) -> list[Any]:
    """What has to be asked for it, within a greater question."""
    page = col(BadgePage.token) + " " + col(BadgePage.name)
    return [
        part("player", kind=col(Player.calm), rule=col(Player.shown), cause=col(Player.alias), why=col(Player.told))
        .where(col(Player.member_id) == member),
        part("page", rule=col(BadgePage.slug), cause=page).where(col(BadgePage.member_id) == member),
        part("scarce", rule=col(Scarce.key), amount=col(Scarce.taken)),
        part("holders", rule=col(BadgeHolders.slug), amount=col(BadgeHolders.holders),
             version=col(BadgeHolders.members)),
    ]  # fmt: skip


def wishes_in(rows: Sequence[Any]) -> Wishes:
    """The same from the rows of a question that has `wishes_parts` in it."""
    player = next((row for row in rows if row.what == "player"), None)
    pages = {row.rule: row.cause.partition(" ") for row in rows if row.what == "page"}
    return Wishes(
        calm=frozenset(player.kind.split()) if player else frozenset(),
        taken={row.rule: row.amount for row in rows if row.what == "scarce"},
        holders={row.rule: (row.amount, row.version) for row in rows if row.what == "holders"},
        shown=tuple(player.rule.split()) if player else (),
        pages={slug: (token, name) for slug, (token, _, name) in pages.items()},
        alias=(player.cause or "") if player else "",
        told=player.why if player else None,
    )


def asks(track: Track, level: int, play: Play) -> str:
    """What a level or milestone (from 1) of a track asks, as a sentence of its own."""
    return asked(track.definition, level, play.say)


def asked(definition: Badge | Challenge, level: int, say: Wording) -> str:
    """What a level or milestone (from 1) asks, as a sentence of its own."""
    goals = definition.thresholds()
    target = goals[min(level, len(goals)) - 1]
    said = sentence(definition.criterion, say.language, say.currency, target=target, tiers=say.tiers)
    return said[:1].upper() + said[1:]


def progress_words(way: Way, play: Play) -> str:
    """`4 of 5 orders`, on the way to the next threshold; "" when all are reached."""
    if way.goal is None:
        return ""
    return progress(way.track.definition.criterion, way.value, way.goal, play.say.language, play.say.currency)


def for_tiers(track: Track, play: Play) -> str:
    """For whom it is, when it is not for this member."""
    return (
        ""
        if play.admits(track)
        else play.say.text("For {tiers}", tiers=play.say.tier_names(track.definition.tiers))
    )


def gift_words(prize: Prize | None, play: Play) -> str:
    """What is given at a threshold: points, a badge, more points for a while; "" for the honour alone."""
    if prize is None:
        return ""
    say, given = play.say, list[str]()
    if prize.points:
        given.append(say.points(prize.points))
    if prize.badge:
        given.append(_badge_words(prize.badge, play))
    if prize.reward:
        given.append(_reward_words(prize.reward, play))
    if prize.boost:
        factor = say.language.factor(prize.boost.factor * 1000)
        given.append(
            say.text("{factor} times the points for {days}", factor=factor, days=say.days(prize.boost.days))
        )
    return say.listed(given) if given else ""


def _reward_words(slug: str, play: Play) -> str:
    reward = play.standing.version.programme.reward(slug)
    return play.say.text("the reward “{reward}”", reward=play.say.words(reward.name) if reward else slug)


def _badge_words(slug: str, play: Play) -> str:
    """The badge by its name; a secret one has none before it is earned."""
    badge = play.standing.version.programme.badge(slug)
    if badge is None:
        return play.say.text("a badge")
    walked = play.game.tracks.get(f"badge:{slug}")
    if badge.secret and not (walked and walked.reached):
        return play.say.text("a secret badge")
    return play.say.text("the badge “{badge}”", badge=play.say.words(badge.name))


def left_words(way: Way, play: Play) -> str:
    """How much time is left; "" where nothing ends."""
    if way.days_left is None or way.days_left < 1:
        return ""
    if way.days_left == 1:
        return play.say.text("last day")
    return play.say.language.plural("{n} day left", "{n} days left", way.days_left)
