"""Rewards that two accounts won before they became one: each is still won, once, and goes back with what brought it."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlmodel import Session, select

from facts.events import Fact
from members.actions import record
from members.actions.merging import merge, undo
from members.actions.redeem import code_of
from members.actions.vouchers import take, use_code
from rewards.tables import Redemption
from tests.builders import NOW, PROGRAMME, a_fact, a_refund, an_order, days, in_force, standing_of
from tests.own.test_merging import ADA
from tests.rewards.test_redemption import SECRET

HEAD, _, _ = PROGRAMME.partition("  levels:\n")
LEVELS = "  levels:\n    - {slug: member, name: Member}\n"
TOP = "    - {slug: top, name: Top, threshold: 50, entry: {points: 1, reward: coffee}}\n"
COFFEE = "rewards:\n  - {slug: coffee, kind: product, name: Coffee, price: 40, value: '3.00'}\n"
BADGE = """badges:
  - {slug: big, name: Big, criterion: {kind: sum, of: amount, at_least: "50.00"}, prizes: [{reward: coffee}]}
"""
BY = {"badge": HEAD + LEVELS + COFFEE + BADGE, "tier": HEAD + LEVELS + TOP + COFFEE}
pytestmark = [pytest.mark.feature(8), pytest.mark.parametrize("by", BY)]


def bought(customer: str, amount: str) -> Fact:
    return an_order(f"by-{customer}", amount, at=NOW - days(2), subject=f"customer:{customer}")


def back(amount: str, at: float) -> Fact:
    """Some of the first one's order is returned."""
    return a_refund("by-1", ("1", amount), at=NOW + days(at), id=f"refund-{at}")


def two(session: Session, by: str, first: str, second: str) -> tuple[UUID, UUID]:
    in_force(session, BY[by])
    record(session, [bought("1", first), bought("2", second)], NOW)
    return standing_of(session, "1").member_id, standing_of(session, "2").member_id


def prizes(session: Session, member_id: UUID) -> list[Redemption]:
    session.expire_all()
    mine = select(Redemption).where(Redemption.member_id == member_id)
    return sorted(session.exec(mine), key=lambda one: one.request_id)


def states(session: Session, *members: UUID) -> list[list[str]]:
    return [[one.state for one in prizes(session, member)] for member in members]


def test_both_are_still_won_and_one_goes_back_with_its_order(session: Session, by: str) -> None:
    old, new = two(session, by, "100.00", "60.00")
    assert states(session, old, new) == [["reserved"], ["reserved"]]
    merge(session, old, new, "One person", ADA, NOW)
    own, theirs = prizes(session, new)
    assert own.won
    assert theirs.won
    code = code_of(take(session, new, own.redemption_id, NOW, SECRET), SECRET)
    assert code
    use_code(session, code, "till:1", NOW, SECRET)
    record(session, [back("100.00", 1)], NOW + days(1))
    assert states(session, old, new) == [[], ["used", "cancelled"]]


def test_what_came_over_can_be_taken_and_stays_used(session: Session, by: str) -> None:
    old, new = two(session, by, "100.00", "60.00")
    merge(session, old, new, "One person", ADA, NOW)
    theirs = prizes(session, new)[1]
    code = code_of(take(session, new, theirs.redemption_id, NOW, SECRET), SECRET)
    assert code
    use_code(session, code, "till:1", NOW, SECRET)
    record(session, [back("100.00", 1)], NOW + days(1))
    assert states(session, old, new) == [[], ["reserved", "used"]]
    undo(session, old, ADA, NOW + days(2))
    assert sorted(states(session, old, new)) == [["reserved"], ["used"]]


def test_news_of_the_closed_account_bring_nothing_twice(session: Session, by: str) -> None:
    old, new = two(session, by, "100.00", "9.00")
    before = [one.request_id for one in prizes(session, old)]
    merge(session, old, new, "One person", ADA, NOW)
    record(session, [back("1.00", 1)], NOW + days(1))
    assert states(session, old, new) == [[], ["reserved"]]
    undo(session, old, ADA, NOW + days(2))
    assert states(session, old, new) == [["reserved"], []]
    assert [one.request_id for one in prizes(session, old)] == before
    record(session, [back("99.00", 3)], NOW + days(3))
    assert states(session, old) == [["cancelled"]]


def test_who_had_it_before_the_merge_has_it_once(session: Session, by: str) -> None:
    old, new = two(session, by, "100.00", "9.00")
    code = code_of(take(session, old, prizes(session, old)[0].redemption_id, NOW, SECRET), SECRET)
    assert code
    use_code(session, code, "till:1", NOW, SECRET)
    merge(session, old, new, "One person", ADA, NOW)
    record(session, [back("1.00", 1)], NOW + days(1))
    assert states(session, old, new) == [["used"], []]


def test_a_reward_goes_through_another_account_and_home_again(session: Session, by: str) -> None:
    old, middle = two(session, by, "100.00", "9.00")
    record(session, [bought("3", "60.00")], NOW)
    new = standing_of(session, "3").member_id
    merge(session, old, middle, "One person", ADA, NOW)
    merge(session, middle, new, "One person", ADA, NOW)
    record(session, [back("1.00", 1)], NOW + days(1))
    assert states(session, old, middle, new) == [[], [], ["reserved", "reserved"]]
    undo(session, middle, ADA, NOW + days(2))
    undo(session, old, ADA, NOW + days(2))
    assert states(session, old, middle, new) == [["reserved"], [], ["reserved"]]
    record(session, [back("99.00", 3)], NOW + days(3))
    assert states(session, old, new) == [["cancelled"], ["reserved"]]


def test_what_is_won_while_it_is_part_of_another_account_goes_home_too(session: Session, by: str) -> None:
    """An order that was placed before a merge and is paid after it."""
    in_force(session, BY[by])
    placed = a_fact("order.placed", bought("1", "100.00").data, at=NOW - days(2), id="placed")
    record(session, [placed, bought("2", "9.00"), bought("3", "9.00")], NOW)
    old, middle, new = (standing_of(session, one).member_id for one in ("1", "2", "3"))
    merge(session, old, middle, "One person", ADA, NOW)
    merge(session, middle, new, "One person", ADA, NOW)
    record(session, [bought("1", "100.00")], NOW)
    assert states(session, old, middle, new) == [[], [], ["reserved"]]
    undo(session, middle, ADA, NOW + days(1))
    assert states(session, old, middle, new) == [[], ["reserved"], []]
    undo(session, old, ADA, NOW + days(1))
    assert states(session, old, middle, new) == [["reserved"], [], []]
    record(session, [back("1.00", 2)], NOW + days(2))
    assert states(session, old, middle, new) == [["reserved"], [], []]
