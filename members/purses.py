"""What an account has in its wallets beside points, and what that weighs in points: for limits said in points."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from facts.money import Rounding, minor, ratio
from members.programme.versions import versions
from members.tables import Standing
from rewards.terms import Terms
from rewards.wallets import Wallet


def purses(session: Session, member_id: UUID) -> dict[str, int]:
    """What is in each wallet, in its smallest unit; below zero what is owed. Empty ones are left out."""
    state = session.exec(select(Standing.state).where(Standing.member_id == member_id)).first()
    return remembered(state or "{}")


def remembered(state: str) -> dict[str, int]:
    """The same from what the engine remembers of the account."""
    kept: dict[str, list[int]] = json.loads(state).get("wallets", {})
    return {slug: one[0] for slug, one in sorted(kept.items()) if one[0]}


def in_points(session: Session, member_id: UUID, now: datetime) -> int:
    """The points that would pay as much as the wallets that can be spent; a part of a point counts as a whole one.

    What is owed weighs as much as what is had: who is rid of it has gained it. A wallet that the programme has no
    more counts as it was, since it may come back.
    """
    line = versions(session)
    known = {slug: one for version in line.versions for slug, one in version.wallets.items()}
    known.update(line.at(now).wallets)
    found = 0
    for slug, amount in purses(session, member_id).items():
        if slug in known and known[slug].spendable:
            found += weight(known[slug], amount, line.at(now))
    return found


def weight(wallet: Wallet, amount: int, terms: Terms) -> int:
    """The points that weigh as much as `amount` of a wallet, in its smallest unit: those that would pay as much.

    A part of a point counts as a whole one. A step of experience, which pays nothing, weighs as much as a point.
    """
    if not wallet.spendable:
        return abs(amount)
    units, points = _rate(wallet, terms)
    return ratio(abs(amount) * points, units, Rounding.UP)


def most(wallet: Wallet, points: int, terms: Terms) -> int:
    """The largest amount of a wallet, in its smallest unit, that weighs no more than `points`."""
    if not wallet.spendable:
        return points
    units, per = _rate(wallet, terms)
    return points * units // per


def _rate(wallet: Wallet, terms: Terms) -> tuple[int, int]:
    """How many units of a wallet that is spent pay as much as how many points."""
    digits, value = terms.digits, terms.points.value
    pays = wallet.policy(digits).value
    paid = max(1, minor(pays.money, digits))  # what pays nothing weighs as if it paid the least there is
    return pays.points * max(1, minor(value.money, digits)), paid * value.points
