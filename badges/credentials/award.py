"""What a credential says: the award as it was made, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from facts.language import SOURCE

Text = dict[str, str]  # {language: text}


@dataclass(frozen=True, slots=True)
class BadgeAward:
    """One award of a badge to a member. `edition` is its number, of `edition_of` where these are limited."""

    award_id: UUID
    member_id: UUID
    slug: str
    level: int
    title: Text
    description: Text
    criteria: Text
    awarded_at: datetime
    expires_at: datetime | None = None
    picture_url: str = ""
    edition: int | None = None
    edition_of: int | None = None


def said(text: Text, language: str) -> str:
    """The text in `language`, else in English, else in whichever language there is."""
    return text.get(language) or text.get(SOURCE) or next(iter(text.values()), "")


def award_id(member_id: UUID, slug: str, instance: int, level: int) -> UUID:
    """What an award is called by: the same for the same badge, round and level of a member, for ever."""
    return uuid5(member_id, f"{slug}/{instance}/{level}")
