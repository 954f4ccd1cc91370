"""What staff are shown of themselves: the team, what waits for a second person, the audit. Frozen, finished texts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeskCard:
    """Who sits at the desk: their name and role, the addresses of their pages, the first of them, and what waits."""

    name: str = ""
    role: str = ""
    paths: tuple[str, ...] = ()
    home: str = ""
    waiting: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceCard:
    """One of several to choose from."""

    key: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class ColleagueCard:
    """One of the staff: when they were seen last, and with what they come in. `open` when one may change them."""

    key: str = ""
    name: str = ""
    email: str = ""
    role: str = ""
    role_key: str = ""
    seen: str = ""
    ways: str = ""
    open: bool = False


@dataclass(frozen=True, slots=True)
class InvitedCard:
    """An invitation that nobody has opened yet."""

    key: str = ""
    email: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class TeamCard:
    """The staff, who was invited, and the roles there are to give (to an invited one, and to a colleague)."""

    people: tuple[ColleagueCard, ...] = ()
    invited: tuple[InvitedCard, ...] = ()
    roles: tuple[ChoiceCard, ...] = ()
    may_edit: bool = False


@dataclass(frozen=True, slots=True)
class RequestCard:
    """What somebody asked for: to be done to whom, why, by whom and when; `note` is what became of it."""

    key: str = ""
    what: str = ""
    path: str = ""
    reason: str = ""
    asked: str = ""
    note: str = ""
    may_agree: bool = False
    may_withdraw: bool = False


@dataclass(frozen=True, slots=True)
class RequestsCard:
    """What waits for a second person, and what was decided lately."""

    waiting: tuple[RequestCard, ...] = ()
    decided: tuple[RequestCard, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One thing that was done. `code` is the action's own name; `changes` say how it was and how it is.

    `thing` is what it was done to, as the audit has it, `name` what that is called now, "" where it has no name.
    """

    key: str = ""
    when: str = ""
    who: str = ""
    what: str = ""
    code: str = ""
    thing: str = ""
    name: str = ""
    path: str = ""
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditCard:
    """A stretch of the audit, the newest first. `older` is where the next one begins; `query` what it was asked for."""

    rows: tuple[AuditRow, ...] = ()
    older: str = ""
    actors: tuple[ChoiceCard, ...] = ()
    actions: tuple[ChoiceCard, ...] = ()
    query: str = ""
    may_export: bool = False
