"""What a merge keeps for its undoing: addresses, browsers, ways in, codes that wait. Without a way back they go.

What else is in `Merge.detail` stays: the points that went over number the facts of what comes later.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, or_, select

from members.own_tables import Merge

UNDO_DAYS = 30
NAMED = ("keys", "since", "logins", "passkeys", "devices", "devices_since", "codes")


def forget_those_of(session: Session, member_id: UUID) -> None:
    """Of all merges of an account, on either side; what staff wrote of them goes too."""
    _forget(session, or_(col(Merge.member_id) == member_id, col(Merge.into_id) == member_id))


def forget_final(session: Session, now: datetime) -> int:
    """Of merges that cannot be undone any more; returns how many there were."""
    named = or_(*(col(Merge.detail).contains(f'"{name}":') for name in NAMED))
    old = col(Merge.at) < now - timedelta(days=UNDO_DAYS)
    return _forget(session, old, named, keep_reason=True)


def _forget(session: Session, *which: Any, keep_reason: bool = False) -> int:
    rows = session.exec(
        select(Merge).where(*which).with_for_update().execution_options(populate_existing=True)
    ).all()
    for row in rows:
        kept = {name: said for name, said in json.loads(row.detail).items() if name not in NAMED}
        row.detail = json.dumps(kept, separators=(",", ":"))
        row.reason = row.reason if keep_reason else ""
        session.add(row)
    session.flush()
    return len(rows)
