"""Which accounts became part of others, in however many steps."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session, col, select, true

from members.own_tables import STEPS_MAX, Merge


def parts(session: Session, members: Iterable[UUID], *, ever: bool = False) -> list[UUID]:
    """The accounts that are part of these, or `ever` were, the nearest first; a statement for each step."""
    stands = true() if ever else col(Merge.undone_at).is_(None)
    found: list[UUID] = []
    level = list(members)
    for _ in range(STEPS_MAX):
        query = select(Merge.member_id).where(col(Merge.into_id).in_(level), stands)
        level = [part for part in dict.fromkeys(session.exec(query)) if part not in found]
        if not level:
            break
        found += level
    return found
