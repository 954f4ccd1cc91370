"""A level that staff gave, beside what is earned: badges for tiers are for what was earned, whatever is held."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from badges.tables import Award
from members.actions import record
from members.programme.versions import versions
from members.prove import prove
from members.rebuilding import rebuild
from tests.builders import NOW, PROGRAMME, SHOP, a_fact, an_order, days, in_force, open_lots, standing_of

PLAYED = f"""{PROGRAMME}badges:
  - {{slug: silver, name: Silver, criterion: {{kind: tier, tier: silver}}, prizes: [{{points: 3}}]}}
  - {{slug: gold, name: Gold, criterion: {{kind: tier, tier: gold}}}}
"""
GIVING = PROGRAMME.replace(
    "threshold: 300, multiplier: 2}", "threshold: 300, entry: {points: 20}, per_order: {points: 4}}"
)
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


@pytest.mark.parametrize("late", [False, True], ids=["in order", "late"])
def test_what_a_level_gives_for_an_order_goes_before_what_it_gives_once_in_any_order_of_arrival(
    session: Session, late: bool
) -> None:
    """Both come with one order, of the same rule and with the same end."""
    in_force(session, GIVING)
    pinned = a_fact("tier.pinned", PIN, at=NOW - days(9), id="pin", internal=True)
    order = an_order("A", "400.00", at=NOW - days(5), id="A")
    for fact in (order, pinned) if late else (pinned, order):
        assert record(session, [fact], NOW)[0].status == "recorded"
    spent = an_order("B", "5.00", at=NOW - days(1), id="B", points_paid="4.03")
    assert record(session, [spent], NOW)[0].status == "recorded"
    standing = standing_of(session)
    left = {cause: points for cause, points in open_lots(session, standing).items() if "|A" in cause}
    assert (left[f"order|{SHOP}|A|tier:gold"], left[f"tier|gold|{SHOP}|A"]) == (1, 20)
    assert list(rebuild(session, [standing.member_id], versions(session), NOW)) == []
