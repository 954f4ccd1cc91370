"""Uploading codes for a reward: a file of them, one a line, taken in whole or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from facts.language import N_
from facts.refusals import Refusal, Speaks
from members import sets
from members.audit import audit
from members.programme.versions import versions
from rewards import codes, stock
from rewards.pool_tables import PoolCode, RewardPool

CODES_BYTES_MAX = 4_000_000  # of a file that comes by the page
CODES_MAX, STRETCH, SAID_MAX = 100_000, 1_000, 20
CODE_LENGTH_MAX = 64
COLUMNS = ("reward", "digest", "place", "sealed")
EMPTY = N_("is empty")
LONG = N_("is longer than {most} characters")
NO_TEXT = N_("is no text in UTF-8")
ODD = N_("has a sign that no code has: a space, a comma, a quotation mark or something unseen")
TWICE = N_("is the same as line {line}")
KNOWN = N_("was uploaded before")
LINE, MORE = N_("line {n}"), N_("and {n} more lines")
_SEPARATORS = frozenset(",;\"'`<>")


class CodesRefused(Refusal):
    """A file that was not taken, with what is wrong by its lines: (line, msgid, parameters), the first twenty."""

    def __init__(self, wrong: list[tuple[int, str, dict[str, object]]], count: int) -> None:
        self.wrong, self.count = wrong, count
        line = wrong[0][0]
        super().__init__(
            "codes_refused",
            N_("Nothing was uploaded: {n} lines are not as they should be, the first is line {line}."),
            path="codes", n=count, line=line,
        )  # fmt: skip

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.wrong, self.count)

    def told(self, language: Speaks | None = None) -> list[str]:
        """What is wrong, line by line, and how much more there is."""
        say = language.text if language else _plain
        said = [say(LINE, n=number) + " " + say(msgid, **params) for number, msgid, params in self.wrong]
        if self.count > len(self.wrong):
            said.append(say(MORE, n=self.count - len(self.wrong)))
        return said


def _plain(msgid: str, **params: object) -> str:
    return msgid.format(**params)


@dataclass(slots=True)
class _Reading:
    """What was read so far: where each code stands in the file, and what is wrong."""

    slug: str
    secret: bytes
    place: int
    lines: dict[bytes, int] = field(default_factory=dict[bytes, int])
    wrong: list[tuple[int, str, dict[str, object]]] = field(
        default_factory=list[tuple[int, str, dict[str, object]]]
    )
    count: int = 0

    def refuse(self, number: int, said: str, **params: object) -> None:
        """Remember that a line is wrong."""
        self.count += 1
        if self.count <= SAID_MAX:
            self.wrong.append((number, said, params))

    def row(self, number: int, line: bytes) -> tuple[str, bytes, int, bytes] | None:
        """A line as a row of the table, or None for one that is wrong."""
        code, problem = _code_in(line)
        if problem:
            self.refuse(number, problem, most=CODE_LENGTH_MAX)
            return None
        digest = codes.pool_digest(code, self.slug, self.secret)
        before = self.lines.setdefault(digest, number)
        if before != number:
            self.refuse(number, TWICE, line=before)
            return None
        nonce = secrets.token_bytes(codes.NONCE_BYTES)
        return self.slug, digest, self.place + number, codes.seal(code, self.slug, self.secret, nonce)


def upload(
    session: Session, slug: str, lines: Iterable[bytes], actor: str, now: datetime, secret: bytes
) -> int:
    """Add the codes of a file, one a line, to those of a reward; returns how many they are.

    Refuses (`CodesRefused`) a file in which a line is empty, odd, there twice or was uploaded before, and relies on the
    caller to roll back. Codes are kept sealed; nobody is shown them but who redeems one.
    """
    reward = versions(session).latest.programme.reward(slug)
    if reward is None:
        raise Refusal(
            "reward_hidden", N_("There is no such reward in the catalogue."), path="reward", status=404
        )
    if not reward.pooled:
        raise Refusal("codes_own", N_("This reward draws its own codes: choose uploaded ones first."),
                      path="reward", status=409)  # fmt: skip
    reading = _Reading(slug, secret, int(now.timestamp() * 1_000_000))
    for stretch in _stretches(reading, lines):
        _insert(session, reading, stretch)
    if reading.wrong:
        raise CodesRefused(sorted(reading.wrong, key=lambda one: one[0]), reading.count)
    if not reading.lines:
        raise Refusal(
            "codes_none", N_("There is no code in this file: write one on each line."), path="codes"
        )
    return _count(session, slug, len(reading.lines), actor, now)


def _code_in(line: bytes) -> tuple[str, str]:
    """The code on a line, and what is wrong with it, or ""."""
    try:
        code = line.decode().removeprefix("\ufeff").strip()
    except UnicodeDecodeError:
        return "", NO_TEXT
    if not code:
        return "", EMPTY
    if len(code) > CODE_LENGTH_MAX:
        return "", LONG
    odd = not code.isprintable() or any(sign.isspace() or sign in _SEPARATORS for sign in code)
    return ("", ODD) if odd else (code, "")


Row = tuple[str, bytes, int, bytes]


def _stretches(reading: _Reading, lines: Iterable[bytes]) -> Iterator[list[Row]]:
    rows: list[Row] = []
    for number, line in enumerate(lines, 1):
        if number > CODES_MAX:
            raise Refusal(
                "codes_too_many", N_("A file has {most} codes at most."), path="codes", most=CODES_MAX
            )
        row = reading.row(number, line)
        if row:
            rows.append(row)
        if len(rows) == STRETCH:
            yield rows
            rows = []
    yield rows


def _insert(session: Session, reading: _Reading, rows: list[Row]) -> None:
    """Add a stretch; what is there already is wrong in this file."""
    tail = "ON CONFLICT (reward, digest) DO NOTHING"
    added = {bytes(one[0]) for one in sets.insert(session, PoolCode, COLUMNS, rows, tail, ("digest",))}
    for _, digest, _, _ in rows:
        if digest not in added:
            reading.refuse(reading.lines[digest], KNOWN)


def _count(session: Session, slug: str, count: int, actor: str, now: datetime) -> int:
    """Put them on the shelf. The stock is locked before the pool, as by who redeems."""
    left = stock.add(session, slug, count) or 0
    pool = session.get(RewardPool, slug, populate_existing=True) or RewardPool(
        slug=slug, loaded=0, capacity=0, loaded_at=now
    )
    pool.loaded, pool.capacity, pool.loaded_at, pool.alerted_at = pool.loaded + count, left, now, None
    session.add(pool)
    session.flush()
    audit(session, actor, "codes.uploaded", f"reward:{slug}", {"codes": count, "left": left}, now)
    return count
