"""What the counter shows: finished fields, and of a member no more than it takes to serve them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChoiceCard:
    """A reward that the member can have now. `price` is what is asked of them, in points."""

    slug: str
    name: str
    words: str
    price: int


@dataclass(frozen=True, slots=True)
class ServedCard:
    """The member in front of the counter. `open`: they have confirmed, so that they can redeem."""

    key: str
    name: str
    tier: str
    tone: str
    balance: str
    worth: str
    next: str
    open: bool
    note: str = ""
    rewards: tuple[ChoiceCard, ...] = ()


@dataclass(frozen=True, slots=True)
class EarnedCard:
    """One reason why points came: what it was, why so many, how many."""

    title: str
    why: str
    amount: str


@dataclass(frozen=True, slots=True)
class SaleCard:
    """A purchase as it was recorded. `undo_seconds` is for how long it can be undone; 0: not any more."""

    request: str
    title: str
    words: str
    earned: tuple[EarnedCard, ...] = ()
    balance: str = ""
    next: str = ""
    reward: str = ""
    undo_seconds: int = 0


@dataclass(frozen=True, slots=True)
class ReceiptCard:
    """A reward that was handed over, or a voucher that was taken."""

    title: str
    words: str
    balance: str = ""
