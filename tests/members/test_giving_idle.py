"""Gifts of points that end by inactivity: what is over is not given, and what is given ends when it would have."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, select

from members import gifts
from members.actions import record
from members.actions.merging import merge
from members.programme.versions import versions
from rewards.tables import Lot
from tests.builders import NOW, a_fact, an_order, days
from tests.members.test_giving import IDLE, SIGNED_UP, give, has, people, refused, take, whole

OVER = days(52)  # more than 150 days after the orders of everybody
SOON = """
  - {kind: extra_points, slug: soon, points: 20, each: order, expires_days: 160, where: {skus: [tea]}}
tiers:"""


def given(session: Session, member_id: UUID, at: timedelta) -> list[tuple[int, timedelta]]:
    """What could be given, lot by lot, and for how much longer than until now it lasts."""
    terms = gifts.terms_of(session, NOW + at)
    lots = gifts.lots_to_give(session, member_id, terms, versions(session), NOW + at)
    return [(lot.remaining, lot.expires_at - NOW) for lot in lots if lot.expires_at]


def test_what_is_over_is_not_given_though_the_nightly_job_has_not_looked(session: Session) -> None:
    ann, ben = people(session, IDLE)
    before = whole(session)
    assert has(session, ann, OVER) == (0, 0)
    assert refused(lambda: give(session, ann, at=OVER)) == "gift_short"
    assert (has(session, ann, OVER), has(session, ben, OVER), whole(session)) == ((0, 0), (0, 0), before)


def test_what_was_given_ends_though_its_taker_goes_on_buying(session: Session) -> None:
    ann, ben = people(session, IDLE)
    take(session, ben, give(session, ann))
    record(session, [an_order("more", "10.00", at=NOW + days(1), subject="customer:1")], NOW + days(1))
    assert has(session, ben, days(2)) == (150, 0)
    assert has(session, ben, OVER) == (100, 0), (
        "their own are kept by the order, and those of the gift are not"
    )


def test_points_with_a_day_go_first_even_when_those_without_end_sooner(session: Session) -> None:
    """In the order in which the engine takes them, so what the gift says is what leaves the account."""
    (ann, ben) = people(session, IDLE.replace("\ntiers:", SOON), amount="30.00")
    tea = {"line_id": "1", "sku": "tea", "quantity": "1", "amount": "5.00"}
    record(session, [an_order("tea", tea, at=NOW - days(99), subject="customer:0")], NOW)
    found = given(session, ann, days(0))
    assert [points for points, _ in found] == [20, 30, 5]
    assert found[0][1] > found[1][1] == found[2][1], "the dated ones end last here"
    take(session, ben, give(session, ann, 24))
    lots = session.exec(
        select(Lot.amount, Lot.expires_at).where(Lot.member_id == ben).order_by(Lot.rank)
    ).all()
    assert [(points, end - NOW) for points, end in lots if end] == [(20, found[0][1]), (4, found[1][1])]
    assert [points for points, _ in given(session, ann, days(0))] == [26, 5]


def test_what_nothing_was_bought_for_is_not_given_after_a_merge_either(session: Session) -> None:
    ann, ben, cem = people(session, SIGNED_UP, count=3, amount="10.00")
    joined = [a_fact("member.signed_up", {}, at=NOW - days(99), subject=f"member:{ann}", id="up")]
    record(session, joined, NOW)
    merge(session, ann, ben, "the same person", "owner:olga", NOW)
    assert has(session, ben) == (60, 0)
    assert refused(lambda: give(session, ben, 21)) == "gift_short", "the welcome stays"
    assert take(session, cem, give(session, ben, 20, "r2")).state == "taken"
    merge(session, ben, cem, "the same person, too", "owner:olga", NOW)
    assert [points for points, _ in given(session, cem, days(0))] == [10, 10, 10], "however often it goes on"
