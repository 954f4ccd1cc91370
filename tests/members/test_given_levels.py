"""A level that staff gave, beside what is earned: badges for tiers are for what was earned, whatever is held."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from badges.tables import Award
from members.actions import record
from members.prove import prove
from tests.builders import NOW, PROGRAMME, a_fact, an_order, days, in_force

PLAYED = f"""{PROGRAMME}badges:
  - {{slug: silver, name: Silver, criterion: {{kind: tier, tier: silver}}, prizes: [{{points: 3}}]}}
  - {{slug: gold, name: Gold, criterion: {{kind: tier, tier: gold}}}}
"""
PIN = {"pin_id": "p", "tier": "gold", "until": "", "reason": "a guest", "actor": "test"}


def awards(session: Session) -> list[str]:
    assert prove(session).flaws == []
    return list(session.exec(select(Award.slug).order_by(col(Award.slug))).all())


@pytest.mark.parametrize("late", [False, True], ids=["in order", "late"])
def test_who_earns_a_tier_below_the_one_that_staff_gave_gets_its_badge(session: Session, late: bool) -> None:
    in_force(session, PLAYED)
    pinned = a_fact("tier.pinned", PIN, at=NOW - days(9), id="pin", internal=True)
    order = an_order("A", "120.00", at=NOW - days(5))
    for fact in (order, pinned) if late else (pinned, order):
        assert record(session, [fact], NOW)[0].status == "recorded"
    assert awards(session) == ["silver"]
    record(session, [an_order("B", "300.00", at=NOW)], NOW + timedelta(minutes=1))
    assert awards(session) == ["gold", "silver"]


def test_a_tier_that_staff_gave_is_no_achievement(session: Session) -> None:
    in_force(session, PLAYED)
    facts = [
        a_fact("tier.pinned", PIN, at=NOW - days(9), id="pin", internal=True),
        an_order("A", "20.00", at=NOW),
    ]
    assert [one.status for one in record(session, facts, NOW)] == ["recorded", "recorded"]
    assert awards(session) == []
