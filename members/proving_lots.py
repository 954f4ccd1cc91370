"""Proof that lots are what the entries say: each was opened by one, and what was taken from it was posted.

A lot has the amount, the dates and the place in the order of burning that its entry gave it; what was taken from it and
what remains add up; and each entry that takes points is covered by draws, by a debt, or was forgiven.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select as statement
from sqlmodel import Session

from members import sets
from members.chain import moment_text
from rewards.lots import DEBT, EARNED, HELD, LONGER
from rewards.tables import Lot

KINDS = frozenset({EARNED, HELD, DEBT})
RANKS = {"earn": "", "order": "", "adjust": "|", "chosen": "|", "referral": "|referral"}
"""How the rank of a lot ends whose cause begins so, after its moment and the rest of its cause."""
ZONES = timedelta(hours=15)  # how far midnight anywhere is from midnight in UTC, and a little more
_DIGITS = str.maketrans("", "", "- :.")

Problem = tuple[str, str]
"""The row, and what is wrong with it."""


def lots(session: Session, member: Any, moment: Callable[[Any], Any]) -> Iterator[Any]:
    """All lots by member; `member` and the moments as the entries are read."""
    one = sets.table_of(Lot).c
    columns: tuple[Any, ...] = (
        member, one.cause, one.wallet, one.kind, one.amount, one.remaining, moment(one.at), moment(one.active_from),
        moment(one.expires_at), moment(one.closed_at), one.rank, one.draws,
    )  # fmt: skip
    query: Any = statement(*columns).order_by(one.member_id)
    for part in session.execute(query.execution_options(yield_per=2000)).partitions():
        yield from part


def member_of(key: Any) -> UUID:
    """Whose it is, as the database told it."""
    return key if isinstance(key, UUID) else UUID(key)


@dataclass(slots=True)
class Lots:
    """All lots, member by member, as the entries come."""

    rows: Iterator[Any]
    stray: list[UUID] = field(default_factory=list[UUID])
    ahead: Any = None

    def of(self, key: Any) -> list[Any]:
        """A member's; members come in order. Those of members in between are `stray`."""
        found: list[Any] = []
        while (row := self.ahead or next(self.rows, None)) is not None:
            self.ahead = row
            if key is not None and row[0] > key:
                break
            self.ahead = None
            if row[0] == key:
                found.append(row)
            else:
                self.stray.append(member_of(row[0]))
        return found


def held_in(rows: list[Any]) -> dict[str, list[int]]:
    """What lots hold, owe and have set aside, by wallet."""
    held: dict[str, list[int]] = {}
    for _, _, wallet, kind, _, remaining, *_ in rows:
        three = held.setdefault(wallet, [0, 0, 0])
        three[0] += remaining
        if kind == DEBT:
            three[1] -= remaining
        elif kind == HELD:
            three[2] += remaining
    return held


def first_wrong(rows: Iterable[Sequence[Any]], entries: Iterable[Sequence[Any]]) -> Problem | None:
    """The first lot of a member that does not fit their `entries`; of these only those that were not taken back."""
    live = {entry[9].rpartition("|")[0]: entry for entry in entries}
    drawn = _Drawn(live, {row[1] for row in rows})
    for row in rows:
        try:
            problem = _opened(row, live) or _kept(row) or drawn.take(row)
        except (TypeError, ValueError, AttributeError):  # SQLite keeps anything in any column
            problem = "there is no value in one of its fields"
        if problem:
            return f"lot {row[1]}", problem
    return drawn.missing()


def _opened(row: Sequence[Any], live: dict[str, Sequence[Any]]) -> str | None:
    """What of the lot is not as the entry said that opened it."""
    _, cause, wallet, kind, amount, _, at, active, expires, _, rank, draws = row
    entry = live.get(cause.removeprefix("debt|") if kind == DEBT else cause)
    if entry is None or kind not in KINDS:
        return "no entry opened it"
    said = (entry[2], entry[5], entry[7], entry[8])
    if kind == EARNED:
        opened = entry[4]
    elif kind == HELD:
        opened, said = _points(entry), (entry[2], entry[5], entry[5], None)
    else:
        opened, said = min(amount, -1), (entry[2], entry[5], entry[5], None)
    if amount != opened:
        return f"its amount is {amount}, the entry says {opened}"
    if (wallet, at, active) != said[:3]:
        return "its wallet or its dates are not those of its entry"
    if expires != said[3] and not (LONGER in draws and _extended(row, said[3], live)):
        return f"it ends {expires}, the entry says {said[3]}"
    start, _, rest = cause.partition("|")
    if start in ("debt", "restore"):
        rest = f"|{rest if kind == DEBT else cause}|"
    elif start in RANKS:
        rest += RANKS[start]
    else:
        return None if rank else "it has no place in the order of burning"
    if rank.replace("\x1f", "|") != f"{at.translate(_DIGITS)}|{rest}":
        return "its place in the order of burning is not that of its cause"
    return None


def _points(entry: Sequence[Any]) -> int:
    why = json.loads(entry[13])
    return why["points"] if entry[3] == "held" else -1


def _extended(row: Sequence[Any], said: str | None, live: dict[str, Sequence[Any]]) -> bool:
    """Whether staff gave it the day on which it ends, and it ended before as the entry said."""
    longer = [draw for draw in json.loads(row[11]) if draw[0].startswith(LONGER)]
    if not longer or moment_text(datetime.fromisoformat(longer[0][0].removeprefix(LONGER))) != said:
        return False
    at = moment_text(datetime.fromisoformat(longer[-1][1]))
    days = [date.fromisoformat(json.loads(entry[13])["until"]) for entry in live.values()
            if entry[3] == "extended" and entry[5] == at]  # fmt: skip
    end = datetime.fromisoformat(row[8]).date() if row[8] else None
    return end is not None and any(abs(end - day - timedelta(days=1)) <= ZONES for day in days)


def _kept(row: Sequence[Any]) -> str | None:
    """What of the lot does not add up."""
    amount, remaining, closed, text = row[4], row[5], row[9], row[11]
    draws = json.loads(text) if text != "[]" else ()
    left = amount - sum(draw[2] for draw in draws)
    if remaining != left:
        return f"{remaining} are said to remain, by its draws it is {left}"
    ended = moment_text(datetime.fromisoformat(draws[-1][1])) if draws and not left else None
    if closed != ended:
        return f"it is said to be closed {closed or 'never'}, by its draws it is {ended or 'never'}"
    return None


class _Drawn:
    """What was taken from a member's lots, by the entry that took it."""

    def __init__(self, live: dict[str, Sequence[Any]], names: set[str]) -> None:
        self.live, self.names = live, names
        self.longer = {entry[5] for entry in live.values() if entry[3] == "extended"}
        self.by_entry: dict[str, int] = defaultdict(int)
        self.repaid: dict[tuple[str, str], int] = defaultdict(int)

    def take(self, row: Sequence[Any]) -> str | None:
        """Count the draws of a lot; says which of them nothing was posted for."""
        name, debt = row[1], row[3] == DEBT
        if debt:
            self.by_entry[name.removeprefix("debt|")] -= row[4]
        if row[11] == "[]":
            return None
        for cause, drawn, amount in json.loads(row[11]):
            at = moment_text(datetime.fromisoformat(drawn))
            if cause.startswith(LONGER):
                if at not in self.longer:
                    return f"it got another day at {at}, and no entry says so"
                continue
            if debt or cause.startswith("debt|"):
                opened = self.live[cause][5] if debt and cause in self.live else row[6]
                if cause not in self.names or opened != at:
                    return f"it was drawn on by {cause} at {at}, which was not opened then"
                self.repaid[(name, cause) if debt else (cause, name)] += amount
                continue
            entry = self.live.get(cause)
            if entry is None or entry[2] != row[2] or entry[5] != at:
                return f"it was drawn on by {cause} at {at}, and no entry says so"
            self.by_entry[cause] += amount
        return None

    def missing(self) -> Problem | None:
        """The first debt that was not repaid as is said, lot that is gone, or entry that took something else."""
        for (debt, lot), points in self.repaid.items():
            if points:
                return f"lot {debt}", f"what {lot} is said to have repaid of it differs by {points}"
        for name, entry in self.live.items():
            amount, kind = entry[4], entry[3]
            if amount > 0 and kind != "forgiven" and name not in self.names:
                return f"lot {name}", f"it is gone: entry {entry[1]} opened it"
            if amount < 0 or kind == "held":
                wanted = _points(entry) if kind == "held" else -amount
                forgiven = self.live.get(f"forgive|{name}")
                found = self.by_entry.get(name, 0) + (forgiven[4] if forgiven else 0)
                if found != wanted:
                    return f"entry {entry[1]}", f"it takes {wanted}, of the lots {found} were taken for it"
        return None
