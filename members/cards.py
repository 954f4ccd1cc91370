"""Cards: what crosses into a page. Frozen, finished texts in the member's language; never a table row.

Every field has an empty value, so that a page can be compiled, and shown as a skeleton, before there is data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from members.joy_cards import HeldCard
from members.purse_cards import PurseCard
from members.rules_cards import AboutWalletCard, VersionCard

ICONS = frozenset(
    [
        "apple", "ban", "banknote", "beer", "bike", "book-open", "cake", "calendar-days", "candy", "carrot", "cat",
        "cherry", "coffee", "compass", "cookie", "croissant", "dog", "egg", "fish", "flag", "flame", "flower", "gift",
        "heart", "hourglass", "ice-cream-cone", "key-round", "leaf", "medal", "milk", "package", "percent", "pizza",
        "receipt", "rotate-ccw", "salad", "sandwich", "scissors", "shirt", "shopping-bag", "shopping-basket",
        "shopping-cart", "smile", "soup", "sparkles", "sprout", "star", "store", "tag", "tags", "target", "ticket",
        "trophy", "truck", "undo-2", "user-plus", "utensils", "wheat", "wine",
    ]
)  # fmt: skip
"""The drawings in `assets/icons.svg`, by their Lucide names."""


def icon_of(name: str) -> str:
    """A drawing that is there: the one that was asked for, or the gift."""
    return name if name in ICONS else "gift"


@dataclass(frozen=True, slots=True)
class ShopCard:
    """The shop at the top of every page."""

    name: str = ""
    initial: str = ""


@dataclass(frozen=True, slots=True)
class TierCard:
    """The member's tier and the way to the next (or to keeping it).

    `tone` is `1` for the first tier and up to `4`; the goal is one sentence in three parts, the middle strong. `stay`
    is what keeps the tier where the goal is the next one.
    """

    name: str = ""
    since: str = ""
    tone: str = "1"
    percent: int = 0
    before: str = ""
    strong: str = ""
    after: str = ""
    by: str = ""
    stay: str = ""
    stay_by: str = ""


@dataclass(frozen=True, slots=True)
class RewardCard:
    """A reward as it is for this member now. `group` is `now`, `soon` or `later`; `words` say why, and `missing` that
    only points are. `done` is said when it is had and has no code; `pot` is what all members gave together.
    """

    slug: str = ""
    name: str = ""
    description: str = ""
    icon: str = "gift"
    picture: str = ""
    kind: str = ""
    price: str = ""
    words: str = ""
    stock: str = ""
    percent: int = 0
    percent_words: str = ""
    group: str = "later"
    question: str = ""
    terms: str = ""
    missing: bool = False
    done: str = ""
    pot: str = ""


@dataclass(frozen=True, slots=True)
class EntryCard:
    """A line of the ledger: what, why, how much (`tone` is `good`, `plain` or `caution`) and what is still to come."""

    key: str = ""
    icon: str = "receipt"
    title: str = ""
    why: str = ""
    amount: str = ""
    tone: str = "plain"
    when: str = ""
    status: str = ""
    pending: bool = False
    rule: str = ""
    has_lines: bool = False


@dataclass(frozen=True, slots=True)
class LineCard:
    """A line of the order behind an entry."""

    key: str = ""
    name: str = ""
    detail: str = ""
    amount: str = ""
    points: str = ""


@dataclass(frozen=True, slots=True)
class StepCard:
    """What to do next."""

    icon: str = "sparkles"
    title: str = ""
    text: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class PlayCard:
    """The badge or the challenge that is shown at home; `name` is "" when there is none. `chip` is its state."""

    name: str = ""
    words: str = ""
    percent: int = 0
    picture: str = ""
    icon: str = "flag"
    chip: str = ""


@dataclass(frozen=True, slots=True)
class AskedCard:
    """What the counter asks a member, on their own page. `key` is "" when nothing is asked."""

    key: str = ""
    name: str = ""
    words: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class HomeCard:
    """Everything on the home page. `first` are the badges that the member puts first, `goal` is all members' own.

    `boards` says that there are boards, and that the member wants to see them; `ask` is what the counter asks them.
    `question` is what is asked about themselves: `name`, `birthday` or "". `turns_at`: when points come by date alone.
    """

    shop: ShopCard = ShopCard()
    member: str = ""
    balance: str = ""
    unit: str = ""
    worth: str = ""
    tier: TierCard = TierCard()
    pending: str = ""
    reward: RewardCard = RewardCard()
    expiring: str = ""
    expiring_soon: bool = False
    step: StepCard = StepCard()
    recent: tuple[EntryCard, ...] = ()
    badge: PlayCard = PlayCard()
    challenge: PlayCard = PlayCard()
    goal: PlayCard = PlayCard()
    first: tuple[PlayCard, ...] = ()
    boards: bool = False
    held: tuple[HeldCard, ...] = ()
    told: str | None = None
    ask: AskedCard = AskedCard()
    question: str = ""
    purses: tuple[PurseCard, ...] = ()
    turns_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HistoryCard:
    """A stretch of the ledger, newest first; `older` is where the next begins, `looked_at` what the shop looks at."""

    shop: ShopCard = ShopCard()
    balance: str = ""
    pending: str = ""
    looked_at: str = ""
    entries: tuple[EntryCard, ...] = ()
    older: str = ""
    turns_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VoucherCard:
    """A reward that the member has, with its code, also as a picture (an address of data), and what it is for (`hint`).

    `won` is one that waits to be taken, for no points; `issued` one with a code. `button` is what its button says.
    `hidden`: its code is shown when it is asked for, and then it cannot be given back.
    """

    key: str = ""
    name: str = ""
    icon: str = "gift"
    picture: str = ""
    state: str = ""
    words: str = ""
    code: str = ""
    qr: str = ""
    open: bool = False
    won: bool = False
    issued: bool = False
    button: str = ""
    returnable: bool = False
    back: str = ""
    hidden: bool = False
    hint: str = ""
    terms: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class RewardsCard:
    """The catalogue for one member, and what they have from it."""

    shop: ShopCard = ShopCard()
    balance: str = ""
    worth: str = ""
    now: tuple[RewardCard, ...] = ()
    soon: tuple[RewardCard, ...] = ()
    later: tuple[RewardCard, ...] = ()
    none: bool = False
    mine: tuple[VoucherCard, ...] = ()
    past: tuple[VoucherCard, ...] = ()
    turns_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RuleCard:
    """One way to earn (or not to), in a sentence, with what limits it; `now` is there while its hours or days last."""

    key: str = ""
    icon: str = "star"
    title: str = ""
    sentence: str = ""
    limits: str = ""
    earns: bool = True
    now: str = ""


@dataclass(frozen=True, slots=True)
class LevelCard:
    """A tier of the ladder."""

    name: str = ""
    tone: str = "1"
    threshold: str = ""
    multiplier: str = ""
    benefits: tuple[str, ...] = ()
    mine: bool = False


@dataclass(frozen=True, slots=True)
class DepartmentCard:
    """A department in the calculator: its path, as the rules know it, and what people call it."""

    path: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class RulesCard:
    """The programme in force, in sentences. `most` is the end of a member's forecast, in units of money.

    `points` say what holds for points, where there are any, `wallets` the same for each wallet beside them.
    """

    shop: ShopCard = ShopCard()
    earn: tuple[RuleCard, ...] = ()
    nothing: tuple[RuleCard, ...] = ()
    points: tuple[str, ...] = ()
    wallets: tuple[AboutWalletCard, ...] = ()
    ladder: str = ""
    levels: tuple[LevelCard, ...] = ()
    rewards: tuple[RewardCard, ...] = ()
    departments: tuple[DepartmentCard, ...] = ()
    reckoned_for: str = ""
    version: str = ""
    past: tuple[VersionCard, ...] = ()
    older: tuple[VersionCard, ...] = ()
    most: int = 0


@dataclass(frozen=True, slots=True)
class WelcomeCard:
    """What a stranger sees: the shop, and what the programme gives."""

    shop: ShopCard = ShopCard()
    headline: str = ""
    gives: tuple[StepCard, ...] = ()
