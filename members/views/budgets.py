"""Budgets that are nearly gone, for staff: what is left, while there is still time to give more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, select

from badges.document import Challenge
from badges.goal_tables import BudgetAlert
from badges.tracks import Track
from members.programme.versions import Version
from rewards.wording import Wording


def budget_alerts(
    session: Session, version: Version, taken: Mapping[str, int], say: Wording, now: datetime
) -> tuple[str, ...]:
    """A sentence for each challenge that runs on a budget of which an alert was recorded.

    `taken` is how many points were given, by `challenge:<slug>`. Who raises the budget has answered the alert.
    """
    known = {(row.key, row.budget) for row in session.exec(select(BudgetAlert))}
    return tuple(
        _said(challenge, version.achievements.tracks[f"challenge:{challenge.slug}"], taken, say)
        for challenge in version.programme.challenges
        if challenge.budget and (f"challenge:{challenge.slug}", challenge.budget) in known
        if not challenge.retired and (challenge.closes is None or now < challenge.closes)
    )


def _said(challenge: Challenge, track: Track, taken: Mapping[str, int], say: Wording) -> str:
    assert challenge.budget
    given = taken.get(track.key, 0)
    name, left = say.words(challenge.name), challenge.budget - given
    costs = [track.cost(level) for level in range(1, len(track.goals) + 1)]
    least = min((cost for cost in costs if cost), default=0)
    if left < max(1, least):
        return say.text("“{name}” has stopped: {given} of the {total} points of its budget are given.",
                        name=name, given=given, total=challenge.budget)  # fmt: skip
    return say.language.plural(
        "“{name}” has {n} point of its budget of {total} left. Then it stops.",
        "“{name}” has {n} points of its budget of {total} left. Then it stops.",
        left, name=name, total=challenge.budget,
    )  # fmt: skip
