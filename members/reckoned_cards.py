"""Cards of the calculator on the rules page. Frozen, finished texts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SumCard:
    """What goes to a wallet beside points: its name, the amount, and what it pays where that is another amount."""

    name: str = ""
    amount: str = ""
    worth: str = ""


@dataclass(frozen=True, slots=True)
class ReckonedCard:
    """What an amount would bring a member of one tier, and how much of it could be paid, and with what.

    `points` is "" where a programme gives none; `beside` is a line for each further wallet.
    """

    tier: str = ""
    points: str = ""
    worth: str = ""
    could_pay: str = ""
    beside: tuple[SumCard, ...] = ()
