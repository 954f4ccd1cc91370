"""What the page of badges for many is shown: frozen, finished texts; never a table row."""

from __future__ import annotations

from dataclasses import dataclass

from members.staff_game_cards import OptionCard


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A line of the list that is left out, and why."""

    key: str = ""
    place: str = ""
    text: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class LookedCard:
    """What a list would do: `ready` says it, `go` is on the button; `left_out` and `wrong` tell of the other lines.

    `more` says how many of these are not shown. Without anybody for whom it can be done there is no `go`.
    """

    ready: str = ""
    go: str = ""
    left_out: str = ""
    wrong: tuple[WrongLine, ...] = ()
    more: str = ""


@dataclass(frozen=True, slots=True)
class BatchCard:
    """A list that was done: what, by whom, how far; `percent` counts while it is running."""

    key: str = ""
    picture: str = ""
    title: str = ""
    words: str = ""
    reason: str = ""
    state: str = ""
    tone: str = "plain"
    percent: int = 0
    may_go_on: bool = False
    may_undo: bool = False


@dataclass(frozen=True, slots=True)
class BulkCard:
    """The page: what can be given, what can be taken away, and the newest lists."""

    options: tuple[OptionCard, ...] = ()
    takable: tuple[OptionCard, ...] = ()
    batches: tuple[BatchCard, ...] = ()
