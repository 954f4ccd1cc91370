"""What staff are shown of the ways to join. Frozen, finished texts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WayCard:
    """One way to join: where it hangs, its address, how many came by it, and where its poster is, by kind of file."""

    code: str = ""
    label: str = ""
    kind: str = ""
    joined: str = ""
    address: str = ""
    png: str = ""
    pdf: str = ""
    svg: str = ""


@dataclass(frozen=True, slots=True)
class PostersCard:
    """The ways to join there are, the newest first."""

    ways: tuple[WayCard, ...] = ()
    may_edit: bool = False
