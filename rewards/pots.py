"""Pots: what the donations of all members came to together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from rewards.document import Reward
from rewards.pool_tables import RewardPot

PARTS = 16
_ADD = text(
    "INSERT INTO reward_pot (slug, part, gifts, points, amount) VALUES (:slug, :part, 1, :points, :amount) "
    "ON CONFLICT (slug, part) DO UPDATE SET gifts = reward_pot.gifts + 1, "
    "points = reward_pot.points + excluded.points, amount = reward_pot.amount + excluded.amount"
)


@dataclass(frozen=True, slots=True)
class Pot:
    """So many gifts, of so many points; `amount` is the shop's money for them, in minor units."""

    gifts: int = 0
    points: int = 0
    amount: int = 0


EMPTY = Pot()


def give(session: Session, slug: str, member_id: UUID, points: int, amount: int) -> None:
    """Put one gift into a pot. A row that others write too: lock it late in a transaction."""
    said = {"slug": slug, "part": member_id.int % PARTS, "points": points, "amount": amount}
    session.connection().execute(_ADD, said)


def pots(session: Session, rewards: Iterable[Reward]) -> dict[str, Pot]:
    """The pots of those of the rewards that are donations; asks nothing when there is none."""
    slugs = [reward.slug for reward in rewards if reward.what.potted]
    if not slugs:
        return {}
    sums = (func.sum(RewardPot.gifts), func.sum(RewardPot.points), func.sum(RewardPot.amount))
    query = select(RewardPot.slug, *sums).where(col(RewardPot.slug).in_(slugs)).group_by(RewardPot.slug)
    return {
        slug: Pot(int(gifts), int(points), int(amount)) for slug, gifts, points, amount in session.exec(query)
    }
