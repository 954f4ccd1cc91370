"""Cards of the game: badges, challenges, streaks and how a member wants to play. Frozen, finished texts.

A secret badge that was not earned is nowhere here: only how many there are.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from members.cards import ShopCard
from members.joy_cards import HeldCard


@dataclass(frozen=True, slots=True)
class BadgeCard:
    """A badge as it is for one member. `state` is `earned`, `locked` or `past`; `note` says why it is past, or closed.

    `caption` is the one line beneath it. `goal` is true when there is a next step, of which `percent` is done. One that
    was earned has its `slug`; it is `chosen` when the member puts it first; `link` is its public page, with the name
    that it is `signed_by` and a `message` to send.
    """

    key: str = ""
    name: str = ""
    description: str = ""
    picture: str = ""
    large: str = ""
    state: str = "locked"
    caption: str = ""
    level: str = ""
    edition: str = ""
    rarity: str = ""
    when: str = ""
    until: str = ""
    why: str = ""
    note: str = ""
    goal: bool = False
    percent: int = 0
    progress: str = ""
    gift: str = ""
    streak: tuple[str, ...] = ()
    slug: str = ""
    chosen: bool = False
    link: str = ""
    signed_by: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class ProofCard:
    """Where a signed badge is found: its page, its picture with the signature, its file. All "" before it is signed."""

    page: str = ""
    picture: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class SwitchCard:
    """A part of the game that can be switched off."""

    name: str = ""
    label: str = ""
    text: str = ""
    on: bool = True


@dataclass(frozen=True, slots=True)
class BadgesCard:
    """The badges page. `quiet`: the member has switched the game off, and nothing else is told.

    `secrets` is how many secret badges there are to be found, with `secret_picture` for each of them. `chosen` is how
    many of `earned` the member puts first: they come first there.
    """

    shop: ShopCard = field(default_factory=ShopCard)
    quiet: bool = False
    summary: str = ""
    nearest: tuple[BadgeCard, ...] = ()
    earned: tuple[BadgeCard, ...] = ()
    chosen: int = 0
    locked: tuple[BadgeCard, ...] = ()
    past: tuple[BadgeCard, ...] = ()
    secrets: int = 0
    secret_words: str = ""
    secret_picture: str = ""
    switches: tuple[SwitchCard, ...] = ()
    held: tuple[HeldCard, ...] = ()
    told: str | None = None


@dataclass(frozen=True, slots=True)
class StreakCard:
    """A streak in full; `picture` is a badge's, a challenge has its `icon`."""

    key: str = ""
    name: str = ""
    picture: str = ""
    icon: str = "flame"
    asks: str = ""
    percent: int = 0
    progress: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AbsenceCard:
    """Days on which a member is away: the first and the last (ISO 8601), in words, and whether it is `now`."""

    since: str = ""
    until: str = ""
    days: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class StreaksCard:
    """The streaks page. `quiet`: the game is switched off, `hushed`: streaks are; nothing else is told then.

    `left` says how many days of absence are left; `today` (ISO 8601) is the first that can be one; `own_zone`: the
    member's clock is another than the shop's.
    """

    shop: ShopCard = field(default_factory=ShopCard)
    quiet: bool = False
    hushed: bool = False
    streaks: tuple[StreakCard, ...] = ()
    absences: tuple[AbsenceCard, ...] = ()
    left: str = ""
    today: str = ""
    zone: str = ""
    own_zone: bool = False
    held: tuple[HeldCard, ...] = ()
    told: str | None = None


@dataclass(frozen=True, slots=True)
class MilestoneCard:
    """A step of a challenge: what it asks, what it gives, and whether it is done."""

    key: str = ""
    asks: str = ""
    gives: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True)
class ChallengeCard:
    """A challenge as it is for one member. `state` is `joined`, `open`, `done` or `closed`."""

    slug: str = ""
    name: str = ""
    description: str = ""
    icon: str = "flag"
    state: str = "open"
    status: str = ""
    why: str = ""
    percent: int = 0
    progress: str = ""
    left: str = ""
    soon: bool = False
    note: str = ""
    steps: tuple[MilestoneCard, ...] = ()
    streak: tuple[str, ...] = ()
    can_join: bool = False
    can_leave: bool = False


@dataclass(frozen=True, slots=True)
class GoalCard:
    """What all members reach together: how far they are, my own part, and what everybody gets who took part."""

    key: str = ""
    name: str = ""
    description: str = ""
    icon: str = "heart"
    state: str = "open"
    status: str = ""
    percent: int = 0
    progress: str = ""
    left: str = ""
    mine: str = ""
    gives: str = ""


@dataclass(frozen=True, slots=True)
class ChallengesCard:
    """The challenges page. `quiet`: the member has switched the game off, and nothing else is told.

    `boards` says that there are boards, and that the member wants to see them.
    """

    shop: ShopCard = field(default_factory=ShopCard)
    quiet: bool = False
    summary: str = ""
    boards: bool = False
    joined: tuple[ChallengeCard, ...] = ()
    open: tuple[ChallengeCard, ...] = ()
    done: tuple[ChallengeCard, ...] = ()
    goals: tuple[GoalCard, ...] = ()
    held: tuple[HeldCard, ...] = ()
    told: str | None = None
