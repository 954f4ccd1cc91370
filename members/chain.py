"""The hash chain of a ledger: each entry's hash covers the one before it and every field of its own.

SHA-256 over the fields' text with a separator that no field can hold. The head is kept in the standing, so
an edited row and a cut-off tail are both found. Words that somebody wrote enter as a salted digest (`sealed`): when
they are forgotten, with their salt, the chain is whole and the words cannot be guessed from it.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

SEPARATOR = "\x1f"

FIELDS = (
    "seq", "wallet", "kind", "amount", "at", "recorded_at", "active_from", "expires_at", "cause", "rule", "version",
    "trigger", "why",
)  # fmt: skip
"""What a hash covers, in this order; the member is in the genesis."""
_SALTED = '"salt":'  # only a why with words has it: within a text of JSON its quotes are escaped


def genesis(member_id: UUID) -> bytes:
    """The head of an empty ledger."""
    return hashlib.sha256(member_id.bytes).digest()


def link(head: bytes, fields: tuple[object, ...]) -> bytes:
    """The hash of an entry with these `FIELDS`, after `head`."""
    why = fields[-1]
    if type(why) is str and _SALTED in why:
        fields = (*fields[:-1], sealed(why))
    text = SEPARATOR.join([value if type(value) is str else _text(value) for value in fields])
    return hashlib.sha256(head + text.encode()).digest()


def sealed(why: str) -> str:
    """A why as the chain covers it, and as it is kept when its words are forgotten: `said` in place of `reason`."""
    return json.dumps(json.loads(why, object_hook=_sealed), separators=(",", ":"), ensure_ascii=False)


def _sealed(one: dict[str, Any]) -> dict[str, Any]:
    if "salt" not in one or "reason" not in one:
        return one
    said = hashlib.sha256(
        f"{one['salt']}{SEPARATOR}{one['reason']}".encode("utf-8", "surrogatepass")
    ).hexdigest()
    return {name: value for name, value in one.items() if name not in ("salt", "reason")} | {"said": said}


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return moment_text(value)
    return "" if value is None else str(value)


def moment_text(moment: datetime) -> str:
    """A moment as it is hashed: UTC, to the microsecond, `2026-11-22 12:00:00.000000` (and as SQLite keeps it)."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat(" ", "microseconds")[:26]
