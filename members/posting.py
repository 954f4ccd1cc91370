"""Posting: what the engine says should stand, compared with what stands, and the difference as new entries.

Entries are never changed. One that is no longer right is taken back by a reversal, and the right one is
posted beside it, under the same cause with the next revision.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from facts.history import Key
from members.books import Account
from members.chain import link
from rewards.effects import Posting
from rewards.lots import POINTS
from rewards.tables import Entry
from rewards.why import told


def standing_entries(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The entries that were not taken back, by cause without revision."""
    live: dict[int, Entry] = {}
    for entry in entries:
        if entry.kind == "reversal":
            live.pop(int(entry.cause.rpartition("|")[2]), None)
        else:
            live[entry.seq] = entry
    return {base(entry.cause): entry for entry in live.values()}


def base(cause: str) -> str:
    """A cause without its revision."""
    return cause.rpartition("|")[0]


def same(entry: Entry, posting: Posting) -> bool:
    """Whether an entry already says what should stand."""
    return (
        entry.amount == posting.amount
        and entry.at == posting.at
        and entry.why == posting.why
        and entry.expires_at == posting.expires_at
        and entry.active_from == posting.active_from
        and entry.version == posting.version
        and entry.wallet == posting.wallet
    )


class Poster:
    """Appends to one member's ledger; each entry takes the next number and the next link of the chain."""

    def __init__(self, account: Account, now: datetime, trigger: str) -> None:
        standing = account.standing
        self.member_id, self.seq, self.head, self.balance = (
            standing.member_id,
            standing.seq,
            standing.head,
            standing.balance,
        )
        self.now, self.trigger = now, trigger
        self.rows: list[tuple[Any, ...]] = []

    def settle(self, account: Account, wanted: Iterable[Posting], held: Collection[Key] = ()) -> None:
        """Post the difference between what stands and what is wanted; what comes of `held` facts waits for staff."""
        waiting: dict[datetime, list[str]] = {}
        for at, source, name in held:
            waiting.setdefault(at, []).append(f"|{source}|{name}|")
        stands = standing_entries(account.entries)
        revisions: dict[str, int] = {}
        for entry in account.entries:
            if entry.kind != "reversal":
                number = int(entry.cause.rpartition("|")[2])
                revisions[base(entry.cause)] = max(revisions.get(base(entry.cause), 0), number)
        right: list[Posting] = []
        for posting in wanted:
            entry = stands.pop(posting.cause, None)
            if entry is None or not same(entry, posting):
                right.append(posting)
                if entry is not None:
                    self.reverse(entry)
        for entry in stands.values():
            self.reverse(entry, any(name in entry.cause for name in waiting.get(entry.at, ())))
        for posting in right:
            self.post(posting, revisions.get(posting.cause, 0) + 1)

    def reverse(self, entry: Entry, held: bool = False) -> None:
        """Take an entry back; one whose fact is `held` says so."""
        why = told({"k": "reversal", "of": json.loads(entry.why)} | ({"for": "held"} if held else {}))
        self._append(
            "reversal",
            -entry.amount,
            entry.at,
            None,
            None,
            f"reverse|{entry.seq}",
            entry.rule,
            entry.version,
            why,
            entry.wallet,
        )

    def post(self, posting: Posting, revision: int = 1) -> None:
        """Post an entry under its cause."""
        self._append(posting.kind, posting.amount, posting.at, posting.active_from, posting.expires_at,
                     f"{posting.cause}|{revision}", posting.rule, posting.version, posting.why,
                     posting.wallet)  # fmt: skip

    def _append(self, kind: str, amount: int, at: datetime, active: datetime | None, expires: datetime | None,
                cause: str, rule: str, version: int, why: str, wallet: str) -> None:  # fmt: skip
        self.seq += 1
        if wallet == POINTS:
            self.balance += amount
        fields = (
            self.seq,
            wallet,
            kind,
            amount,
            at,
            self.now,
            active,
            expires,
            cause,
            rule,
            version,
            self.trigger,
            why,
        )
        self.head = link(self.head, fields)
        self.rows.append((self.member_id, *fields, self.head))
