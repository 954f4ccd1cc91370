"""What the page about oneself shows."""

from __future__ import annotations

from dataclasses import dataclass, field

from members.cards import ShopCard
from members.game_cards import SwitchCard


@dataclass(frozen=True, slots=True)
class OptionCard:
    """One of several to choose from."""

    value: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class AgreedCard:
    """One purpose: what is agreed to, and a switch for each channel."""

    name: str = ""
    title: str = ""
    text: str = ""
    switches: tuple[SwitchCard, ...] = ()


@dataclass(frozen=True, slots=True)
class MeCard:
    """Who the member is, what they agreed to, and whether they pause or have left (`until` they can come back);
    `gives` where points can be given to somebody.
    """

    shop: ShopCard = field(default_factory=ShopCard)
    name: str = ""
    birthday: str = ""
    language: str = ""
    languages: tuple[OptionCard, ...] = ()
    known_as: tuple[str, ...] = ()
    agreed: tuple[AgreedCard, ...] = ()
    paused: bool = False
    left: str = ""
    gives: bool = False
