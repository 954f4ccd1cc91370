"""People who are not known yet: drafts from customer numbers, guests who wait for their owner."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select

from facts.events import Fact
from facts.refusals import Refusal
from members.actions import record
from members.actions.identify import identify
from members.prove import prove
from members.tables import FactRow, Member
from rewards.tables import Lot
from tests.builders import NOW, PROGRAMME, a_fact, a_refund, an_order, days, in_force, standing_of

ACCEPTED = (
    PROGRAMME.replace("  expiry:", "  pending: {until: x.accepted, at_most_days: 30}\n  expiry:")
    + """
facts:
  x.accepted: {name: accepting the goods, fields: {order_id: {type: text}}}
joining: {look_back_days: 5}
"""
)
MIRA = "email:mira@shop.example"


def test_an_order_of_an_unknown_customer_makes_a_draft_member(session: Session) -> None:
    in_force(session)
    (outcome,) = record(session, [an_order("1", "30.00")], NOW)
    assert outcome.status == "recorded"
    member = session.get(Member, outcome.member_id)
    assert member is not None
    assert member.status == "draft"
    assert standing_of(session).balance == 30


def test_a_customer_number_means_something_within_its_shop_only(session: Session) -> None:
    in_force(session)
    ours, theirs = record(
        session, [an_order("1", "30.00"), an_order("1", "30.00", source="other.example")], NOW
    )
    assert ours.member_id != theirs.member_id


def test_a_guests_order_waits_and_counts_when_it_happened(session: Session) -> None:
    in_force(session)
    record(session, [an_order("1", "30.00", at=NOW - days(5))], NOW)
    member_id = standing_of(session).member_id
    guest = [
        an_order("2", "50.00", at=NOW - days(20), subject="email:Ann@Shop.example"),
        a_refund("2", ("1", "50.00"), at=NOW - days(1), subject="email:ann@shop.example", id="r"),
        an_order("3", "70.00", at=NOW - days(10), subject="email:ann@shop.example"),
    ]
    assert [outcome.status for outcome in record(session, guest, NOW)] == ["waiting"] * 3
    assert standing_of(session).balance == 30
    assert [outcome.status for outcome in identify(session, member_id, "email:ann@shop.example", NOW)] == [
        "recorded"
    ] * 3
    assert standing_of(session).balance == 100
    first = session.exec(select(FactRow).where(FactRow.fact_id == "paid-3")).one()
    assert first.occurred_at == NOW - days(10)
    assert list(identify(session, member_id, "email:ann@shop.example", NOW)) == []
    assert record(session, guest, NOW)[0].status == "duplicate"
    assert standing_of(session).balance == 100
    assert prove(session).flaws == []


def accepted() -> Fact:
    return a_fact("x.accepted", {"order_id": "1"}, at=NOW - days(8), id="news", subject=MIRA)


def delivered() -> Fact:
    return a_fact("order.delivered", {"order_id": "1"}, at=NOW - days(8), id="news", subject=MIRA)


def returned() -> Fact:
    return a_refund("1", ("1", "30.00"), at=NOW - days(8), id="news", subject=MIRA)


@pytest.mark.parametrize("whose", ["1", "2"])
@pytest.mark.parametrize("kind", [accepted, delivered, returned])
def test_news_that_waited_for_an_address_go_where_their_order_went(
    session: Session, kind: Callable[[], Fact], whose: str
) -> None:
    """They came first, under an address that nobody had; then the order, of the same person by a number or of another
    one. It is as if they had come last, however far the programme looks back at what guests buy.
    """
    until = "delivery" if kind is delivered else "x.accepted"
    in_force(session, ACCEPTED.replace("until: x.accepted", f"until: {until}"))
    assert record(session, [kind()], NOW)[0].status == "waiting"
    record(
        session,
        [an_order("1", "30.00", "12.00", at=NOW - days(9)), an_order("2", "5.00", subject="customer:2")],
        NOW,
    )
    one = standing_of(session)
    (outcome,) = identify(session, standing_of(session, whose).member_id, MIRA, NOW)
    assert (outcome.status, outcome.member_id) == ("recorded", one.member_id)
    found = session.exec(select(Lot).where(Lot.member_id == one.member_id, col(Lot.remaining) > 0)).one()
    assert found.remaining == (12 if kind is returned else 42)
    assert (found.active_from <= NOW) == (kind is not returned)
    assert standing_of(session, "2").balance == 5
    assert prove(session).flaws == []


def test_what_waited_for_an_order_counts_when_its_guest_is_known(session: Session) -> None:
    in_force(session)
    record(session, [an_order("2", "5.00")], NOW)
    guest = [a_refund("1", ("1", "30.00"), at=NOW - days(8), subject="", id="early"),
             an_order("1", "30.00", "12.00", at=NOW - days(9), subject=MIRA)]  # fmt: skip
    assert [one.status for one in record(session, guest, NOW)] == ["waiting"] * 2
    (outcome,) = identify(session, standing_of(session).member_id, MIRA, NOW)
    assert (outcome.status, outcome.points, standing_of(session).balance) == ("recorded", 12, 17)
    assert prove(session).flaws == []


def test_an_address_belongs_to_one_member(session: Session) -> None:
    in_force(session)
    record(session, [an_order("1", "30.00"), an_order("2", "5.00", subject="customer:2")], NOW)
    identify(session, standing_of(session).member_id, "phone:+15550001", NOW)
    with pytest.raises(Refusal) as caught:
        identify(session, standing_of(session, "2").member_id, "phone:+15550001", NOW)
    assert caught.value.code == "identity_taken"


def test_a_refund_without_a_name_finds_its_order(session: Session) -> None:
    in_force(session)
    assert (
        record(session, [a_refund("9", ("1", "30.00"), subject="", id="early")], NOW)[0].status == "waiting"
    )
    record(session, [an_order("9", "30.00", "12.00", at=NOW - days(3))], NOW)
    assert standing_of(session).balance == 12


def test_an_order_goes_to_one_account_only(session: Session) -> None:
    in_force(session)
    record(session, [an_order("1", "30.00")], NOW)
    (again,) = record(session, [an_order("1", "30.00", subject="customer:2", id="other")], NOW)
    assert again.status == "refused"
    assert again.refusal is not None
    assert again.refusal.code == "order_of_another"


def test_an_order_sent_under_two_ids_counts_once(session: Session) -> None:
    in_force(session)
    record(session, [an_order("1", "30.00", at=NOW - days(2))], NOW)
    record(session, [an_order("1", "30.00", at=NOW - days(1), id="again")], NOW)
    record(session, [an_order("1", "30.00", at=NOW - days(9), id="and again")], NOW)
    assert standing_of(session).balance == 30
    assert prove(session).flaws == []


def test_a_fact_from_the_future_is_refused(session: Session) -> None:
    in_force(session)
    (outcome,) = record(session, [an_order("1", "30.00", at=NOW + days(1))], NOW)
    assert outcome.refusal is not None
    assert outcome.refusal.code == "from_future"
