"""Whom one may enter as in the demo: a new member, a middling one, and one of the top tier.

They are chosen once, after the import, and kept as identities (`demo:new` …), so that the printed links go on
leading to the same people while their points change.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from members.tables import Identity, Standing

NAMES = ("new", "middling", "top")


def choose(session: Session, now: datetime) -> dict[str, UUID]:
    """The demo's people by name, chosen now when they were not yet; empty while nobody has points."""
    known = chosen(session)
    if len(known) == len(NAMES):
        return known
    have_points = select(Standing.member_id).where(Standing.balance > 0, Standing.debt == 0)
    climbing = list(session.exec(have_points.order_by(col(Standing.tier_progress), col(Standing.member_id))))
    if not climbing:
        return {}
    places = {"new": 0, "middling": len(climbing) // 2, "top": len(climbing) - 1}
    for name, place in places.items():
        if name not in known:
            known[name] = climbing[place]
            session.add(Identity(key=f"demo:{name}", member_id=climbing[place], since=now))
    return known


def chosen(session: Session) -> dict[str, UUID]:
    """The demo's people by name, as far as they were chosen."""
    keys = [f"demo:{name}" for name in NAMES]
    rows = session.exec(select(Identity.key, Identity.member_id).where(col(Identity.key).in_(keys)))
    return {key.removeprefix("demo:"): member_id for key, member_id in rows}
