"""What was reached is told once: the first page that asks may say it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from badges.tables import Player
from members import books
from members.news import untold


def tell_once(session: Session, member_id: UUID, held: Sequence[str]) -> frozenset[str]:
    """Remember that the member is told of all that is `held`; returns what of it they had not been told of.

    Under their lock, so that of two pages that arrive together one says it.
    """
    if not books.lock(session, [member_id]):
        return frozenset()
    row = session.get(Player, member_id, populate_existing=True) or Player(member_id=member_id)
    new, row.told = untold(row.told, held), " ".join(held)
    session.add(row)
    return new
