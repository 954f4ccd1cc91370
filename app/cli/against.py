"""A backup as a witness: what it knew to be the end of each chain has still to be in the chain.

So a tail is missed even when whoever cut it off rewrote the standing, too.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from app.cli.snapshots import BackupBroken, rows_of
from members.chain import genesis
from members.tables import Audit
from rewards.tables import Entry

STRETCH = 500
SHOWN_MAX = 20


def not_any_more(session: Session, file: Path) -> list[str]:
    """A sentence for each chain (at most twenty) that no longer has what the backup knew as its end."""
    try:
        with zipfile.ZipFile(file) as archive:
            said = list(islice(_ledger(session, rows_of(archive, "standing")), SHOWN_MAX))
            return [*said, *_audit(session, rows_of(archive, "audit_head"))]
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise BackupBroken(f"{file.name} is not a whole backup: {error}.") from None


def _ledger(session: Session, rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    while stretch := list(islice(rows, STRETCH)):
        ends: dict[tuple[UUID, int], bytes] = {
            (row["member_id"], row["seq"]): row["head"]
            for row in stretch
            if row["head"] != genesis(row["member_id"])
        }
        place = tuple_(col(Entry.member_id), col(Entry.seq))
        query = select(Entry.member_id, Entry.seq, Entry.hash).where(place.in_(list(ends)))
        found = {(member, seq): bytes(hash_) for member, seq, hash_ in session.exec(query)}
        for (member, seq), head in ends.items():
            if found.get((member, seq)) != head:
                yield f"member {member}, entry {seq}: the backup has it, and it is not what it was, or gone"


def _audit(session: Session, rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    for head in rows:
        row = session.get(Audit, head["seq"])
        if row is None or row.hash != head["hash"]:
            yield f"audit {head['seq']}: the backup has it, and it is not what it was, or gone"
