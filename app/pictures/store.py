"""Pictures by the digest of what they are: kept once, never changed, so a browser may keep them for ever."""

from __future__ import annotations

import hashlib

from sqlmodel import Session, col, select

from app.pictures.decode import Made
from rewards.tables import RewardPicture

SMALL = "-320"


def keep(session: Session, made: list[Made]) -> str:
    """Keep a picture in its sizes; returns its digest, which is what a reward names."""
    large = made[0]
    digest = hashlib.sha256(large.content).hexdigest()[:32]
    for name, one in zip((digest, digest + SMALL), made, strict=True):
        if session.exec(select(RewardPicture.digest).where(RewardPicture.digest == name)).first() is None:
            session.add(RewardPicture(digest=name, width=one.width, height=one.height, content=one.content))
    session.flush()
    return digest


def content_of(session: Session, name: str) -> bytes | None:
    """The WebP of a picture by its name (digest, or digest and `-320`); None when there is none."""
    return session.exec(select(RewardPicture.content).where(col(RewardPicture.digest) == name)).first()
