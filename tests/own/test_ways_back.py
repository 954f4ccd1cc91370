"""What a merge remembers for the way back, how long, and that there is none from an erasure."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from sqlmodel import Session, select

from facts.events import Fact
from facts.refusals import Refusal
from members import retention, sessions
from members.actions import boards, own, record
from members.actions.erase import erase
from members.actions.identify import identify
from members.actions.merging import merge, undo
from members.actions.record import advance
from members.actions.redeem import redeem
from members.own_tables import Merge
from members.prove import prove
from members.roles import MEMBER, Person
from members.tables import Claim, Identity, Member, Outbox
from rewards import stock
from tests.builders import NOW, PROGRAMME, a_fact, a_line, a_refund, an_order, days, in_force, standing_of
from tests.own.test_merging import ADA, balance, two
from tests.rewards.test_redemption import REWARDS, SECRET


def kept(session: Session) -> str:
    """What all merges remember."""
    return "".join(session.exec(select(Merge.detail).execution_options(populate_existing=True)))


def test_after_thirty_days_a_merge_forgets_addresses_and_goes_on_passing_on(session: Session) -> None:
    old, new = two(session)
    identify(session, old, "email:mira@shop.example", NOW)
    merge(session, old, new, "One person", ADA, NOW)
    assert retention.forget(session, NOW + days(30)) == 0
    assert "mira@shop.example" in kept(session)
    assert [retention.forget(session, NOW + days(31)) for _ in range(2)] == [1, 0]
    assert set(json.loads(kept(session))) == {"status", "named", "moves"}
    (back,) = record(session, [a_refund("1", ("2", "20.00"), at=NOW + days(31))], NOW + days(31))
    assert back.status == "recorded"
    assert (balance(session, old), balance(session, new)) == (0, 110), "it is the second move, not the first"
    assert len(json.loads(kept(session))["moves"]) == 2


@pytest.mark.parametrize("side", [0, 1])
def test_whoever_is_erased_is_in_no_merge_any_more(session: Session, side: int) -> None:
    both = two(session)
    old, new = both
    identify(session, old, "email:mira@shop.example", NOW)
    merge(session, old, new, "mira called", ADA, NOW)
    undo(session, old, ADA, NOW)
    assert "mira@shop.example" in kept(session)
    erase(session, both[side], ADA, NOW)
    assert set(json.loads(kept(session))) == {"status", "named", "moves"}
    assert session.exec(select(Merge.reason)).one() == ""
    assert {one.member_id for one in session.exec(select(Identity))} == {both[1 - side]}


def test_an_erased_account_stays_erased_whatever_is_undone(session: Session) -> None:
    old, new = two(session)
    merge(session, old, new, "One person", ADA, NOW)
    erase(session, old, ADA, NOW)
    with pytest.raises(Refusal, match="closed"):
        undo(session, old, ADA, NOW)
    assert session.get_one(Member, old).status == "erased"
    assert prove(session).flaws == []


def test_a_name_that_went_over_comes_back_and_a_name_of_their_own_stays(session: Session) -> None:
    old, new = two(session)
    own.tell(session, old, NOW, name="Mira")
    merge(session, old, new, "One person", ADA, NOW)
    assert session.get_one(Member, new).name == "Mira"
    undo(session, old, ADA, NOW)
    assert (session.get_one(Member, old).name, session.get_one(Member, new).name) == ("Mira", "")
    merge(session, old, new, "One person", ADA, NOW + days(1))
    own.tell(session, new, NOW + days(1), name="Noor")
    undo(session, old, ADA, NOW + days(1))
    assert session.get_one(Member, new).name == "Noor"


def news(session: Session) -> str:
    """Of whom open pages hear."""
    return " ".join(session.exec(select(Outbox.members)))


def test_open_pages_hear_of_leaving_coming_back_and_being_erased(session: Session) -> None:
    mira, _ = two(session)
    token, _ = sessions.start(session, Person(str(mira), MEMBER), NOW)
    for does in (own.leave, own.come_back):
        session.connection().exec_driver_sql("DELETE FROM outbox")
        does(session, mira, ADA, NOW)
        session.flush()
        assert mira.hex in news(session)
    erase(session, mira, ADA, NOW)
    session.flush()
    assert sessions.topic(sessions.digest(token)).hex in news(session)


def test_what_an_erased_member_had_not_used_is_on_the_shelf_again(session: Session) -> None:
    in_force(session, PROGRAMME.replace("rewards: []\n", REWARDS))
    record(session, [an_order("1", "200.00", at=NOW)], NOW)
    mira = standing_of(session).member_id
    before = stock.left_of(session, "bag")
    redeem(session, mira, "bag", NOW, "tap", SECRET)
    assert before
    assert stock.left_of(session, "bag") == before - 1
    erase(session, mira, ADA, NOW)
    assert stock.left_of(session, "bag") == before


def test_a_closed_account_stands_on_no_board(session: Session) -> None:
    mira, _ = two(session)
    own.leave(session, mira, ADA, NOW)
    with pytest.raises(Refusal, match="closed"):
        boards.enter(session, mira, "Quiet Heron", NOW)


def placed(order_id: str, customer: str, at: datetime = NOW) -> Fact:
    """An order that is not paid yet."""
    said = {"order_id": order_id, "currency": "USD", "lines": [a_line("10.00")]}
    return a_fact("order.placed", said, at=at, id=f"placed-{order_id}", subject=f"customer:{customer}")


@pytest.mark.parametrize("undone", [False, True])
def test_an_order_that_was_placed_before_a_merge_is_paid_after_it(session: Session, undone: bool) -> None:
    old, new = two(session)
    record(session, [placed("7", "1")], NOW)
    merge(session, old, new, "One person", ADA, NOW)
    record(session, [placed("8", "1")], NOW)
    if undone:
        undo(session, old, ADA, NOW)
    before = {one: balance(session, one) for one in (old, new)}
    owner, order = (new, "8") if undone else (old, "7")
    paid = an_order(order, "10.00", at=NOW + days(1))
    (done,) = record(session, [paid], NOW + days(1))
    assert (done.status, done.member_id) == ("recorded", owner)
    assert balance(session, new) > before[new]
    assert balance(session, old) == before[old]
    assert record(session, [paid], NOW + days(1))[0].status == "duplicate"
    mine = session.exec(select(Claim.member_id).where(Claim.key == f"fact:{paid.id}")).one()
    assert mine == owner
    assert prove(session).flaws == []
    (other,) = record(session, [an_order("9", "5.00", subject="customer:3")], NOW + days(1))
    (wrong,) = record(session, [a_refund("9", ("1", "1.00"), at=NOW + days(1))], NOW + days(1))
    assert (other.status, wrong.member_id) == ("recorded", other.member_id)
    (wrong,) = record(session, [an_order("9", "5.00", id="again")], NOW + days(1))
    assert wrong.refusal
    assert wrong.refusal.code == "order_of_another"


def test_an_order_stays_where_it_went_also_when_its_account_is_part_of_a_third_one_by_now(
    session: Session,
) -> None:
    old, first = two(session)
    record(session, [an_order("9", "5.00", subject="customer:3")], NOW)
    third = standing_of(session, "3").member_id
    merge(session, old, first, "One person", ADA, NOW)
    record(session, [placed("8", "1")], NOW)
    undo(session, old, ADA, NOW)
    merge(session, old, third, "Another person", ADA, NOW)
    (done,) = record(session, [an_order("8", "10.00", at=NOW + days(1))], NOW + days(1))
    assert (done.status, done.member_id) == ("recorded", first)
    (wrong,) = record(session, [an_order("9", "5.00", id="again", subject="customer:2")], NOW + days(1))
    assert wrong.refusal, "the others have never been one"
    assert prove(session).flaws == []


def test_what_comes_back_and_has_expired_does_not_go_on(session: Session) -> None:
    """Points that an order was paid with return to a lot whose time is over by now."""
    old, new = two(session)
    record(session, [an_order("3", "0.10", at=NOW, points_paid="0.10")], NOW)
    left = balance(session, old)
    assert left < 30
    merge(session, old, new, "One person", ADA, NOW)
    later = NOW + days(500)
    advance(session, [new], later)
    assert balance(session, new) == 0
    (back,) = record(session, [a_refund("3", ("1", "0.10"), at=later)], later)
    assert back.status == "recorded"
    assert (balance(session, old), balance(session, new)) == (0, 0)
    assert [one["points"] for one in json.loads(kept(session))["moves"]] == [left]
    assert prove(session).flaws == []
