"""What is needed to give a member more time for points, or a tier, by hand: finished texts and choices."""

from __future__ import annotations

from dataclasses import dataclass

from members.staff_game_cards import OptionCard


@dataclass(frozen=True, slots=True)
class WalletOption:
    """A wallet to choose: its slug, its name with its unit, and how many decimals an amount of it has."""

    key: str = ""
    label: str = ""
    digits: int = 0


@dataclass(frozen=True, slots=True)
class ByHandCard:
    """The lots that end and the tiers that can be given, each list empty where there is nothing to give by hand.

    `wallets` are points and all wallets beside them, empty where there are points alone, and `together` says how they
    count for the limit.
    Days are ISO 8601, in the programme's zone: more time is given from `first` to `last`, a tier from `today` on.
    `pinned` is the tier that was given and holds ("" for none), with its last day in words and the reason.
    """

    wallets: tuple[WalletOption, ...] = ()
    together: str = ""
    lots: tuple[OptionCard, ...] = ()
    first: str = ""
    last: str = ""
    tiers: tuple[OptionCard, ...] = ()
    today: str = ""
    pinned: str = ""
    pinned_words: str = ""
    pinned_reason: str = ""
