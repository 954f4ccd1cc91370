"""Effects: what the engine says should stand, as plain values; `members.posting` makes rows of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Posting:
    """An entry as it should stand: `cause` is unique in a member's ledger, `amount` in the units of its `wallet`."""

    cause: str
    kind: str
    amount: int
    at: datetime
    active_from: datetime | None
    expires_at: datetime | None
    rule: str
    version: int
    why: str
    wallet: str = "points"


@dataclass(slots=True)
class TierMove:
    """A change of tier: from `before` to `tier`, because it was reached or its time was over."""

    at: datetime
    tier: str
    before: str
    reason: str
