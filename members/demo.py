"""Whom one may enter as in the demo: a new member (who came last), a middling one, and one of the top tier.

They are chosen once, after the import, and kept as identities (`demo:new` …), so that the printed links go on
leading to the same people while their points change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from badges.tables import Player
from facts.language import SOURCE
from facts.refusals import Refusal
from members.actions.boards import enter
from members.aliases import suggested
from members.tables import FactRow, Identity, Standing

NAMES = ("new", "middling", "top")


def choose(session: Session, now: datetime) -> dict[str, UUID]:
    """The demo's people by name, chosen now when they were not yet; empty while nobody has points."""
    known = chosen(session)
    if len(known) == len(NAMES):
        return known
    have_points = (Standing.balance > 0, Standing.debt == 0)
    climbing = list(
        session.exec(
            select(Standing)
            .where(*have_points)
            .order_by(col(Standing.tier_progress), col(Standing.member_id))
        )
    )
    if not climbing:
        return {}
    middling, top = climbing[len(climbing) // 2], climbing[-1]
    places = {"new": _newest(session, climbing[: len(climbing) // 2]) or climbing[0].member_id,
              "middling": middling.member_id, "top": top.member_id}  # fmt: skip
    for name, member_id in places.items():
        if name not in known:
            known[name] = member_id
            session.add(Identity(key=f"demo:{name}", member_id=member_id, since=now))
    return known


def _newest(session: Session, lower: Sequence[Standing]) -> UUID | None:
    """Of these, in order of their progress, the one on the first tier whose first shopping is the latest."""
    begun = [one.member_id for one in lower if one.tier == lower[0].tier]
    first = func.min(FactRow.occurred_at)
    query = (
        select(FactRow.member_id)
        .where(col(FactRow.member_id).in_(begun))
        .group_by(col(FactRow.member_id))
        .order_by(first.desc(), col(FactRow.member_id))
    )
    return session.exec(query.limit(1)).first()


def chosen(session: Session) -> dict[str, UUID]:
    """The demo's people by name, as far as they were chosen."""
    keys = [f"demo:{name}" for name in NAMES]
    rows = session.exec(select(Identity.key, Identity.member_id).where(col(Identity.key).in_(keys)))
    return {key.removeprefix("demo:"): member_id for key, member_id in rows}


def opt_in(session: Session, now: datetime) -> int:
    """Two of three stand on the boards, each under an alias that was free; returns how many. Once, and never again."""
    if session.exec(select(Player.member_id).where(Player.alias != "").limit(1)).first():
        return 0
    listed = 0
    for member_id in session.exec(select(Standing.member_id).order_by(col(Standing.member_id))).all():
        chance = hashlib.sha256(member_id.bytes).digest()
        if chance[0] % 3 == 0:
            continue
        for alias in suggested(SOURCE, chance[1:]):
            try:
                enter(session, member_id, alias, now)
                listed += 1
                break
            except Refusal:
                continue
    return listed
