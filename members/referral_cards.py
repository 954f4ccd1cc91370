"""Cards of the page on which friends are brought, and of what a link leads to. Nothing personal of a friend."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from members.cards import ShopCard
from members.game_cards import SwitchCard


@dataclass(frozen=True, slots=True)
class WayCard:
    """A messenger to share by: its name, and an address that opens it with the words in it."""

    key: str = ""
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class FriendCard:
    """A friend under an alias: how far it is (`tone` good, caution or plain), since when, and why.

    `may_appeal`: the member may say once why it should be paid; `appealed` is what they said.
    """

    key: str = ""
    name: str = ""
    status: str = ""
    tone: str = "plain"
    when: str = ""
    why: str = ""
    may_appeal: bool = False
    appealed: str = ""


@dataclass(frozen=True, slots=True)
class TongueCard:
    """A language in which a link can be shared."""

    code: str = ""
    name: str = ""
    on: bool = False


@dataclass(frozen=True, slots=True)
class FigureCard:
    """A figure, and what it is of."""

    figure: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class MilestoneCard:
    """The next milestone: how many friends are missing, in words, and how far it is."""

    words: str = ""
    percent: int = 0


@dataclass(frozen=True, slots=True)
class CameCard:
    """What becomes of the reward for one's own coming, in `words`: "" for who came by themselves, or long ago."""

    status: str = ""
    tone: str = "plain"
    words: str = ""


@dataclass(frozen=True, slots=True)
class FriendsCard:
    """My link, what both get, and every friend. Without an offer `link` is empty.

    `message` are the words to share with the link in them, `sheet` the same for the phone's own way to share.
    `totals` say how many came, and what it brought.
    `opened` says how many opened the link, `qr` is the link as a picture, in an address of data, `poster` leads to a
    sheet to print. `may_name`: the member can still name the code of who sent them. `came` is of their own
    coming. `turns_at` is when something is there next, by date alone.
    """

    shop: ShopCard = field(default_factory=ShopCard)
    headline: str = ""
    link: str = ""
    code: str = ""
    message: str = ""
    sheet: str = ""
    rules: tuple[str, ...] = ()
    ways: tuple[WayCard, ...] = ()
    friends: tuple[FriendCard, ...] = ()
    totals: str = ""
    figures: tuple[FigureCard, ...] = ()
    opened: str = ""
    milestone: MilestoneCard = field(default_factory=MilestoneCard)
    tongues: tuple[TongueCard, ...] = ()
    switches: tuple[SwitchCard, ...] = ()
    qr: str = ""
    poster: str = ""
    may_name: bool = False
    came: CameCard = field(default_factory=CameCard)
    turns_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InvitationCard:
    """What whoever opens a link is told: what there is to have, and how it works."""

    shop: ShopCard = field(default_factory=ShopCard)
    title: str = ""
    text: str = ""
    rules: tuple[str, ...] = ()
