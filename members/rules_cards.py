"""What the rules page is told of versions of the programme: finished sentences only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VersionCard:
    """A version that is or was in force: since when, and what was different from the one before."""

    key: str = ""
    title: str = ""
    changes: tuple[str, ...] = ()
    more: str = ""
