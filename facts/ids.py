"""Ids: what a member is called inside, and how a new id is made from a time and given randomness."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import NewType
from uuid import UUID

MemberId = NewType("MemberId", UUID)
Points = NewType("Points", int)


def id_from(now: datetime, chance: bytes) -> UUID:
    """A UUIDv7 (RFC 9562 §5.7) of the millisecond of `now` and ten bytes of `chance`."""
    if len(chance) != 10:
        raise ValueError("a UUIDv7 takes ten bytes of chance")
    millis = int(now.timestamp() * 1000)
    value = millis << 80 | int.from_bytes(chance, "big")
    value &= ~(0xF << 76) & ~(0x3 << 62)
    return UUID(int=value | 0x7 << 76 | 0x2 << 62)


def id_for(now: datetime, *parts: str) -> UUID:
    """A UUIDv7 whose chance is the digest of `parts`: the same words at the same time give the same id."""
    return id_from(now, hashlib.sha256("\x1f".join(parts).encode()).digest()[:10])
