"""What the page shows on which staff make one account of two."""

from __future__ import annotations

from dataclasses import dataclass, field

from members.staff_cards import PersonRow


@dataclass(frozen=True, slots=True)
class SideCard:
    """One of two accounts; `open`: it can be merged."""

    key: str = ""
    name: str = ""
    known_as: tuple[str, ...] = ()
    since: str = ""
    tier: str = ""
    points: str = ""
    orders: str = ""
    badges: str = ""
    rewards: str = ""
    open: bool = False


@dataclass(frozen=True, slots=True)
class PartCard:
    """An account that became part of this one, when and why, and until when that can be undone."""

    key: str = ""
    name: str = ""
    when: str = ""
    words: str = ""
    reason: str = ""
    may_undo: bool = False


@dataclass(frozen=True, slots=True)
class MergeCard:
    """The account that stays, the one that would be closed, whom the search found, and what was merged before."""

    one: SideCard = field(default_factory=SideCard)
    other: SideCard = field(default_factory=SideCard)
    found: tuple[PersonRow, ...] = ()
    words: str = ""
    limit: str = ""
    parts: tuple[PartCard, ...] = ()
    draft: bool = False
