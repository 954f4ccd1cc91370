"""What the studio's pages are shown: frozen, finished texts; never a table row."""

from __future__ import annotations

from dataclasses import dataclass

from members.staff_cards import FieldCard, TickCard
from members.staff_game_cards import OptionCard

NO_FIELD = FieldCard()


@dataclass(frozen=True, slots=True)
class BoxCard:
    """A box of any sort: `box` says which. `key` changes when boxes move, so that none keeps another's text.

    `chosen` are those of a list, `hints` what could be one; `ticks` those of several to tick. With `remove` the box can
    be taken away, under that name.
    """

    key: str = ""
    name: str = ""
    label: str = ""
    box: str = "text"
    value: str = ""
    hint: str = ""
    problem: str = ""
    options: tuple[OptionCard, ...] = ()
    chosen: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    ticks: tuple[TickCard, ...] = ()
    remove: str = ""


@dataclass(frozen=True, slots=True)
class PartCard:
    """One question of a criterion: its boxes, what it says so far, and the conditions that can be added."""

    key: str = ""
    title: str = ""
    sentence: str = ""
    boxes: tuple[BoxCard, ...] = ()
    conditions: tuple[OptionCard, ...] = ()
    may_drop: bool = False


@dataclass(frozen=True, slots=True)
class StepCard:
    """One step: what it asks and gives; `more` are the boxes that few need."""

    key: str = ""
    title: str = ""
    boxes: tuple[BoxCard, ...] = ()
    more: tuple[BoxCard, ...] = ()
    open: bool = False
    may_drop: bool = False


@dataclass(frozen=True, slots=True)
class StudioCard:
    """A badge or challenge being built, and beside it what it looks like and what publishing would change.

    `sentence` is the whole criterion in words, "" while something is missing; `wrong` says how many boxes are.
    """

    title: str = ""
    kind: str = "badge"
    stage: str = ""
    draft: str = ""
    fresh: bool = True
    slug: FieldCard = NO_FIELD
    names: tuple[FieldCard, ...] = ()
    texts: tuple[FieldCard, ...] = ()
    sentence: str = ""
    deep: bool = False
    parts: tuple[PartCard, ...] = ()
    together: tuple[BoxCard, ...] = ()
    ladder: tuple[BoxCard, ...] = ()
    steps: tuple[StepCard, ...] = ()
    may_add_step: bool = False
    who: tuple[BoxCard, ...] = ()
    tiers: tuple[TickCard, ...] = ()
    times: tuple[FieldCard, ...] = ()
    zone: str = ""
    icon: str = "flag"
    secret: bool = False
    picture: str = ""
    small: str = ""
    changes: tuple[str, ...] = ()
    wrong: str = ""
    ready: bool = False
    stale: bool = False
    planned: str = ""
    problem: str = ""
    from_beginning: bool = False
    was_from_beginning: bool = False
    may_publish: bool = False


@dataclass(frozen=True, slots=True)
class TrialCard:
    """How far one member would be: the value in words, and when each step was reached."""

    name: str = ""
    words: str = ""
    percent: int = 0
    reached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShareCard:
    """Somebody who would get it, and when."""

    key: str = ""
    name: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class PreviewCard:
    """What it would do to everybody: so far while `running`, `percent` of the way. `kept` when it is done to them."""

    words: str = ""
    cost: str = ""
    examples: tuple[ShareCard, ...] = ()
    looked: str = ""
    percent: int = 0
    running: bool = False
    done: bool = False
    kept: bool = False
