"""What the pages of gifts show: what can be given, what was given, and what a link says to whoever opens it."""

from __future__ import annotations

from dataclasses import dataclass

from members.referral_cards import WayCard


@dataclass(frozen=True, slots=True)
class GivenCard:
    """A gift as its giver sees it: how much, where it stands; while it waits, its link and the ways to send it."""

    key: str
    points: str
    status: str
    waits: bool = False
    link: str = ""
    ways: tuple[WayCard, ...] = ()


@dataclass(frozen=True, slots=True)
class GiveCard:
    """What can be given now: from `least` to `most` points (0: nothing, `told` says why), and what was given lately.

    `name` is how a link would say who gives; "" where nobody could be named.
    """

    shop: str
    told: str
    least: int
    most: int
    name: str
    rules: tuple[str, ...]
    given: tuple[GivenCard, ...]


@dataclass(frozen=True, slots=True)
class GiftCard:
    """A gift as its link shows it. `side` is `giver`, `taker` (who took it), `open`, or `gone`."""

    shop: str
    title: str
    text: str
    points: str
    side: str
