"""What staff pages are shown: frozen, finished texts in the language of the page; never a table row."""

from __future__ import annotations

from dataclasses import dataclass

from members.cards import EntryCard, RewardCard, VoucherCard
from members.staff_by_hand_cards import ByHandCard
from members.staff_game_cards import FigureCard, HeldBadgeCard, OptionCard

NO_REWARD = RewardCard()
NOTHING_BY_HAND = ByHandCard()


@dataclass(frozen=True, slots=True)
class StockedCard:
    """A reward in the list of staff. `tone` is a chip's; `words` say price, stock and dates."""

    slug: str = ""
    name: str = ""
    icon: str = "gift"
    picture: str = ""
    kind: str = ""
    stage: str = ""
    tone: str = "plain"
    price: str = ""
    stock: str = ""
    words: str = ""
    drafted: bool = False
    path: str = ""


@dataclass(frozen=True, slots=True)
class CatalogueCard:
    """All rewards: those to be worked on, live, to come, and past; and what waits at the counter."""

    live: tuple[StockedCard, ...] = ()
    coming: tuple[StockedCard, ...] = ()
    drafts: tuple[StockedCard, ...] = ()
    past: tuple[StockedCard, ...] = ()
    version: str = ""
    waiting: str = ""
    may_edit: bool = False


@dataclass(frozen=True, slots=True)
class FieldCard:
    """A box of the form: its name, what it says, what is in it, and what is wrong with that."""

    name: str = ""
    label: str = ""
    value: str = ""
    hint: str = ""
    problem: str = ""
    kind: str = "text"
    language: str = ""


@dataclass(frozen=True, slots=True)
class TickCard:
    """Something to tick."""

    name: str = ""
    label: str = ""
    on: bool = False


@dataclass(frozen=True, slots=True)
class EditCard:
    """A reward on the workbench, and beside it what it will look like and what it changes.

    `wanted` are texts that its kind asks for; `often` how many in a period; `occasion` is about the day `on` which it
    is had. `by_hand`
    and `may_pool` say what the kind allows; `pool` is how many uploaded codes are left, once it is published.
    """

    title: str = ""
    stage: str = ""
    tone: str = "plain"
    slug: FieldCard = FieldCard()
    fresh: bool = True
    kind: str = "product"
    fulfilment: str = "instant"
    codes: str = "own"
    per: str = ""
    by_hand: bool = True
    may_pool: bool = True
    pool: str = ""
    wanted: tuple[FieldCard, ...] = ()
    terms: tuple[FieldCard, ...] = ()
    link: FieldCard = FieldCard()
    often: tuple[FieldCard, ...] = ()
    on: str = ""
    occasion: tuple[FieldCard, ...] = ()
    icon: str = "gift"
    picture: str = ""
    names: tuple[FieldCard, ...] = ()
    texts: tuple[FieldCard, ...] = ()
    worth: tuple[FieldCard, ...] = ()
    limits: tuple[FieldCard, ...] = ()
    times: tuple[FieldCard, ...] = ()
    tiers: tuple[TickCard, ...] = ()
    left: str = ""
    counted: bool = False
    preview: RewardCard = NO_REWARD
    preview_tiers: tuple[TickCard, ...] = ()
    preview_words: str = ""
    changes: tuple[str, ...] = ()
    wrong: str = ""
    ready: bool = False
    drafted: bool = False
    published: bool = False
    retired: bool = False
    later: bool = False
    zone: str = ""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A member in the list that a search found."""

    key: str = ""
    name: str = ""
    known_as: str = ""
    tier: str = ""
    balance: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class FoundCard:
    """What a search found."""

    people: tuple[PersonRow, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A member as staff sees them: who they are, how they stand, what they have, and their ledger with its whys."""

    key: str = ""
    name: str = ""
    initial: str = ""
    known_as: tuple[str, ...] = ()
    tier: str = ""
    tier_words: str = ""
    since: str = ""
    figures: tuple[FigureCard, ...] = ()
    vouchers: tuple[VoucherCard, ...] = ()
    badges: tuple[HeldBadgeCard, ...] = ()
    options: tuple[OptionCard, ...] = ()
    takable: tuple[OptionCard, ...] = ()
    ledger: tuple[EntryCard, ...] = ()
    older: str = ""
    limit: str = ""
    by_hand: ByHandCard = NOTHING_BY_HAND
    may_adjust: bool = False
    may_hand_over: bool = False
    may_merge: bool = False
