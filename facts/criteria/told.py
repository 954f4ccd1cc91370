"""What every saying needs: to whom it is told, and how words are put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from facts.criteria.filters import Filter
from facts.criteria.nouns import Noun, noun_of
from facts.criteria.qualifiers import filtered
from facts.language import Language
from facts.orders import QUANTITY_DIGITS


@dataclass(frozen=True, slots=True)
class Told:
    """To whom it is told: `tiers` are the tiers' names in that language, by slug."""

    language: Language
    currency: str
    tiers: Mapping[str, str] = field(default_factory=dict[str, str])

    def money(self, amount: int) -> str:
        """Minor units as money, without decimals that are all zero."""
        return self.language.money(amount, self.currency, short=True)

    def quantity(self, millionths: int) -> tuple[int, str]:
        """The number that rules the plural, and the quantity as it is written.

        Fractions follow 102: the few of Russian, and in Arabic not the dual, which says the number itself.
        """
        amount = Decimal(millionths).scaleb(-QUANTITY_DIGITS).normalize() + 0
        whole = amount == amount.to_integral_value()
        return int(amount) if whole else 102, self.language.number(amount)


class Saying(Protocol):
    """What is said of one kind; `goal` and `value` are whole numbers in the criterion's units."""

    def sentence(self, criterion: Any, goal: int, told: Told) -> str:
        """What it asks."""
        ...

    def progress(self, criterion: Any, value: int, goal: int, told: Told) -> str:
        """How far somebody is."""
        ...


def joined(*parts: str | Iterator[str]) -> str:
    """Words and groups of words in one row; empty ones leave no gap."""
    return " ".join(word for part in parts for word in ([part] if isinstance(part, str) else part) if word)


def many(noun: Noun, n: int, told: Told) -> str:
    """`an order`, `at least 3 orders`."""
    say = told.language
    return noun.one(say) if n == 1 else say.text("at least {count}", count=noun.many(say, n))


def what(where: Filter, told: Told) -> str:
    """One fact with all that is asked of it."""
    return joined(noun_of(where.type).one(told.language), filtered(where, told.language, told.currency))
