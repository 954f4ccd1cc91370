"""Signs of members: keyed hashes of what was seen of them, kept for a while. No value is, and none can be read back.

The doors hash what comes in (`digest`, `hidden`); what an order said of itself goes from its fact into the signs
(`gather`) before the fact is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import Session, col, select, update

from facts.events import ORDER_TYPES, Fact
from members import sets
from members.referral_tables import AGAIN, Brought
from members.suspicion_tables import OPEN, Sign, Suspicion
from rewards.suspicions import plain, plain_email

OF_ORDERS = ("address", "payment")
HOLDERS_MAX = 100
MARK = "hmac:"
_HIDDEN = re.compile(r"hmac:[0-9a-f]{64}\Z")
_KEEP = (
    "ON CONFLICT (kind, digest, member_id) DO UPDATE SET "
    "first_at = CASE WHEN excluded.first_at < sign.first_at THEN excluded.first_at ELSE sign.first_at END, "
    "seen_at = CASE WHEN excluded.seen_at > sign.seen_at THEN excluded.seen_at ELSE sign.seen_at END"
)

Signs = tuple[tuple[str, str], ...]
"""Kind and digest of each."""
Seen = tuple[UUID, str, str, datetime]


def digest(kind: str, value: str, secret: bytes) -> str:
    """The keyed hash of a value; the same for spellings that mean the same."""
    same = plain_email(value) if kind == "email" else plain(value) if kind == "address" else value.strip()
    words = f"sign\x00{kind}\x00{same}".encode("utf-8", "surrogatepass")
    return hmac.new(secret, words, hashlib.sha256).hexdigest()


def tells(fact: Fact) -> bool:
    """Whether a fact says where an order goes, or how it is paid for."""
    return fact.type in ORDER_TYPES and any(name in fact.data for name in OF_ORDERS)


def hidden(fact: Fact, secret: Callable[[], bytes]) -> Fact:
    """An order as it may come in: its address and means of payment hashed, whatever they were."""
    key = secret()
    said = {name: MARK + digest(name, fact.data[name], key) for name in OF_ORDERS if name in fact.data}
    return replace(fact, data=fact.data | said)


def gather(member_id: UUID, fact: Fact) -> tuple[Fact, list[Seen]]:
    """An order as it is kept, and the signs that came with it. What nobody has hashed is dropped."""
    if not tells(fact):
        return fact, []
    found = [
        (member_id, name, fact.data[name].removeprefix(MARK), fact.occurred_at)
        for name in OF_ORDERS
        if _HIDDEN.match(fact.data.get(name, ""))
    ]
    return replace(fact, data={key: one for key, one in fact.data.items() if key not in OF_ORDERS}), found


def keep(session: Session, seen: Iterable[Seen]) -> None:
    """Keep signs. Friends who have one that is new to somebody are looked at again."""
    first: dict[tuple[str, str, UUID], list[datetime]] = {}
    for member_id, kind, value, at in seen:
        first.setdefault((kind, value, member_id), []).append(at)
    if not first:
        return
    rows = [(*key, min(times), max(times)) for key, times in sorted(first.items())]
    key = tuple_(col(Sign.kind), col(Sign.digest), col(Sign.member_id))
    query = select(Sign.kind, Sign.digest, Sign.member_id, Sign.first_at).where(key.in_(first))
    known = {(kind, value, who): since for kind, value, who, since in session.exec(query)}
    new = [row[:2] for row in rows if row[:3] not in known or row[3] < known[row[:3]]]
    sets.insert(session, Sign, ("kind", "digest", "member_id", "first_at", "seen_at"), rows, _KEEP)
    if new:
        _look_again(session, new)


def saw(session: Session, member_id: UUID, signs: Signs, now: datetime) -> None:
    """Keep what was seen of a member just now."""
    keep(session, [(member_id, kind, value, now) for kind, value in signs])


def _look_again(session: Session, new: Sequence[tuple[str, str]]) -> None:
    """Whoever has one of these signs and was brought is looked at again; who waits for staff is looked at by them."""
    key = tuple_(col(Sign.kind), col(Sign.digest)).in_(new)
    having = select(Sign.member_id).where(key).order_by(col(Sign.seen_at).desc()).limit(HOLDERS_MAX)
    theirs = col(Brought.member_id).in_(sorted(set(session.exec(having))))
    mine = (col(Suspicion.member_id) == col(Brought.sharer_id)) & (
        col(Suspicion.referral_id) == col(Brought.referral_id)
    )
    waits = select(Suspicion.status).where(mine, Suspicion.status == OPEN)
    session.execute(update(Brought).where(theirs, ~waits.exists()).values(seen_until=AGAIN))


__all__ = ["HOLDERS_MAX", "OF_ORDERS", "Seen", "Signs", "digest", "gather", "hidden", "keep", "saw", "tells"]
