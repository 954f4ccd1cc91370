"""What people do around friends' links, as data: who they are, and what they do when, fraud and honesty alike.

The generators of both (`frauds`, `honest`) know nothing of what looks for fraud, and take a fresh seed in each run:
it is printed, and `FRAUD_SEED=<number>` plays the same run again.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

_FIRST = (
    "Anna Boris Clara David Elena Felix Greta Hamid Irina Jonas Karim Layla Maria Nadia Omar Petra Ruben Sofia Tariq "
    "Ulla Viktor Wanda Yusuf Zoe Amina Bruno Celia Daria Emil Fatima"
)
_LAST = (
    "Petrov Schmidt Haddad Okafor Lindgren Moreau Rossi Novak Tanaka Silva Kowalski Demir Farouk Ivanova Jensen Keller "
    "Larsen Mansour Nasser Olsen Popov Quist Romano Saleh Turner Usman Vega Weber Yilmaz Zhang"
)
FIRST, LAST = _FIRST.split(), _LAST.split()
MAILBOXES = ("gmail.com", "mail.example", "post.example", "inbox.example", "box.example")
THROWAWAY = ("mailinator.com", "guerrillamail.com", "yopmail.com", "10minutemail.com", "trashmail.com")


@dataclass(frozen=True, slots=True)
class Person:
    """An account that somebody opens, and what a shop sees of them: browser, network, address, means of payment."""

    name: str
    email: str
    device: str
    network: str
    address: str
    payment: str


@dataclass(frozen=True, slots=True)
class Joins:
    """Somebody joins, `by` whose link, if by any. Times are counted from the beginning of the story."""

    at: timedelta
    who: Person
    by: Person | None = None


@dataclass(frozen=True, slots=True)
class Buys:
    """Somebody buys for an amount, and has it sent to their address."""

    at: timedelta
    who: Person
    order: str
    amount: str = "40.00"


@dataclass(frozen=True, slots=True)
class Returns:
    """All of an order goes back."""

    at: timedelta
    who: Person
    order: str
    amount: str = "40.00"


Deed = Joins | Buys | Returns


@dataclass(slots=True)
class Story:
    """What happens, and on which terms: `paid` is when the offer pays."""

    name: str
    deeds: list[Deed] = field(default_factory=list[Deed])
    paid: str = "first_order"

    def in_time(self) -> list[Deed]:
        """The deeds in the order in which they are done."""
        return sorted(self.deeds, key=lambda deed: deed.at)

    def people(self) -> list[Person]:
        """Everybody who joins."""
        return [deed.who for deed in self.deeds if isinstance(deed, Joins)]

    def brought(self) -> list[Person]:
        """Those who join by somebody's link."""
        return [deed.who for deed in self.deeds if isinstance(deed, Joins) and deed.by]


class World:
    """Makes people: whatever is not said of one is their own. Everything follows from the dice."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self._numbers = iter(range(1, 10**9))

    def number(self) -> int:
        """A number that nobody else has."""
        return next(self._numbers)

    def network(self) -> str:
        """An address in the Internet."""
        number = self.number()
        return f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"

    def address(self) -> str:
        """Where something can be sent."""
        number = self.number()
        return f"{number} {self.dice.choice(LAST)} Street, Flat {self.dice.randint(1, 40)}, {10000 + number}"

    def name(self) -> str:
        """A first and a last name."""
        return f"{self.dice.choice(FIRST)} {self.dice.choice(LAST)}"

    def person(
        self, *, name: str = "", email: str = "", device: str = "", network: str = "", address: str = "",
        payment: str = "",
    ) -> Person:  # fmt: skip
        """Somebody; what is not given is nobody else's."""
        name = name or self.name()
        return Person(
            name,
            email or self.mailbox(name),
            device or f"device-{self.number():08}-{self.dice.getrandbits(96):024x}",
            network or self.network(),
            address or self.address(),
            payment or f"card-{self.number():06}",
        )

    def mailbox(self, name: str, domain: str = "") -> str:
        """An address of somebody with this name."""
        first, last = name.lower().split()[:2]
        between = self.dice.choice((".", "", "_"))
        return f"{first}{between}{last}{self.number()}@{domain or self.dice.choice(MAILBOXES)}"

    def hours(self, first: float, last: float) -> timedelta:
        """Some time between two hours of the story."""
        return timedelta(seconds=round(self.dice.uniform(first, last) * 3600))


def fresh_seed() -> int:
    """The seed of this run: the one that was given, or a new one."""
    given = os.environ.get("FRAUD_SEED", "")
    return int(given) if given else secrets.randbelow(2**32)


def one(name: str, stories: Iterable[Sequence[Deed]], paid: str = "first_order") -> Story:
    """Several strands as one story."""
    return Story(name, [deed for strand in stories for deed in strand], paid)
