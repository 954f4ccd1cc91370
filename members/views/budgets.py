"""Budgets that are nearly gone, for staff: what is left, while there is still time to give more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from badges.document import Challenge
from badges.goal_tables import BudgetAlert
from badges.tables import Scarce
from facts.money import Rounding, minor, ratio
from members.budgets import RULE
from members.programme.versions import Version
from rewards.document import PointsPolicy
from rewards.earning import Rule
from rewards.earning.criterion_bonus import CriterionBonus
from rewards.earning.fixed_points import FixedPoints
from rewards.wording import Wording


def budget_alerts(
    session: Session, version: Version, taken: Mapping[str, int], say: Wording, now: datetime
) -> tuple[str, ...]:
    """A sentence for each rule and challenge that runs on a budget of which an alert was recorded.

    `taken` is how much was given, by `rule:<slug>` (in the smallest unit of its wallet) and `challenge:<slug>` (in
    points). Who raises the budget has answered the alert.
    """
    known = {(row.key, row.budget) for row in session.exec(select(BudgetAlert))}
    rules = [
        _of_rule(rule, rule.budget, taken.get(f"{RULE}{rule.slug}", 0), version, say)
        for rule in version.programme.earning
        if rule.budget and (f"{RULE}{rule.slug}", rule.budget) in known and not over(rule, version, now)
    ]
    challenges = [
        _said(
            say.words(one.name),
            one.budget,
            taken.get(f"challenge:{one.slug}", 0),
            _least(one, version),
            version,
            say,
        )
        for one in version.programme.challenges
        if one.budget and (f"challenge:{one.slug}", one.budget) in known
        if not one.retired and (one.closes is None or now < one.closes)
    ]
    return (*rules, *challenges)


def over(rule: Rule, version: Version, now: datetime) -> bool:
    """Whether the season of a rule has ended for good."""
    until = rule.when.until if rule.when else None
    return until is not None and until < now.astimezone(version.zone).date()


def taken_by_rules(session: Session, version: Version) -> dict[str, int]:
    """What rules with a budget have given, by `rule:<slug>`; asked for only where there is such a rule."""
    if all(rule.budget is None for rule in version.rules):
        return {}
    return {
        row.key: row.taken for row in session.exec(select(Scarce).where(col(Scarce.key).startswith(RULE)))
    }


def spent(rule: Rule, taken: Mapping[str, int], version: Version) -> bool:
    """Whether what is left of the budget of a rule cannot pay the least that the rule gives."""
    return rule.budget is not None and rule.budget - taken.get(f"{RULE}{rule.slug}", 0) < _least_of(
        rule, version
    )


def _least_of(rule: Rule, version: Version) -> int:
    """The least that a rule gives: its points, where they are always the same and no cap can make them less."""
    wallet = version.programme.wallets.get(rule.wallet or "")
    policy = wallet.policy(version.digits) if wallet else version.points
    if isinstance(rule, (FixedPoints, CriterionBonus)) and not rule.caps and not policy.caps:
        return rule.points
    return 1


def _named(rule: Rule, say: Wording) -> str:
    return say.words(rule.name) if rule.name else rule.slug


def _least(challenge: Challenge, version: Version) -> int:
    """The smallest prize that a challenge can still give."""
    track = version.achievements.tracks[f"challenge:{challenge.slug}"]
    costs = [track.cost(level) for level in range(1, len(track.goals) + 1)]
    return max(1, min((cost for cost in costs if cost), default=0))


def _of_rule(rule: Rule, budget: int, given: int, version: Version, say: Wording) -> str:
    """What is said of the budget of a rule, in what it gives."""
    name, wallet = _named(rule, say), version.programme.wallets.get(rule.wallet or "")
    if wallet is None:
        return _said(name, budget, given, 1, version, say)
    say, left = say.of(rule.wallet), budget - given
    if left < 1:
        return say.text("“{name}” has stopped: {given} of its budget of {total} are given.",
                        name=name, given=say.points(given), total=say.points(budget))  # fmt: skip
    had, total = say.points(left), say.points(budget)
    money = worth(left, wallet.policy(version.digits), version, say) if wallet.spendable else had
    if money == had:
        return say.text("“{name}” has {left} of its budget of {total} left. Then it stops.",
                        name=name, left=had, total=total)  # fmt: skip
    return say.text("“{name}” has {left} (it pays {money}) of its budget of {total} left. Then it stops.",
                    name=name, left=had, money=money, total=total)  # fmt: skip


def _said(name: str, budget: int, given: int, least: int, version: Version, say: Wording) -> str:
    left = budget - given
    if left < least:
        return say.text("“{name}” has stopped: {given} of the {total} points of its budget are given.",
                        name=name, given=given, total=budget)  # fmt: skip
    return say.language.plural(
        "“{name}” has {n} point ({money}) of its budget of {total} left. Then it stops.",
        "“{name}” has {n} points ({money}) of its budget of {total} left. Then it stops.",
        left, name=name, total=budget, money=worth(left, version.points, version, say),
    )  # fmt: skip


def worth(points: int, policy: PointsPolicy, version: Version, say: Wording) -> str:
    """What so much of a wallet is worth at the checkout, rounded down."""
    value = policy.value
    money = ratio(points * minor(value.money, version.digits), value.points, Rounding.DOWN)
    return say.language.money(money, say.currency)
