"""What is left of rewards that can run out. Whoever takes the last one took it: decided once, in the database.

A stock row is the hottest of all, so it is locked last in a transaction, just before the commit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import case, delete, update
from sqlmodel import Session, col, select

from rewards import pool
from rewards.document import Reward
from rewards.tables import RewardStock


def left(session: Session) -> dict[str, int]:
    """What is left by slug; a reward that is not in it never runs out."""
    return dict(session.exec(select(RewardStock.slug, RewardStock.left)).all())


def left_of(session: Session, slug: str) -> int | None:
    """What is left of one reward, None for as much as anybody wants. Locks nothing."""
    return session.exec(select(RewardStock.left).where(RewardStock.slug == slug)).first()


def add(session: Session, slug: str, count: int) -> int | None:
    """Put so many on top of what is left; returns what is left then, None for a reward without stock."""
    more = update(RewardStock).where(col(RewardStock.slug) == slug)
    done = session.connection().execute(
        more.values(left=RewardStock.left + count).returning(col(RewardStock.left))
    )
    return done.scalar_one_or_none()


def take(session: Session, slug: str) -> bool:
    """Take one. False when none is left. For a reward that has a stock."""
    one_less = update(RewardStock).where(col(RewardStock.slug) == slug, col(RewardStock.left) > 0)
    return session.connection().execute(one_less.values(left=RewardStock.left - 1)).rowcount == 1


def give_back(session: Session, slugs: Mapping[str, int]) -> None:
    """Put back so many of each, in the order of slugs; what has no stock (any more) is passed over."""
    for slug in sorted(slugs):
        more = update(RewardStock).where(col(RewardStock.slug) == slug)
        session.connection().execute(more.values(left=RewardStock.left + slugs[slug]))


def put(session: Session, slug: str, count: int) -> None:
    """Say how many are left, whatever was before."""
    found = update(RewardStock).where(col(RewardStock.slug) == slug).values(left=count)
    if not session.connection().execute(found).rowcount:
        session.add(RewardStock(slug=slug, left=count))
        session.flush()


def follow(session: Session, old: Sequence[Reward], new: Sequence[Reward]) -> None:
    """Let the stock follow a new version of the programme.

    A document says how many there are in all; a change there adds the difference to what is left. Of a reward with
    uploaded codes there are as many as there are codes.
    """
    before, pooled = {one.slug: one.stock for one in old}, {one.slug for one in old if one.pooled}
    for reward in sorted(new, key=lambda reward: reward.slug):
        was = before.get(reward.slug)
        if reward.pooled:
            if reward.slug not in pooled:
                put(session, reward.slug, pool.free(session, reward.slug))
            continue
        if reward.stock == was and reward.slug not in pooled:
            continue
        if reward.stock is None:
            session.connection().execute(delete(RewardStock).where(col(RewardStock.slug) == reward.slug))
        elif was is None:
            put(session, reward.slug, reward.stock)
        else:
            after = col(RewardStock.left) + (reward.stock - was)
            moved = update(RewardStock).where(col(RewardStock.slug) == reward.slug)
            session.connection().execute(moved.values(left=case((after > 0, after), else_=0)))
