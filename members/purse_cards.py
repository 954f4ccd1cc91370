"""What is shown of a wallet beside points."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PurseCard:
    """A wallet beside points: its name, what can be spent of it (or was gathered), and what is still to come."""

    key: str = ""
    name: str = ""
    amount: str = ""
    words: str = ""
