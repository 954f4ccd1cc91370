"""The catalogue as other programs read it."""

from __future__ import annotations

from pydantic import BaseModel
from sqlmodel import Session, select

from app.api.operations import Call
from app.api.shapes import CatalogueAnswer, LimitAnswer, OccasionAnswer, PotAnswer, RewardAnswer
from facts.money import decimal_text
from members.programme.versions import Version, in_force
from rewards.document import Reward
from rewards.pots import EMPTY, Pot, pots
from rewards.tables import RewardStock


async def get_catalogue(call: Call) -> BaseModel:
    """What is visible now, in the order of the programme."""
    return await call.read(_catalogue, call)


def _catalogue(session: Session, call: Call) -> CatalogueAnswer:
    version = in_force(session, call.now)
    left = dict(session.exec(select(RewardStock.slug, RewardStock.left)).all())
    given = pots(session, version.programme.rewards)
    shown = [reward for reward in version.programme.rewards if reward.visible(call.now)]
    return CatalogueAnswer(
        version=version.number,
        rewards=[
            _reward(reward, left.get(reward.slug), given.get(reward.slug, EMPTY), version) for reward in shown
        ],
    )


def _reward(reward: Reward, left: int | None, pot: Pot, version: Version) -> RewardAnswer:
    limit, given = reward.per_period, reward.occasion
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
        terms=reward.terms,
        access=reward.access,
        access_until=reward.access_until,
        link=reward.link,
        per_member=reward.per_member,
        per_period=LimitAnswer(per=limit.per, most=limit.most, tiers=limit.tiers) if limit else None,
        occasion=OccasionAnswer(on=given.on, days=given.days, choice=given.choice) if given else None,
        points=reward.points,
        pot=_pot(pot, version) if reward.what.potted else None,
    )


def _pot(pot: Pot, version: Version) -> PotAnswer:
    return PotAnswer(gifts=pot.gifts, points=pot.points, money=decimal_text(pot.amount, version.digits))
