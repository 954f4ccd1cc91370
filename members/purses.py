"""What an account has in its wallets beside points, and what that is in points: for limits that are said in points."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from facts.money import Rounding, minor, ratio
from members.programme.versions import versions
from members.tables import Standing


def purses(session: Session, member_id: UUID) -> dict[str, int]:
    """What is in each wallet, in its smallest unit; below zero what is owed. Empty ones are left out."""
    state = session.exec(select(Standing.state).where(Standing.member_id == member_id)).one()
    kept: dict[str, list[int]] = json.loads(state).get("wallets", {})
    return {slug: one[0] for slug, one in sorted(kept.items()) if one[0]}


def in_points(session: Session, member_id: UUID, now: datetime) -> int:
    """The points that would pay as much as the wallets that can be spent; a part of a point counts as a whole one.

    What is owed weighs as much as what is had: who is rid of it has gained it. A wallet that the programme has no
    more counts as it was, since it may come back.
    """
    line = versions(session)
    digits, value = line.at(now).digits, line.at(now).points.value
    known = {slug: one for version in line.versions for slug, one in version.wallets.items()}
    known.update(line.at(now).wallets)
    found = 0
    for slug, amount in purses(session, member_id).items():
        if slug in known and known[slug].spendable:
            pays = known[slug].policy(digits).value
            money = abs(amount) * minor(pays.money, digits)
            found += ratio(
                money * value.points, pays.points * max(1, minor(value.money, digits)), Rounding.UP
            )
    return found
