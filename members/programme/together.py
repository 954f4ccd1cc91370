"""What goals, and offers for friends, say about the rest of the programme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from badges.goals import Goal
from facts.money import minor
from facts.refusals import Refusal
from facts.said import Said
from members.programme.problems import FOR_POINTS, Loc, Problem, did_you_mean, no_amount
from rewards.document import Reward
from rewards.referrals import Offer


def goal_problems(
    goals: Sequence[Goal], badges: Sequence[str], tiers: Sequence[str], digits: int, currency: str
) -> Iterator[Problem]:
    """Tiers and badges that do not exist, and figures finer than what they count."""
    for i, goal in enumerate(goals):
        loc: Loc = ("goals", i)
        for j, slug in enumerate(goal.tiers):
            if slug not in tiers:
                near = did_you_mean(slug, tiers) or Said("the tiers are: {known}", known=", ".join(tiers))
                yield Problem.at((*loc, "tiers", j), Said("there is no tier “{slug}”", slug=slug), near)
        if goal.prize.badge and goal.prize.badge not in badges:
            near = did_you_mean(goal.prize.badge, badges) or Said("name one of the badges")
            yield Problem.at(
                (*loc, "prize", "badge"), Said("there is no badge “{slug}”", slug=goal.prize.badge), near
            )
        decimals = goal.criterion.decimals
        figures: list[tuple[Loc, str]] = [((*loc, "target"), goal.target)]
        figures.append(((*loc, "criterion", "at_least"), goal.criterion.target))
        for where, text in figures:
            try:
                minor(text, digits if decimals is None else decimals)
            except Refusal as refusal:
                yield no_amount(where, refusal, currency if decimals is None else "", digits)


def offer_rewards(offers: Sequence[Offer], rewards: Sequence[Reward]) -> Iterator[Problem]:
    """Rewards for friends that do not exist, or of which there may be none left by then."""
    known = {reward.slug: reward for reward in rewards}
    for i, offer in enumerate(offers):
        for side in ("sharer", "friend"):
            share = offer.share(side)
            at: Loc = ("referrals", "offers", i, side, "reward")
            if share is None or not share.reward:
                continue
            if share.reward not in known:
                near = did_you_mean(share.reward, list(known)) or Said("name one of the rewards")
                yield Problem.at(at, Said("there is no reward “{slug}”", slug=share.reward), near)
            elif not known[share.reward].what.won:
                kind = known[share.reward].kind
                yield Problem.at(at, Said(FOR_POINTS, slug=share.reward, kind=kind),
                                 Said("name a reward of another kind"))  # fmt: skip
            elif known[share.reward].can_run_out:
                said = Said(
                    "“{slug}” has a stock, and whoever is due it could come too late", slug=share.reward
                )
                remedy = Said("name a reward without stock, and limit the offer with per_member")
                yield Problem.at(at, said, remedy)
