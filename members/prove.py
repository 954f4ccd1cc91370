"""Proof that the ledger is what it says: every law that must always hold, checked row by row.

Walks all entries once, in the order of their chains, and compares what they add up to with the lots and the
standings, lot by lot. Names the first row that breaks a law of each account; reads only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import String, func, type_coerce
from sqlalchemy import select as statement
from sqlmodel import Session, col, select

from members import sets
from members.chain import genesis, link
from members.proving_lots import Lots, first_wrong, held_in, lots, member_of
from members.tables import Claim, FactRow, Standing
from rewards.lots import POINTS
from rewards.tables import Entry, Lot
from rewards.why import amount_of


@dataclass(frozen=True, slots=True)
class Flaw:
    """A row that breaks a law: whose, which, and what is wrong with it."""

    member_id: UUID
    row: str
    problem: str


@dataclass(slots=True)
class Sums:
    """What one wallet's entries come to over the whole programme: what was issued (net of what was reversed) is
    somewhere.
    """

    issued: int = 0
    spent: int = 0
    expired: int = 0
    outstanding: int = 0


@dataclass(slots=True)
class Proof:
    """What was checked, the sums over the whole programme, and the flaws (none: the ledger holds).

    `wallets` has the sums of wallets beside points.
    """

    members: int
    entries: int = 0
    points: Sums = field(default_factory=Sums)
    flaws: list[Flaw] = field(default_factory=list[Flaw])
    wallets: dict[str, Sums] = field(default_factory=dict[str, Sums])

    def sums(self, wallet: str) -> Sums:
        """Those of a wallet."""
        return self.points if wallet == POINTS else self.wallets.setdefault(wallet, Sums())


@dataclass(slots=True)
class _Account:
    balance: int
    debt: int
    held: int
    seq: int
    head: bytes
    said: dict[str, list[int]] = field(default_factory=dict[str, list[int]])


def prove(session: Session, step: Callable[[int], None] | None = None) -> Proof:
    """Check every account; `step` is told how many entries were read since it was last called."""
    accounts = _accounts(session)
    proof = Proof(len(accounts))
    seen: set[UUID] = set()
    kept = Lots(_lots(session))
    for key, entries in groupby(_entries(session), key=itemgetter(0)):
        member_id, rows = member_of(key), kept.of(key)
        seen.add(member_id)
        account = accounts.get(member_id)
        if account is None:
            proof.flaws.append(Flaw(member_id, "standing", "there are entries, and no standing"))
            continue
        before = proof.entries
        flaw = _walk(member_id, entries, account, proof, rows)
        if flaw:
            proof.flaws.append(flaw)
        if step:
            step(proof.entries - before)
    for member_id, account in accounts.items():
        if member_id not in seen:
            flaw = _end(member_id, account, 0, genesis(member_id), {}, [], {})
            if flaw:
                proof.flaws.append(flaw)
    kept.of(None)
    named = {flaw.member_id for flaw in proof.flaws}
    for member_id in dict.fromkeys(kept.stray):
        if member_id not in named:
            proof.flaws.append(Flaw(member_id, "lots", "there are lots, and no entries"))
    proof.flaws.extend(_orphans(session))
    return proof


def _accounts(session: Session) -> dict[UUID, _Account]:
    one = Standing
    rows = session.execute(
        statement(
            col(one.member_id), col(one.balance), col(one.debt), col(one.held), col(one.seq), col(one.head)
        )
    )
    found = {row[0]: _Account(row[1], row[2], row[3], row[4], bytes(row[5])) for row in rows}
    further = col(one.state).contains('"wallets":{')
    for member_id, state in session.execute(statement(col(one.member_id), col(one.state)).where(further)):
        try:
            found[member_id].said = json.loads(state)["wallets"]
        except (ValueError, KeyError, TypeError):
            found[member_id].said = {}  # then it does not fit the lots
    return found


def _read_by(session: Session, member: Any) -> tuple[Any, Callable[[Any], Any]]:
    """A column of members as it is read, and moments as the text that is hashed, made by the database."""
    if session.connection().dialect.name == "sqlite":
        return type_coerce(member, String), lambda column: type_coerce(column, String)
    return member, lambda column: func.to_char(func.timezone("UTC", column), "YYYY-MM-DD HH24:MI:SS.US")


def _lots(session: Session) -> Iterator[Any]:
    return lots(session, *_read_by(session, sets.table_of(Lot).c.member_id))


def _entries(session: Session) -> Iterator[Any]:
    """All entries by member and number."""
    one = sets.table_of(Entry).c
    member, moment = _read_by(session, one.member_id)
    columns: tuple[Any, ...] = (
        member, one.seq, one.wallet, one.kind,
        one.amount, moment(one.at), moment(one.recorded_at), moment(one.active_from), moment(one.expires_at),
        one.cause, one.rule, one.version, one.trigger, one.why, one.hash,
    )  # fmt: skip
    query: Any = statement(*columns).order_by(one.member_id, one.seq)
    result = session.execute(query.execution_options(yield_per=2000))
    for part in result.partitions():
        yield from part


def _walk(
    member_id: UUID, entries: Iterator[Any], account: _Account, proof: Proof, rows: list[Any]
) -> Flaw | None:
    """One account's chain, to its end, and its lots."""
    head, seq, flaw = genesis(member_id), 0, None
    balances: dict[str, int] = {}
    posted: dict[int, Any] = {}
    live: dict[int, Any] = {}
    for entry in entries:
        proof.entries += 1
        try:
            if "" in entry[7:9]:  # is hashed as no moment is
                raise ValueError(entry[1])
            balances[entry[2]] = balances.get(entry[2], 0) + entry[4]
            _count(entry, posted, proof)
            flaw = flaw or _flaw(member_id, entry, seq, head, posted)
        except (TypeError, ValueError):  # SQLite keeps anything in any column
            flaw = flaw or Flaw(member_id, f"entry {entry[1]}", "there is no value in one of its fields")
        head, seq = entry[14], entry[1]
        posted[seq] = live[seq] = entry
        if entry[3] == "reversal":
            del live[seq]
            live.pop(_reversed(str(entry[9])), None)
    for wallet, balance in balances.items():
        proof.sums(wallet).outstanding += balance
    return flaw or _end(member_id, account, seq, head, balances, rows, live)


def _count(entry: Any, posted: dict[int, Any], proof: Proof) -> None:
    """The programme's sums; a reversal undoes what it takes back, so issued is net of what was reversed."""
    amount, kind, sums = entry[4], entry[3], proof.sums(entry[2])
    if kind == "reversal":
        original = posted.get(_reversed(entry[9]))
        kind = original[3] if original else "earned"
    if kind == "spent" or (kind == "adjusted" and amount < 0):
        sums.spent -= amount
    elif kind == "expired":
        sums.expired -= amount
    else:
        sums.issued += amount


def _reversed(cause: str) -> int:
    number = cause.rpartition("|")[2]
    return int(number) if number.isdecimal() else 0


def _flaw(member_id: UUID, entry: Any, seq: int, head: bytes, posted: dict[int, Any]) -> Flaw | None:
    row = f"entry {entry[1]}"
    if entry[1] != seq + 1:
        return Flaw(member_id, row, f"follows entry {seq}: something between them is gone")
    if link(head, entry[1:14]) != entry[14]:
        return Flaw(member_id, row, "its hash does not fit: the row, or the one before it, was changed")
    try:
        amount = amount_of(json.loads(entry[13]))
    except (KeyError, ValueError, TypeError) as error:
        return Flaw(member_id, row, f"its why says nothing that can be computed ({error})")
    if amount != entry[4]:
        return Flaw(member_id, row, f"its why gives {amount}, not {entry[4]}")
    if entry[3] == "reversal":
        original = posted.get(_reversed(entry[9]))
        if original is None or original[4] != -entry[4]:
            return Flaw(member_id, row, "it takes back something that was not posted")
    return None


def _end(
    member_id: UUID, account: _Account, seq: int, head: bytes, balances: dict[str, int], rows: list[Any],
    live: dict[int, Any],
) -> Flaw | None:  # fmt: skip
    """What the entries add up to, against the standing and the lots."""
    balance = balances.get(POINTS, 0)
    if account.seq != seq or account.head != head:
        return Flaw(
            member_id,
            f"entry {seq}",
            f"the ledger should end with entry {account.seq}: its tail is not what it was",
        )
    if account.balance != balance:
        return Flaw(
            member_id, "standing", f"the balance says {account.balance}, the entries add up to {balance}"
        )
    if problem := first_wrong(rows, live.values()):
        return Flaw(member_id, *problem)
    held = held_in(rows)
    kept, owed, aside = held.pop(POINTS, [0, 0, 0])
    if kept != balance:
        return Flaw(member_id, "lots", f"the lots hold {kept}, the entries add up to {balance}")
    if owed != account.debt:
        return Flaw(member_id, "standing", f"the debt says {account.debt}, the lots owe {owed}")
    if aside != account.held:
        return Flaw(member_id, "standing", f"{account.held} are said to be held, the lots hold {aside} aside")
    for wallet in sorted({*balances, *account.said, *held} - {POINTS}):
        said, there = account.said.get(wallet, [0, 0, 0]), held.get(wallet, [0, 0, 0])
        if said != there or there[0] != balances.get(wallet, 0):
            problem = (
                f"the standing says {said} (balance, debt, held), the lots {there}, the entries add up to "
            )
            return Flaw(member_id, f"wallet {wallet}", f"{problem}{balances.get(wallet, 0)}")
    return None


def _orphans(session: Session) -> Iterator[Flaw]:
    """Facts without the claim that makes them unique."""
    claim = (col(Claim.source) == col(FactRow.source)) & (col(Claim.key) == "fact:" + col(FactRow.fact_id))
    query = (
        select(FactRow.member_id, FactRow.source, FactRow.fact_id)
        .join(Claim, claim, isouter=True)
        .where(col(Claim.key).is_(None) | (col(Claim.member_id) != col(FactRow.member_id)))
    )
    for member_id, source, fact_id in session.exec(query.limit(20)).all():
        yield Flaw(member_id, f"fact {fact_id} of {source}", "it has no claim of its own")
