"""Taking an import back: accounts that it made are removed, and accounts that were there stand as before.

Who has done something since (joined, bought, been merged) keeps what came over, and is reported. What came over is
taken back by facts, so the ledger shows both; of accounts that are removed it stays, and means nobody any more.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select, update

from facts.events import Fact
from members import books, closing, sets
from members.actions.erase import ERASED, THEIRS
from members.actions.moving_in import taken_back
from members.actions.record import record
from members.arrivals import WAY
from members.chain import sealed
from members.import_batches import one_after_another
from members.import_tables import ImportedLine, ImportedPerson
from members.moving import Move, unpacked
from members.own_tables import Consent, Merge, Profile
from members.tables import FactRow, Identity, Member, Standing
from rewards.tables import Entry

CHUNK = 200
REMOVED, RESTORED, POINTS, KEPT = "removed", "restored", "points taken back", "kept"


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of a line of the batch, and why nothing did."""

    line: int
    member_id: UUID
    did: str
    why: str = ""


def take_back(session: Session, move: Move, number: int, after: bytes, now: datetime, *,
              points: bool = False) -> tuple[list[Undone], bytes]:  # fmt: skip
    """Take the next lines of a batch back; what became of each, and where to go on from (b"": that was all).

    With `points` those who have done something since stay members, and lose what came over.
    """
    one_after_another(session, move.source)
    here = (ImportedLine.number == number, col(ImportedLine.digest) > after)
    lines = list(
        session.exec(select(ImportedLine).where(*here).order_by(col(ImportedLine.digest)).limit(CHUNK))
    )
    if not lines:
        return [], b""
    found = col(ImportedPerson.digest).in_([line.digest for line in lines])
    people = {row.digest: row for row in session.exec(select(ImportedPerson).where(found))}
    for row in (*lines, *people.values()):
        session.expunge(row)  # they are read to the end, also when their rows are gone
    books.lock(session, sorted({line.member_id for line in lines}))
    busy = _busy(session, move, lines, people)
    gone = [line for line in lines if line.did == "created" and line.digest not in busy]
    _remove(session, move, gone, people, now)
    said = [Undone(line.line, line.member_id, REMOVED) for line in gone]
    rest = [line for line in lines if line.did != "created" or line.digest in busy]
    for line in rest:
        why = busy.get(line.digest, "")
        if line.digest in people:
            said.append(_one(session, move, line, people[line.digest], why, now, points))
        else:
            _forget(session, [line], [])
            said.append(Undone(line.line, line.member_id, POINTS, why))
    return said, lines[-1].digest


def _busy(session: Session, move: Move, lines: Sequence[ImportedLine],
          people: dict[bytes, ImportedPerson]) -> dict[bytes, str]:  # fmt: skip
    """Why a line stays as it is: what its member has done since."""
    ids = [line.member_id for line in lines]
    states = dict(
        session.exec(select(Member.member_id, Member.status).where(col(Member.member_id).in_(ids))).all()
    )
    theirs = (col(FactRow.member_id).in_(ids), col(FactRow.source) != move.source)
    heard: dict[UUID, list[datetime]] = {}
    for member_id, at in session.exec(select(FactRow.member_id, FactRow.recorded_at).where(*theirs)):
        heard.setdefault(member_id, []).append(at)
    into = set(session.exec(select(Merge.into_id).where(col(Merge.into_id).in_(ids))))
    found: dict[bytes, str] = {}
    for line in lines:
        state, mine = states.get(line.member_id, ERASED), heard.get(line.member_id, [])
        person = people.get(line.digest)
        if person is None:
            found[line.digest] = "what came over was taken back with a later batch"
        elif person.number != line.number:
            found[line.digest] = f"batch {person.number} told of them later: take that one back first"
        elif state not in ("draft", "active"):
            found[line.digest] = f"their account is closed ({state})"
        elif line.did == "created" and (state != "draft" or line.member_id in into):
            found[line.digest] = "they have joined since"
        elif any(line.did == "created" or at > line.at for at in mine):
            found[line.digest] = "they have done something here since"
    return found


def _remove(session: Session, move: Move, gone: Sequence[ImportedLine], people: dict[bytes, ImportedPerson],
            now: datetime) -> None:  # fmt: skip
    """Accounts that nobody has ever used: their points go back, and all that is personal goes."""
    if not gone:
        return
    facts = [fact for line in gone for fact in _facts_back(move, line, people[line.digest], now)]
    if any(outcome.refusal for outcome in record(session, facts, now)):
        raise RuntimeError("what nobody has used can be taken back")
    ids = [line.member_id for line in gone]
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete=ON")
    for table in THEIRS:
        columns: Any = table
        session.execute(delete(table).where(columns.member_id.in_(ids)))
    written = select(Entry).where(col(Entry.member_id).in_(ids), col(Entry.why).contains('"salt":'))
    for entry in session.exec(written).all():
        entry.why = sealed(entry.why)
        session.add(entry)
    session.flush()
    closed = {"state": closing.marked("{}", closing.ERASED), "game": "{}", "tier": "", "tier_since": None,
              "tier_until": None, "tier_progress": 0, "due_at": None}  # fmt: skip
    session.execute(update(Standing).where(col(Standing.member_id).in_(ids)).values(**closed))
    nobody = {"name": "", "language": "", "zone": "", "status": ERASED}
    session.execute(update(Member).where(col(Member.member_id).in_(ids)).values(**nobody))
    columns = ("member_id", "birthday", "birthday_at", "skipped", "salt", "erased_at")
    rows = [(member_id, "", None, "", secrets.token_bytes(16), now) for member_id in sorted(ids)]
    sets.write(session, [sets.upserted(Profile, columns, rows, ("member_id",))])
    _forget(session, gone, [line.digest for line in gone])


def _forget(session: Session, lines: Sequence[ImportedLine], people: Sequence[bytes]) -> None:
    """The lines are taken back; these people may come over again as if they never had."""
    session.execute(delete(ImportedPerson).where(col(ImportedPerson.digest).in_(people)))
    ours = col(ImportedLine.digest).in_([line.digest for line in lines])
    session.execute(delete(ImportedLine).where(col(ImportedLine.number) == lines[0].number, ours))


def _facts_back(move: Move, line: ImportedLine, person: ImportedPerson, now: datetime) -> list[Fact]:
    """What the batch brought for one member, taken back."""
    content, before = unpacked(person.content), unpacked(line.before)
    told = set(content["said"].get("entries", ())) - set(before.get("said", {}).get("entries", ()))
    items = [item for item in content["items"].values() if item not in before.get("items", {}).values()]
    items += [f"entry:{line.member_id.hex}:{line.number}:{name}" for name in sorted(told)]
    return [taken_back(move.source, item, f"member:{line.member_id}", now) for item in items]


def _one(session: Session, move: Move, line: ImportedLine, person: ImportedPerson, busy: str, now: datetime,
         points: bool) -> Undone:  # fmt: skip
    """An account that stays: as it was before, or without what came over, or as it is."""
    where = line.line, line.member_id
    if busy and not (points and person.number == line.number and "closed" not in busy):
        return Undone(*where, KEPT, busy)
    before = unpacked(line.before)
    facts = _facts_back(move, line, person, now)
    again = _again(session, move, line, before, unpacked(person.content), facts)
    trial = session.begin_nested()
    refusal = next((one.refusal for one in record(session, facts, now) if one.refusal), None)
    if refusal:
        trial.rollback()
        session.expire_all()
        return Undone(*where, KEPT, refusal.sentence())
    trial.commit()
    _take_off(session, move, line, now)
    if before:
        items = {part: again.get(part, item) for part, item in before["items"].items()}
        as_before = {"content": json.dumps(before | {"items": items}), "number": line.before_number}
        mine = col(ImportedPerson.digest) == line.digest
        session.execute(update(ImportedPerson).where(mine).values(**as_before))
        _forget(session, [line], [])
    else:
        _forget(session, [line], [line.digest])
    return Undone(*where, POINTS if busy else RESTORED, busy)


def _again(session: Session, move: Move, line: ImportedLine, before: dict[str, Any], content: dict[str, Any],
           facts: list[Fact]) -> dict[str, str]:  # fmt: skip
    """What the batch had replaced comes again, at its own place in history; returns its new names, by part."""
    found: dict[str, str] = {}
    for part, item in before.get("items", {}).items():
        if content["items"].get(part) == item:
            continue
        row = session.get(FactRow, (line.member_id, move.source, item))
        if row:
            found[part] = f"{part}:{line.member_id.hex}:{line.number}:again"
            data = json.loads(row.data) | {"item": found[part]}
            facts.append(
                Fact(move.source, found[part], row.type, row.occurred_at, f"member:{line.member_id}", data)
            )
    return found


def _take_off(session: Session, move: Move, line: ImportedLine, now: datetime) -> None:
    """What the batch added beside facts: ways to find the account, and consents, which nobody gave here."""
    added = set(json.loads(line.keys))
    mine = session.exec(select(Identity.key).where(Identity.member_id == line.member_id)).all()
    gone = [key for key in mine if line.did != "created" and move.sign(key) in added]
    session.execute(delete(Identity).where(col(Identity.key).in_(gone)))
    rows = session.exec(
        select(Consent).where(Consent.member_id == line.member_id).order_by(col(Consent.seq))
    ).all()
    last = {(row.purpose, row.channel): row for row in rows}
    for row in last.values():
        if row.way == WAY and row.given and not line.before:
            session.add(Consent(member_id=row.member_id, purpose=row.purpose, channel=row.channel, seq=row.seq + 1,
                                given=False, at=now, version=row.version, language=row.language, text=row.text,
                                way=WAY))  # fmt: skip
    session.flush()
