"""Lots and piles by what they are, where a cause has a number in it that means nothing."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from rewards.tables import Lot
from tests.model.oracle import Stand

Kind = tuple[
    str, bool, datetime, datetime | None
]  # the wallet, whether it burns first, from when to when it is good


def of_lots(lots: list[Lot]) -> Counter[Kind]:
    """What the engine has of each kind."""
    found: Counter[Kind] = Counter()
    for lot in lots:
        found[lot.wallet, lot.promotional, lot.active_from, lot.expires_at] += lot.remaining
    return found


def of_piles(right: Stand) -> Counter[Kind]:
    """What the oracle has of each kind."""
    found: Counter[Kind] = Counter()
    for wallet, purse in right.purses.items():
        for pile in (one for one in purse.piles if one.left):
            end = None if pile.end == purse.lasting.forever else pile.end
            found[wallet, pile.promotional, pile.start, end] += pile.left
    return found


def unlike(lots: list[Lot], right: Stand) -> list[Any]:
    """What both say where they disagree."""
    there, wanted = of_lots(lots), of_piles(right)
    return [(*kind, there[kind], wanted[kind]) for kind in there | wanted if there[kind] != wanted[kind]]
