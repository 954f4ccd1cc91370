"""What an order of just now would earn, tier by tier: the calculator of the rules page lets the engine weigh it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from facts.events import Fact
from facts.history import Event, events
from facts.language import Language
from facts.money import decimal_text, minor
from facts.refusals import Refusal
from members.programme.versions import Timeline, Version, versions
from members.reckoned_cards import ReckonedCard, SumCard
from members.scarcity import Glimpse
from members.views.budgets import worth
from members.views.departments import departments
from members.views.paying import could_pay
from members.views.saying import wording
from members.views.wallets import of_orders
from rewards.document import Level
from rewards.fold import Fold
from rewards.lots import EARNED, POINTS
from rewards.perks import CAUSE
from rewards.tiers import Climb
from rewards.wording import Wording

SOURCE, NAME = "calculator", "an order of just now"
AMOUNT = re.compile(r"\d{1,7}(?:[.,]\d{1,3})?")


def reckon(
    session: Session, now: datetime, language: Language, amount: str, department: str = ""
) -> tuple[ReckonedCard, ...]:
    """What an order of `amount` (in one department) would earn, tier by tier, by the rules in force."""
    line = versions(session)
    version = line.at(now)
    say = wording(version, language)
    typed = amount.strip().translate(_LATIN)
    if not AMOUNT.fullmatch(typed):
        raise Refusal("amount_malformed", "Write an amount such as {example}.", example=say.money(6250))
    spent = minor(str(Decimal(typed.replace(",", "."))), version.digits)
    path = department.split(" > ") if department in departments(version) else ()
    event = an_order(spent, path, version, now)
    return tuple(_reckoned(session, line, level, event, say) for level in version.programme.tiers.levels)


def said_once(found: Sequence[ReckonedCard]) -> tuple[tuple[ReckonedCard, ...], str]:
    """What points could pay is said once where it is the same for all tiers, else with each."""
    told = {one.could_pay for one in found}
    if len(told) != 1:
        return tuple(found), ""
    return tuple(replace(one, could_pay="") for one in found), told.pop()


_LATIN = str.maketrans("٠١٢٣٤٥٦٧٨٩٫", "0123456789.")


def _reckoned(session: Session, line: Timeline, level: Level, event: Event, say: Wording) -> ReckonedCard:
    version, order = line.at(event.at), event.order
    given = dict.fromkeys(of_orders(version), 0) | brought(session, line, level, event)
    sums = {slug: _sum(slug, amount, version, say) for slug, amount in given.items()}
    points = sums.pop(POINTS, SumCard())
    could = could_pay(version, level, order.lines if order else [], say)
    return ReckonedCard(say.words(level.name), points.amount, points.worth, could, tuple(sums.values()))


def an_order(spent: int, path: Sequence[str], version: Version, now: datetime) -> Event:
    """The paid order of just now: one line of `spent` minor units, of something in a department."""
    amount = decimal_text(spent, version.digits)
    bought = {"line_id": "1", "sku": NAME, "quantity": "1", "amount": amount, "category": list(path)}
    data = {"order_id": NAME, "currency": version.currency, "lines": [bought]}
    (event,) = events([Fact(SOURCE, NAME, "order.paid", now, "", data)])
    return event


def brought(session: Session, line: Timeline, level: Level, event: Event) -> dict[str, int]:
    """What the engine gives for an order to somebody of a level who has done nothing before, by wallet.

    Amounts are in the smallest unit of each wallet; budgets give what is left of them. What a level gives once is
    left out: whether this order leads there depends on what else there was.
    """
    nobody = UUID(int=0)
    fold = Fold(line, Climb(tier=level.slug, since=event.at))
    fold.ask = Glimpse(session, line, [nobody], event.at).spender(nobody, decided=False)
    fold.apply(event)
    given = Counter[str]()
    for posting in fold.postings:
        if posting.kind == EARNED and not posting.cause.startswith(CAUSE):
            given[posting.wallet] += posting.amount
    return dict(given)


def _sum(slug: str, amount: int, version: Version, say: Wording) -> SumCard:
    """So much in a wallet, or in points, and what that is worth; what is money is not said twice."""
    policy, say = version.of(slug).points, say.of(slug)
    told, name = say.points(amount), say.counted.name if say.counted else ""
    money = worth(amount, policy, version, say) if version.spendable(slug) else told
    return SumCard(name, told, "" if money == told else money)
