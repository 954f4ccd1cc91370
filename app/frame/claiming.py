"""Claiming a draft from a page: nobody may try many codes."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app import limits
from facts.ids import MemberId
from members.actions.claiming import claim


def claim_slowly(session: Session, member_id: MemberId, code: str, now: datetime) -> None:
    """Claim what a code stands for; refuses too many tries, right or wrong."""
    limits.spend("claim", str(member_id))
    claim(session, member_id, code, now)
