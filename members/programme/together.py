"""What goals say about the rest of the programme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from badges.goals import Goal
from facts.money import minor
from facts.refusals import Refusal
from members.programme.problems import Loc, Problem, did_you_mean


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
