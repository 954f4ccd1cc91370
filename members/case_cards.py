"""What the queue of cases is shown of: frozen, finished texts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CaseCard:
    """A case: whose, which guard, and the evidence. `note` is the decision with its reason.

    `path` leads to the member; it is "", and `name` no name, for those who may not see members. `seen` says which
    evidence this is.
    """

    key: str = ""
    name: str = ""
    path: str = ""
    guard: str = ""
    state: str = ""
    tone: str = "plain"
    found: str = ""
    allowed: str = ""
    sources: str = ""
    note: str = ""
    seen: str = ""
    may_release: bool = False
    may_reject: bool = False
    reasons: tuple[str, ...] = ()
    appeal: str = ""
    friend: bool = False


@dataclass(frozen=True, slots=True)
class CasesCard:
    """Open cases, the oldest first, and those that were decided lately. `words` say how many there are."""

    open: tuple[CaseCard, ...] = ()
    decided: tuple[CaseCard, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A fact that is held back: when, what, and, for those who may see members, what it said.

    The last one may stand for those that are not shown: it has only `said`.
    """

    key: str = ""
    when: str = ""
    type: str = ""
    said: str = ""
