"""What staff pages are shown of badges and challenges: frozen, finished texts; never a table row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FigureCard:
    """A number with its name."""

    label: str = ""
    value: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class GameCard:
    """A badge, a challenge or a goal in the list of staff: a badge has a `picture`, the others an `icon`.

    `tone` is a chip's; `asks` is the criterion in words, `words` say steps, dates and what is left, `figures` how it
    goes; `steps` how many reached each of several. `key` is `badge:<slug>`, `challenge:<slug>` or
    `goal:<slug>`; `edit` the address of its form in the studio and `holders` that of the list of who has it, "" where
    there is none.
    """

    key: str = ""
    name: str = ""
    picture: str = ""
    icon: str = "flag"
    state: str = ""
    tone: str = "plain"
    asks: str = ""
    words: str = ""
    figures: tuple[FigureCard, ...] = ()
    steps: str = ""
    edit: str = ""
    holders: str = ""
    may_pause: bool = False
    may_go_on: bool = False
    may_retire: bool = False


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft in the list. `path` is the address of its form."""

    key: str = ""
    name: str = ""
    kind: str = ""
    words: str = ""
    problem: str = ""
    planned: bool = False
    path: str = ""


@dataclass(frozen=True, slots=True)
class GamesCard:
    """All badges, challenges and goals of the newest version, `base`; `counted` says when holders were counted.

    `may_give` says that lists of members can be given a badge; `drafts` are there for who `may_edit`.
    `alerts` say which budgets are nearly gone.
    """

    badges: tuple[GameCard, ...] = ()
    challenges: tuple[GameCard, ...] = ()
    goals: tuple[GameCard, ...] = ()
    version: str = ""
    counted: str = ""
    base: int = 0
    drafts: tuple[DraftRow, ...] = ()
    may_edit: bool = False
    may_give: bool = False
    alerts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HolderRow:
    """A member who holds a badge: `words` say the level and since when, `note` what staff wrote."""

    key: str = ""
    name: str = ""
    known_as: str = ""
    words: str = ""
    note: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class HoldersCard:
    """Who holds a badge, the newest first. `after` is where the next ones begin, "" when these are the last."""

    name: str = ""
    picture: str = ""
    words: str = ""
    rows: tuple[HolderRow, ...] = ()
    after: str = ""


@dataclass(frozen=True, slots=True)
class HeldBadgeCard:
    """A badge of a member as staff sees it: held, or lost and why. `note` is what staff wrote, now or then."""

    key: str = ""
    name: str = ""
    picture: str = ""
    words: str = ""
    note: str = ""
    held: bool = False


@dataclass(frozen=True, slots=True)
class OptionCard:
    """One of several to choose from."""

    key: str = ""
    label: str = ""
