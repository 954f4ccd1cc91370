"""What makes a friend look like somebody who was here already: the signs, what each weighs, and from when on. Pure.

A sign is found at a moment: when it could first be seen. What was found is kept, and only grows (`together`), so
what it comes to does not depend on the order in which things came to be known. Only what could be seen before the
points can be used counts: nobody loses points for what happens later.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from difflib import SequenceMatcher
from typing import Annotated

from pydantic import Field, field_validator

from facts.parts import Part
from facts.said import Said
from rewards.disposable import DOMAINS

Weight = Annotated[int, Field(ge=0, le=1000)]
Seen = tuple[datetime, int]
Found = Mapping[str, Seen]
"""By kind of sign: since when it could be seen, and how many accounts (or purchases) it is about."""

ALIKE = 0.9  # of 1: names with one letter more or less are, a brother's and a sister's are not
_DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}
_DOMAIN = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}\Z")


class Weights(Part):
    """What each sign weighs; 0 turns it off. Signs of one kind weigh once, however many accounts show them.

    About the friend, whoever shared, those who brought them, and others whom they brought: `email` the same mailbox
    under another spelling, `phone` the same number, `device` the same browser, `payment` the same means of payment,
    `address` the same delivery address, `crowd` many at one address, `network` the same network, `name` nearly the
    same name. About the friend alone: `disposable` a mailbox to be thrown away, `farm` a browser or a means of payment
    of several others who were brought, `velocity` many friends of one member at once, `not_first` purchases before
    they came, `returns` purchases that went back again and again.
    """

    email: Weight = 100
    phone: Weight = 100
    device: Weight = 60
    farm: Weight = 60
    disposable: Weight = 60
    payment: Weight = 45
    crowd: Weight = 40
    returns: Weight = 25
    address: Weight = 20
    name: Weight = 15
    network: Weight = 10
    velocity: Weight = 10
    not_first: Weight = 10


class Signals(Part):
    """When a friend's reward waits for staff: from `threshold` on, the weights of what was found summed up.

    `per_hour` and `per_day` friends of one member are many at once; `crowd` accounts are many at one address;
    `disposable` are domains beside those that are known.
    """

    threshold: Annotated[int, Field(ge=1, le=10_000)] = 60
    weights: Weights = Weights()
    per_hour: Annotated[int, Field(ge=2, le=10_000)] = 5
    per_day: Annotated[int, Field(ge=2, le=10_000)] = 20
    crowd: Annotated[int, Field(ge=3, le=50)] = 5
    disposable: Annotated[list[str], Field(max_length=1000)] = []

    @field_validator("disposable")
    @classmethod
    def _are_domains(cls, domains: list[str]) -> list[str]:
        for domain in domains:
            if not _DOMAIN.match(domain):
                raise ValueError(
                    Said('“{domain}” is no domain in small letters, such as "mail.example"', domain=domain)
                )
        return domains


KINDS: tuple[str, ...] = tuple(Weights.model_fields)
FARMED = ("device", "payment")  # of which several strangers who were all brought make a farm


def counted(found: Found, signals: Signals, until: datetime | None) -> dict[str, int]:
    """The kinds that weigh something, with their weights: those that could be seen by `until`. The heaviest first."""
    weights = signals.weights.model_dump()
    seen = {
        kind: weights.get(kind, 0) for kind, (since, _) in found.items() if until is None or since <= until
    }
    return {kind: seen[kind] for kind in sorted(seen, key=lambda kind: (-seen[kind], kind)) if seen[kind]}


def together(before: Found, found: Iterable[tuple[str, Seen]]) -> dict[str, Seen]:
    """What was found by now: the earliest moment and the largest number of each kind."""
    kept = dict(before)
    for kind, (since, many) in found:
        old = kept.get(kind)
        kept[kind] = (min(since, old[0]), max(many, old[1])) if old else (since, many)
    return kept


def plain_email(address: str) -> str:
    """A mailbox as its post office knows it: without what follows a plus, and without dots where none count."""
    local, _, domain = address.strip().lower().rpartition("@")
    local = local.partition("+")[0]
    if domain in _DOTLESS:
        local, domain = local.replace(".", ""), _DOTLESS[domain]
    return f"{local}@{domain}"


def disposable(address: str, signals: Signals) -> bool:
    """Whether an e-mail address is of a domain, or below one, where mailboxes are made to be thrown away."""
    labels = address.rpartition("@")[2].lower().split(".")
    ends = {".".join(labels[start:]) for start in range(len(labels) - 1)}
    return bool(ends & DOMAINS) or bool(ends & set(signals.disposable))


def plain(text: str) -> str:
    """A text as it is compared: letters and digits in small, without marks on them and without what lies between."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def alike(one: str, other: str) -> bool:
    """Whether two names of at least two words are the same, or nearly, in whatever order the words are."""
    first, second = (" ".join(sorted(plain(word) for word in name.split())) for name in (one, other))
    if " " not in first.strip() or " " not in second.strip():
        return False
    return first == second or SequenceMatcher(None, first, second).ratio() >= ALIKE


def nth(moments: Iterable[datetime], number: int) -> datetime | None:
    """When there were so many; None when there are fewer."""
    ordered = sorted(moments)
    return ordered[number - 1] if len(ordered) >= number else None
