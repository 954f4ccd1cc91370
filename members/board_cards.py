"""Cards of the boards: places under an alias, leagues, past seasons. Frozen, finished texts; no member's id leaves."""

from __future__ import annotations

from dataclasses import dataclass, field

from members.cards import ShopCard
from members.joy_cards import HeldCard


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """A row of a list. `gap`: places are left out before it. `zone` is `up`, `down` or "", said in `zone_words`."""

    key: str = ""
    place: str = ""
    alias: str = ""
    score: str = ""
    me: bool = False
    best: bool = False
    gap: bool = False
    zone: str = ""
    zone_words: str = ""


@dataclass(frozen=True, slots=True)
class PastCard:
    """A closed season: when it was, and who was best."""

    key: str = ""
    when: str = ""
    rows: tuple[PlaceCard, ...] = ()


@dataclass(frozen=True, slots=True)
class BoardCard:
    """A board as it is for one member. `mine` says their place, or what is missing; `circle` is their league's."""

    slug: str = ""
    name: str = ""
    description: str = ""
    icon: str = "trophy"
    when: str = ""
    left: str = ""
    players: str = ""
    mine: str = ""
    listed: bool = False
    rows: tuple[PlaceCard, ...] = ()
    prizes: tuple[str, ...] = ()
    division: str = ""
    league_words: str = ""
    circle: tuple[PlaceCard, ...] = ()
    past: tuple[PastCard, ...] = ()


@dataclass(frozen=True, slots=True)
class BoardsCard:
    """The boards page. `quiet`: ranks are switched off, and nothing else is told but the way out.

    `alias` is theirs, "" for who does not stand on boards; `ideas` are aliases to choose from; `note` is why staff took
    the last one away.
    """

    shop: ShopCard = field(default_factory=ShopCard)
    quiet: bool = False
    alias: str = ""
    ideas: tuple[str, ...] = ()
    note: str = ""
    boards: tuple[BoardCard, ...] = ()
    held: tuple[HeldCard, ...] = ()
    told: str | None = None


@dataclass(frozen=True, slots=True)
class StaffBoardCard:
    """A board as staff see it: its state, how many are listed, who leads, and when it was closed last."""

    slug: str = ""
    name: str = ""
    state: str = ""
    players: str = ""
    closed: str = ""
    rows: tuple[PlaceCard, ...] = ()


@dataclass(frozen=True, slots=True)
class StaffBoardsCard:
    """All boards of the programme."""

    boards: tuple[StaffBoardCard, ...] = ()
