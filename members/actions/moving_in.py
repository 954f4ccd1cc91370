"""Moving in: people of another programme become drafts here, with their balance, their tier and their past.

A draft is claimed by whoever proves its address, or has its code. Nobody is merged silently: an address that somebody
has here already is reported. What comes over are facts, so a second run of the same file changes nothing.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select

from facts.events import Fact
from facts.ids import id_from
from facts.refusals import Refusal
from members import arrivals, sets
from members.actions.identify import identify
from members.actions.record import record
from members.claims import WAITING
from members.import_batches import one_after_another
from members.import_tables import ImportedLine, ImportedPerson
from members.intake import open_accounts
from members.moving import (
    ADD,
    CREATE,
    ERROR,
    KEPT,
    SAME,
    UPDATE,
    Finding,
    Move,
    Newcomer,
    parts_of,
    short,
    unpacked,
)
from members.tables import FactRow, Identity, Member

OPEN = ("draft", "active")
CLOSED = {
    "merged": "their account is part of another one by now, so it is left as it is",
    "left": "they have left the programme, so their account is left as it is",
    "erased": "they were erased for good, and do not come back by a file",
}
DONE = {CREATE: "created", ADD: "added", UPDATE: "updated"}


class _RefusedError(Exception):
    """A fact of this person was refused, so nothing of them comes over."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def plan(session: Session, move: Move, people: Sequence[Newcomer]) -> list[Finding]:
    """What would be done about each, in their order. Reads only, a constant number of statements for all of them."""
    found = [Finding(one, move.digest(one.name_there), CREATE) for one in people]
    there = col(ImportedPerson.digest).in_([one.digest for one in found])
    known = {row.digest: row for row in session.exec(select(ImportedPerson).where(there))}
    keys = {key for one in people for key in one.keys}
    query = select(Identity.key, Identity.member_id).where(col(Identity.key).in_(keys))
    owners = dict(session.exec(query).all())
    ids = {*owners.values(), *(row.member_id for row in known.values())}
    states = dict(
        session.exec(select(Member.member_id, Member.status).where(col(Member.member_id).in_(ids))).all()
    )
    for one in found:
        _look_up(one, known.get(one.digest), owners, states, move)
    _not_twice(session, move, [one for one in found if one.did == ADD])
    return found


def _not_twice(session: Session, move: Move, added: Sequence[Finding]) -> None:
    """Whoever has a balance of this import gets no second one, by whatever name: the secret may have changed."""
    brought = ("import.balance", "import.cancelled")
    theirs = (
        col(FactRow.member_id).in_([one.member_id for one in added]),
        col(FactRow.source) == move.source,
    )
    query = select(FactRow.member_id, FactRow.type, FactRow.object_id).where(
        *theirs, col(FactRow.type).in_(brought)
    )
    rows = session.exec(query).all() if added else ()
    gone = {item for _, kind, item in rows if kind == "import.cancelled"}
    have = {member_id for member_id, kind, item in rows if kind == "import.balance" and item not in gone}
    for one in added:
        if one.member_id in have:
            _wrong(one, "their account has a balance of this import already", "take that batch back first")


def _look_up(one: Finding, row: ImportedPerson | None, owners: dict[str, UUID], states: dict[UUID, str],
             move: Move) -> None:  # fmt: skip
    theirs = {key: owners[key] for key in one.newcomer.keys if key in owners}
    after = move.content(one.newcomer)
    if row:
        one.member_id, one.before, one.before_number = row.member_id, unpacked(row.content), row.number
        state = states.get(row.member_id, "erased")
        if state not in OPEN:
            one.did, one.problem = KEPT, CLOSED.get(state, CLOSED["left"])
        elif other := _address_of_another(theirs, row.member_id):
            _wrong(
                one, f"{other} belongs to another account here", "correct it, or merge the two accounts first"
            )
        else:
            one.parts = parts_of(one.before, after)
            one.did = UPDATE if one.parts else SAME
        return
    one.parts = parts_of({}, after)
    if theirs:
        _already_here(one, theirs, states, move)


def _already_here(one: Finding, theirs: dict[str, UUID], states: dict[UUID, str], move: Move) -> None:
    """Somebody has one of the keys. The shop's own customer number is the same person; an address may be another."""
    owner = next(iter(theirs.values()))
    if other := _address_of_another(theirs, owner):
        _wrong(
            one,
            f"{other} and the rest of the line belong to two accounts here",
            "merge the two accounts first",
        )
    elif states.get(owner, "erased") not in OPEN:
        _wrong(one, "the account that is here is closed", "leave the line out")
    elif move.known != "add" and not any(key.startswith("customer:") for key in theirs):
        what = _kind(next(iter(theirs)))
        _wrong(
            one,
            f"somebody has this {what} here already",
            "leave the line out, or say --known add to give it to them",
        )
    elif move.taken.setdefault(owner, one.digest) != one.digest:
        _wrong(one, "an earlier line is of the same account here", "make one line of the two")
    else:
        one.did, one.member_id = ADD, owner


def _address_of_another(theirs: dict[str, UUID], member_id: UUID) -> str:
    return next((f"the {_kind(key)}" for key, owner in theirs.items() if owner != member_id), "")


def _kind(key: str) -> str:
    return {"email": "e-mail address", "phone": "phone number"}.get(key.partition(":")[0], "customer number")


def _wrong(one: Finding, problem: str, right: str) -> None:
    one.did, one.problem, one.right = ERROR, problem, right


def move_in(
    session: Session, move: Move, number: int, people: Sequence[Newcomer], now: datetime
) -> list[Finding]:
    """Let them come over in batch `number`; what was done about each, in their order. Nothing is left half done."""
    one_after_another(session, move.source)  # before the trial, which would let go when it fails
    trial = session.begin_nested()
    try:
        found = _move_in(session, move, number, people, now)
    except _RefusedError as refused:
        trial.rollback()
        session.expire_all()
        if len(people) > 1:
            return [one for person in people for one in move_in(session, move, number, [person], now)]
        (one,) = plan(session, move, people)
        _wrong(one, refused.refusal.sentence().rstrip("."), "")
        return [one]
    trial.commit()
    return found


def _move_in(
    session: Session, move: Move, number: int, people: Sequence[Newcomer], now: datetime
) -> list[Finding]:
    found = plan(session, move, people)
    added = _open(session, [one for one in found if one.did == CREATE], now)
    added |= arrivals.keys(session, move, [one for one in found if one.did in (ADD, UPDATE)], now)
    todo = [one for one in found if one.did in DONE]
    contents = {one.digest: _told(one, move, number, now) for one in todo}
    for outcome in record(session, [fact for facts, _ in contents.values() for fact in facts], now):
        if outcome.refusal:
            raise _RefusedError(outcome.refusal)
    arrivals.about(session, todo, now)
    arrivals.agreed(session, todo)
    _remember(
        session, move, number, todo, {key: content for key, (_, content) in contents.items()}, added, now
    )
    _wake(
        session,
        {key: one.member_id for one in todo for key in added.get(one.digest, ()) if one.member_id},
        now,
    )
    return found


def _open(session: Session, fresh: Sequence[Finding], now: datetime) -> dict[bytes, list[str]]:
    """Draft accounts for newcomers, found by all of their keys; returns the keys. Who was faster keeps theirs."""
    for one in fresh:
        one.member_id = id_from(now, secrets.token_bytes(10))
    rows = [(key, one.member_id, now) for one in fresh for key in one.newcomer.keys]
    won = sets.insert(session, Identity, ("key", "member_id", "since"), sorted(rows),
                      "ON CONFLICT (key) DO NOTHING", ("key",))  # fmt: skip
    mine = {row[0] for row in won}
    for one in fresh:
        if not mine.issuperset(one.newcomer.keys):
            session.execute(
                delete(Identity).where(col(Identity.key).in_(mine.intersection(one.newcomer.keys)))
            )
            _wrong(one, "somebody came with this address at the same moment", "run the import again")
    opened = [one for one in fresh if one.did == CREATE]
    open_accounts(session, [one.member_id for one in opened if one.member_id], now, "draft")
    return {one.digest: list(one.newcomer.keys) for one in opened}


def _told(one: Finding, move: Move, number: int, now: datetime) -> tuple[list[Fact], dict[str, Any]]:
    """The facts of a person, and what is remembered of them. What stood before is taken back at its own place."""
    assert one.member_id is not None
    who, hexed = f"member:{one.member_id}", one.member_id.hex
    said, items = move.content(one.newcomer), dict(one.before.get("items", {}))
    at = datetime.fromisoformat(one.before["at"]) if "at" in one.before else now
    bodies: dict[str, dict[str, Any]] = {}
    if lots := one.newcomer.lots_at(at):  # those that ended since were there to be spent: a replay needs them
        bodies["balance"] = {"lots": lots}
    if one.newcomer.tier:
        bodies["tier"] = {"tier": one.newcomer.tier, "until": one.newcomer.until}
    facts: list[Fact] = []
    for part in ("balance", "tier"):
        if part not in one.parts:
            continue
        if old := items.pop(part, ""):
            facts.append(taken_back(move.source, old, who, now))
        if part in bodies:
            items[part] = f"{part}:{hexed}:{number}"
            facts.append(
                Fact(
                    move.source, items[part], f"import.{part}", at, who, {"item": items[part]} | bodies[part]
                )
            )
    before = set(one.before.get("said", {}).get("entries", ()))
    for entry in one.newcomer.entries:
        if short(entry.name) not in before:
            item = f"entry:{hexed}:{number}:{short(entry.name)}"
            data = {
                "item": item,
                "points": entry.points,
                "reason": entry.reason,
                "salt": secrets.token_hex(8),
            }
            facts.append(Fact(move.source, item, "import.entry", entry.at, who, data))
    if before or "entries" in said:
        said["entries"] = sorted({*before, *said.get("entries", ())})
    return facts, {"said": said, "items": items, "at": at.isoformat()}


def taken_back(source: str, item: str, who: str, now: datetime) -> Fact:
    """The fact that something which came over is as if it had not."""
    return Fact(source, f"back:{item}", "import.cancelled", now, who, {"item": item})


def _remember(session: Session, move: Move, number: int, todo: Sequence[Finding], contents: dict[bytes, dict[str, Any]],
              added: dict[bytes, list[str]], now: datetime) -> None:  # fmt: skip
    """Who came with which batch, and how it was before."""
    people, lines = list[Any](), list[Any]()
    for one in todo:
        signed = [move.sign(key) for key in added.get(one.digest, ())]
        content = contents[one.digest] | {"keys": sorted({*one.before.get("keys", ()), *signed})}
        people.append((one.digest, one.member_id, number, json.dumps(content)))
        lines.append((number, one.digest, one.member_id, one.newcomer.line, DONE[one.did], now,
                      json.dumps(one.before) if one.before else "", one.before_number, json.dumps(signed)))  # fmt: skip
    sets.write(session, [
        sets.upserted(ImportedPerson, ("digest", "member_id", "number", "content"), people, ("digest",)),
        sets.Insert(ImportedLine, ("number", "digest", "member_id", "line", "did", "at", "before", "before_number",
                                   "keys"), lines),
    ])  # fmt: skip


def _wake(session: Session, added: dict[str, UUID], now: datetime) -> None:
    """What guests bought with an address that has come over counts for whoever has it, as far as one looks back."""
    addresses = [key for key in added if not key.startswith("customer:")]
    rows = session.connection().execute(WAITING, {"orders": addresses}).all()
    for key in sorted({str(row[0]) for row in rows}):
        identify(session, added[key], key, now)
