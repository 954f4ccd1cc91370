"""The catalogue as other programs read it."""

from __future__ import annotations

from pydantic import BaseModel
from sqlmodel import Session, select

from app.api.operations import Call
from app.api.shapes import CatalogueAnswer, RewardAnswer
from members.programme.versions import in_force
from rewards.document import Reward
from rewards.tables import RewardStock


async def get_catalogue(call: Call) -> BaseModel:
    """What is visible now, in the order of the programme."""
    return await call.read(_catalogue, call)


def _catalogue(session: Session, call: Call) -> CatalogueAnswer:
    version = in_force(session, call.now)
    left = dict(session.exec(select(RewardStock.slug, RewardStock.left)).all())
    shown = [reward for reward in version.programme.rewards if reward.visible(call.now)]
    return CatalogueAnswer(
        version=version.number, rewards=[_reward(reward, left.get(reward.slug)) for reward in shown]
    )


def _reward(reward: Reward, left: int | None) -> RewardAnswer:
    return RewardAnswer(
        slug=reward.slug,
        kind=reward.kind,
        name=reward.name,
        description=reward.description,
        price=reward.price,
        prices=reward.prices,
        value=reward.value,
        sku=reward.sku,
        tiers=reward.tiers,
        claimable_from=reward.claimable_from,
        until=reward.until,
        left=reward.stock if left is None else left,
    )
