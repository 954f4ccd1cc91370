"""What the rules page is told of wallets, and of versions of the programme: finished sentences only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VersionCard:
    """A version that is or was in force: since when, and what was different from the one before."""

    key: str = ""
    title: str = ""
    changes: tuple[str, ...] = ()
    more: str = ""


@dataclass(frozen=True, slots=True)
class AboutWalletCard:
    """A wallet beside points: what it pays, when it is one's own, and how long it lasts."""

    name: str = ""
    sentences: tuple[str, ...] = ()
