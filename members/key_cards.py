"""What the page of keys is shown: frozen, finished texts; never a table row, and never a key."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScopeCard:
    """One thing that a key may be good for: `box` is its name in the form."""

    key: str = ""
    box: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class ApiKeyCard:
    """A key of the API: whose events it sends, what it may do, since when; `state` in a `tone`."""

    key: str = ""
    name: str = ""
    source: str = ""
    scopes: str = ""
    made: str = ""
    state: str = ""
    tone: str = "plain"
    open: bool = False


@dataclass(frozen=True, slots=True)
class IssuerKeyCard:
    """A key that signs badges, or did."""

    key: str = ""
    name: str = ""
    made: str = ""
    state: str = ""
    tone: str = "plain"
    signs: bool = False
    may_withdraw: bool = False


@dataclass(frozen=True, slots=True)
class KeysCard:
    """The page: keys of the API, keys that sign, what a new one may do. `words` say how many wait for a second person.

    `alone` is said where nobody else could agree.
    """

    api: tuple[ApiKeyCard, ...] = ()
    signing: tuple[IssuerKeyCard, ...] = ()
    scopes: tuple[ScopeCard, ...] = ()
    words: str = ""
    alone: str = ""
