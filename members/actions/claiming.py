"""Claiming a draft: who holds its code has an account for it, and what the draft had is theirs.

A draft comes from an import or from the counter, where nobody proved who they are. Its code (80 bits, good once) is
given to the person by the shop: on paper, or at the counter. The database keeps its digest alone.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select, update

from facts.language import N_
from facts.refusals import Refusal
from members import books
from members.actions.merging import merge
from members.audit import audit
from members.roles import MEMBER
from members.tables import Member
from members.views.standing import unknown
from members.way_tables import ClaimCode
from rewards.codes import code_from, meant

LASTS = timedelta(days=90)
DRAFT = "draft"


def make_code(session: Session, member_id: UUID, chance: bytes, actor: str, now: datetime) -> str:
    """A new code for a draft; the one before it is worth nothing any more. `chance` is ten bytes of it."""
    if not books.lock(session, [member_id]):
        raise unknown()
    if session.get_one(Member, member_id, populate_existing=True).status != DRAFT:
        raise Refusal("not_a_draft", N_("This account has its owner: there is nothing to claim."), status=409)
    open_ones = (col(ClaimCode.member_id) == member_id, col(ClaimCode.used_at).is_(None))
    session.execute(update(ClaimCode).where(*open_ones).values(expires_at=now))
    code = code_from(chance)
    session.add(ClaimCode(digest=_digest(code), member_id=member_id, created_at=now, created_by=actor,
                          expires_at=now + LASTS))  # fmt: skip
    audit(session, actor, "claim_code.made", f"member:{member_id}", {}, now)
    return code


def claim(session: Session, member_id: UUID, typed: str, now: datetime) -> None:
    """Take what a draft has over to the account of who typed its code. Every wrong case is the same refusal."""
    signs = meant(typed)
    row = _held(session, signs, now) if signs else None
    if row is None:
        raise Refusal(
            "claim_wrong", N_("This code does not fit, or was used. Look at it once more."), path="code"
        )
    row.used_at = now
    session.add(row)
    session.flush()
    merge(session, row.member_id, member_id, "", f"{MEMBER}:{member_id}", now)


def _held(session: Session, signs: str, now: datetime) -> ClaimCode | None:
    query = select(ClaimCode).where(
        ClaimCode.digest == _digest(signs), col(ClaimCode.used_at).is_(None), ClaimCode.expires_at > now
    )
    row = session.exec(query.with_for_update()).first()
    draft = session.get(Member, row.member_id) if row else None
    return row if draft and draft.status == DRAFT else None


def _digest(code: str) -> bytes:
    """A plain digest: 80 bits of chance cannot be guessed from it."""
    return hashlib.sha256(b"claim." + (meant(code) or code).encode()).digest()
