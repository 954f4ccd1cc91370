"""Lists of members as staff pastes them: one on a line, by any number or address that we know them by.

A line is `member:…` (or a bare member id), `email:…`, `phone:…`, `card:…`, `customer:…` (with its source before the
number where two shops use the same one), or just the value. What follows a comma, semicolon or tab is passed over, so
that the first column of a table can be pasted as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import text as sql
from sqlmodel import Session, col, select

from facts.language import N_
from facts.refusals import Refusal
from members.tables import Identity, Member

LINES_MAX = 5_000
TEXT_LENGTH_MAX = 500_000
SHOWN_LENGTH_MAX = 80
UNKNOWN = N_("We know nobody by this.")
SEVERAL = N_("This means more than one member. Write it as customer:shop:number.")
TWICE = N_("The same member as in line {line}.")
ALREADY = N_("They have this badge already.")
NOT_THEIRS = N_("They do not have this badge.")
HEADS = frozenset(
    {"member", "member_id", "member id", "customer", "customer_id", "email", "e-mail", "phone", "card", "id"}
)
_CELL = re.compile(r"[,;\t]")
_KINDS = ("customer", "email", "phone", "card")

# Every source that sent anything, by hopping along the key: as many steps as there are sources.
_SOURCES = sql("""
WITH RECURSIVE hop(source) AS (
    SELECT min(source) FROM claim
    UNION ALL
    SELECT (SELECT min(source) FROM claim WHERE source > hop.source) FROM hop WHERE hop.source IS NOT NULL
)
SELECT source FROM hop WHERE source IS NOT NULL
""")


@dataclass(frozen=True, slots=True)
class Found:
    """A line of a list: who is meant, or (`problem`, a text with `twin` for its `{line}`) why nobody is."""

    line: int
    text: str
    member_id: UUID | None = None
    problem: str = ""
    twin: int = 0

    def with_problem(self, problem: str, twin: int = 0) -> Found:
        """The same line, left out."""
        return replace(self, member_id=None, problem=problem, twin=twin)


def lines(text: str) -> list[tuple[int, str]]:
    """The first cell of each line that is not empty, with its number; a heading is none of them."""
    if len(text) > TEXT_LENGTH_MAX:
        raise _too_long()
    cells = [
        (number, _CELL.split(line.replace("\ufeff", "").replace("\x00", ""))[0].strip().strip("\"'").strip())
        for number, line in enumerate(text.splitlines(), 1)
    ]
    found = [(number, cell) for number, cell in cells if cell]
    if found and found[0][1].lower() in HEADS:
        found = found[1:]
    if len(found) > LINES_MAX:
        raise _too_long()
    return found


def _too_long() -> Refusal:
    return Refusal("list_too_long", N_("A list may have {most} lines at most."), path="list", most=LINES_MAX)


def resolve(session: Session, text: str) -> list[Found]:
    """Who is meant by each line: three questions, however many lines there are."""
    cells = lines(text)
    sources = list(session.execute(_SOURCES).scalars())
    wanted = {number: _names(cell, sources) for number, cell in cells}
    known = _by_key(session, {key for keys, _ in wanted.values() for key in keys})
    ids = {one for _, one in wanted.values() if one}
    there = (
        set(session.exec(select(Member.member_id).where(col(Member.member_id).in_(ids))))
        if ids
        else set[UUID]()
    )
    found: list[Found] = []
    first: dict[UUID, int] = {}
    for number, cell in cells:
        keys, named = wanted[number]
        meant = {known[key] for key in keys if key in known}
        if named is not None and named in there:
            meant.add(named)
        one = Found(number, cell[:SHOWN_LENGTH_MAX], next(iter(meant)) if len(meant) == 1 else None)
        if one.member_id is None:
            one = one.with_problem(SEVERAL if meant else UNKNOWN)
        elif first.setdefault(one.member_id, number) != number:
            one = one.with_problem(TWICE, first[one.member_id])
        found.append(one)
    return found


def _names(cell: str, sources: Sequence[str]) -> tuple[list[str], UUID | None]:
    """The identity keys that a cell may mean, and the member's own id, where it is one."""
    kind, colon, value = cell.partition(":")
    kind, value = kind.strip().lower(), value.strip()
    if colon and kind == "customer":
        return [f"customer:{value}", *(f"customer:{source}:{value}" for source in sources)], None
    if colon and kind in _KINDS:
        return [f"{kind}:{value.lower() if kind == 'email' else value}"], None
    try:
        return [], UUID(value if colon and kind == "member" else cell)
    except ValueError:
        pass
    if "@" in cell:
        return [f"email:{cell.lower()}"], None
    return [f"card:{cell}", f"phone:{cell}", *(f"customer:{source}:{cell}" for source in sources)], None


def _by_key(session: Session, keys: Iterable[str]) -> dict[str, UUID]:
    wanted, found = sorted(keys), dict[str, UUID]()
    for start in range(0, len(wanted), LINES_MAX):
        part = col(Identity.key).in_(wanted[start : start + LINES_MAX])
        found.update(session.exec(select(Identity.key, Identity.member_id).where(part)).all())
    return found
