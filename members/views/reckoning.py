"""What an order of just now would earn, tier by tier: the calculator of the rules page asks the engine's own rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session

from facts.history import Event
from facts.language import Language
from facts.money import minor
from facts.orders import QUANTITY_DIGITS, Order, OrderLine
from facts.refusals import Refusal
from members.programme.versions import Version, in_force
from members.reckoned_cards import ReckonedCard, SumCard
from members.views.budgets import worth
from members.views.paying import could_pay
from members.views.rules import departments
from members.views.saying import wording
from members.views.wallets import of_orders
from rewards.document import Level, PointsPolicy
from rewards.earning import Case, Rule
from rewards.earning.criterion_bonus import CriterionBonus
from rewards.lots import POINTS
from rewards.wording import Wording

AMOUNT = re.compile(r"\d{1,7}(?:[.,]\d{1,3})?")


def reckon(
    session: Session, now: datetime, language: Language, amount: str, department: str = ""
) -> tuple[ReckonedCard, ...]:
    """What an order of `amount` (in one department) would earn, tier by tier, by the rules in force."""
    version = in_force(session, now)
    say = wording(version, language)
    typed = amount.strip().translate(_LATIN)
    if not AMOUNT.fullmatch(typed):
        raise Refusal("amount_malformed", "Write an amount such as {example}.", example=say.money(6250))
    spent = minor(str(Decimal(typed.replace(",", "."))), version.digits)
    path = tuple(department.split(" > ")) if department in departments(version) else ()
    return tuple(_reckoned(level, spent, path, version, say, now) for level in version.programme.tiers.levels)


def said_once(found: Sequence[ReckonedCard]) -> tuple[tuple[ReckonedCard, ...], str]:
    """What points could pay is said once where it is the same for all tiers, else with each."""
    told = {one.could_pay for one in found}
    if len(told) != 1:
        return tuple(found), ""
    return tuple(replace(one, could_pay="") for one in found), told.pop()


_LATIN = str.maketrans("٠١٢٣٤٥٦٧٨٩٫", "0123456789.")


def _reckoned(
    level: Level, spent: int, path: tuple[str, ...], version: Version, say: Wording, now: datetime
) -> ReckonedCard:
    """An order of just now, of somebody of whom nothing else is known."""
    line = OrderLine("1", ("", path, "", ()), 10**QUANTITY_DIGITS, spent)
    order = Order("calculator", version.programme.currency, [line])
    case = Case.of("order.paid", {}, order, level.slug, level.multiplier)
    case.event, case.zone, case.digits = (
        Event((now, "", ""), "order.paid", {}, order),
        version.zone,
        version.digits,
    )
    given = dict.fromkeys(of_orders(version), 0)
    for rule in version.rules:
        if isinstance(rule, CriterionBonus) or not rule.wants(case):
            continue
        grant = rule.apply(case)
        if grant:
            given[rule.wallet or POINTS] += _at_most(grant.points, rule)
    sums = {slug: _sum(slug, amount, version, say) for slug, amount in given.items()}
    points = sums.pop(POINTS, SumCard())
    could = could_pay(version, level, [line], say)
    return ReckonedCard(say.words(level.name), points.amount, points.worth, could, tuple(sums.values()))


def _sum(slug: str, amount: int, version: Version, say: Wording) -> SumCard:
    """So much in a wallet, or in points, and what that is worth; what is money is not said twice."""
    policy, say = version.of(slug).points, say.of(slug)
    amount = _at_most(amount, policy)
    told, name = say.points(amount), say.counted.name if say.counted else ""
    money = worth(amount, policy, version, say) if version.spendable(slug) else told
    return SumCard(name, told, "" if money == told else money)


def _at_most(points: int, limits: Rule | PointsPolicy) -> int:
    return min([points, *(cap for _, cap in limits.caps)])
