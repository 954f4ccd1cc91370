"""The calculator says what `record` gives, for programmes drawn from all kinds, on every level of them.

Budgets are small, so that some of them are used up on the way.
"""

from __future__ import annotations

import random
from collections import Counter

import pytest
from sqlmodel import Session, select

from facts.language import language
from members.actions import record
from members.programme import versions
from members.views.departments import departments
from members.views.reckoning import reckon
from members.views.saying import wording
from members.views.wallets import of_orders
from rewards.lots import EARNED, POINTS
from rewards.perks import CAUSE
from rewards.tables import Entry
from tests.builders import NOW, a_fact, a_line, an_order, days, standing_of
from tests.members.test_drawn_programmes import SCARCE, open_shop, seeds

PIN = {"pin_id": "p", "reason": "a test", "actor": "staff:test"}
AMOUNTS = ("3.99", "62.40", "250.00")


@pytest.mark.parametrize("seed", seeds(12))
def test_the_calculator_says_what_a_first_order_brings_on_each_level(session: Session, seed: int) -> None:
    chance = random.Random(seed)
    open_shop(session, chance, SCARCE, second=False)
    version = versions(session).latest
    say = wording(version, language("en"))
    paths = ["", *departments(version)]
    for number, level in enumerate(version.programme.tiers.levels):
        for amount in AMOUNTS:
            customer, path = f"{number}-{amount}", chance.choice(paths)
            (told,) = reckon(session, NOW, language("en"), amount, path)[number : number + 1]
            who = f"customer:{customer}"
            pinned = a_fact("tier.pinned", PIN | {"tier": level.slug}, at=NOW - days(1), id=f"pin-{customer}",
                            subject=who, internal=True)  # fmt: skip
            line = a_line(amount, category=path.split(" > ") if path else [])
            order = an_order(f"order-{customer}", line, at=NOW, subject=who)
            assert [one.status for one in record(session, [pinned, order], NOW)] == ["recorded"] * 2
            mine = select(Entry).where(Entry.member_id == standing_of(session, customer).member_id)
            given = Counter[str](dict.fromkeys(of_orders(version), 0))
            for entry in session.exec(mine):
                if entry.kind == EARNED and not entry.cause.startswith(CAUSE):
                    given[entry.wallet] += entry.amount
            points = say.points(given.pop(POINTS)) if POINTS in given else ""
            beside = [(say.purses[slug].name, say.of(slug).points(sum_)) for slug, sum_ in given.items()]
            assert (told.points, [(one.name, one.amount) for one in told.beside]) == (points, beside), (
                customer
            )
