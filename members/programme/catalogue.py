"""What rewards say that cannot be so. Nobody can publish it; a version that was stored with it is read all the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from facts.said import Said
from members.programme.problems import Loc, Problem
from rewards.document import Reward


def reward_problems(rewards: Sequence[Reward]) -> Iterator[Problem]:
    """Rewards that end before they begin, and those that cost nothing, and yet something for some tiers."""
    for i, reward in enumerate(rewards):
        place: Loc = ("rewards", i)
        start = max((at for at in (reward.visible_from, reward.claimable_from) if at), default=None)
        if reward.until and start and start >= reward.until:
            yield Problem.at((*place, "until"), Said("it ends before it begins"),
                             Said("choose a moment after {moment}", moment=start.isoformat()))  # fmt: skip
        if reward.prices and not reward.price:
            yield Problem.at((*place, "prices"), Said("this does not fit"),
                             Said("what costs nothing costs nobody anything: leave prices out"))  # fmt: skip
