"""What goals, and offers for friends, say about the rest of the programme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from badges.goals import Goal
from facts.money import minor
from facts.refusals import Refusal
from members.programme.problems import Loc, Problem, did_you_mean
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
                near = did_you_mean(slug, tiers) or f"the tiers are: {', '.join(tiers)}"
                yield Problem.at((*loc, "tiers", j), f"there is no tier “{slug}”", near)
        if goal.prize.badge and goal.prize.badge not in badges:
            near = did_you_mean(goal.prize.badge, badges) or "name one of the badges"
            yield Problem.at((*loc, "prize", "badge"), f"there is no badge “{goal.prize.badge}”", near)
        decimals = goal.criterion.decimals
        figures: list[tuple[Loc, str]] = [((*loc, "target"), goal.target)]
        figures.append(((*loc, "criterion", "at_least"), goal.criterion.target))
        for where, text in figures:
            try:
                minor(text, digits if decimals is None else decimals)
            except Refusal as refusal:
                remedy = f"{currency} has {digits} decimals" if decimals is None else "write a whole number"
                yield Problem.at(where, refusal.sentence().rstrip("."), remedy)


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
                near = did_you_mean(share.reward, list(known)) or "name one of the rewards"
                yield Problem.at(at, f"there is no reward “{share.reward}”", near)
            elif not known[share.reward].what.won:
                kind = known[share.reward].kind
                yield Problem.at(at, f"“{share.reward}” is a {kind}, and that is only had for points",
                                 "name a reward of another kind")  # fmt: skip
            elif known[share.reward].can_run_out:
                yield Problem.at(at, f"“{share.reward}” has a stock, and whoever is due it could come too late",
                                 "name a reward without stock, and limit the offer with per_member")  # fmt: skip
