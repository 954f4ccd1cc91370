"""Cards of the page on which friends are brought, and of what a link leads to. Nothing personal of a friend."""

from __future__ import annotations

from dataclasses import dataclass, field

from members.cards import ShopCard


@dataclass(frozen=True, slots=True)
class WayCard:
    """A messenger to share by: its name, and an address that opens it with the words in it."""

    key: str = ""
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class FriendCard:
    """A friend under an alias: how far it is (`tone` good, caution or plain), since when, and why."""

    key: str = ""
    name: str = ""
    status: str = ""
    tone: str = "plain"
    when: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class FriendsCard:
    """My link, what both get, and every friend. Without an offer `link` is empty.

    `message` are the words to share with the link in them, `sheet` the same for the phone's own way to share.
    `totals` say how many came, and what it brought.
    `may_name`: the member can still name the code of who sent them.
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
    may_name: bool = False


@dataclass(frozen=True, slots=True)
class InvitationCard:
    """What whoever opens a link is told: what there is to have, and how it works."""

    shop: ShopCard = field(default_factory=ShopCard)
    title: str = ""
    text: str = ""
    rules: tuple[str, ...] = ()
