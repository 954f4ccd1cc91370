"""The hash chain of a ledger: each entry's hash covers the one before it and every field of its own.

SHA-256 over the fields' text with a separator that no field can hold. The head is kept in the standing, so
an edited row and a cut-off tail are both found.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

SEPARATOR = "\x1f"

FIELDS = (
    "seq", "wallet", "kind", "amount", "at", "recorded_at", "active_from", "expires_at", "cause", "rule", "version",
    "trigger", "why",
)  # fmt: skip
"""What a hash covers, in this order; the member is in the genesis."""


def genesis(member_id: UUID) -> bytes:
    """The head of an empty ledger."""
    return hashlib.sha256(member_id.bytes).digest()


def link(head: bytes, fields: tuple[object, ...]) -> bytes:
    """The hash of an entry with these `FIELDS`, after `head`."""
    text = SEPARATOR.join(map(_text, fields))
    return hashlib.sha256(head + text.encode()).digest()


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)
