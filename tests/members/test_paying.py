"""Points that are set aside for an order: whatever comes first, the order takes what it says, and no more."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app import database
from app.jobs import due
from facts.events import Fact
from facts.orders import OrderLine, order_of
from facts.refusals import Refusal
from members.actions import own, paying, record
from members.actions.redeem import redeem
from members.prove import prove
from members.standing import standing_of as stands
from rewards.payment_tables import Payment
from rewards.tables import Entry, Lot
from tests.builders import (
    NOW,
    PROGRAMME,
    SHOP,
    a_fact,
    a_line,
    a_refund,
    an_order,
    days,
    in_force,
    standing_of,
)

TERMS = (
    PROGRAMME.replace("rewards: []", "rewards: []\npaying: {share: 50, step: 10, hold_minutes: 60}")
    .replace("multiplier: 1.5", "multiplier: 1")
    .replace("multiplier: 2", "multiplier: 1")
)
BASKET = (a_line("10.00", "a"), a_line("30.00", "b"))
MINUTE = timedelta(minutes=1)


def lines(*ones: dict[str, str]) -> list[OrderLine]:
    return order_of({"order_id": "x", "currency": "USD", "lines": list(ones or BASKET)}).lines


def with_points(session: Session, amount: str = "1000.00") -> UUID:
    """A member with one point for each unit of money."""
    in_force(session, TERMS)
    return record(session, [an_order("first", amount, at=NOW - days(30))], NOW)[0].member_id or UUID(int=0)


def left(session: Session, member_id: UUID, at: timedelta = MINUTE) -> tuple[int, int, int]:
    """Available, held, and what all entries add up to."""
    found = stands(session, member_id, NOW + at)
    assert found
    entries = session.exec(select(Entry.amount).where(Entry.member_id == member_id)).all()
    assert prove(session).flaws == []
    return found.available, found.held, sum(entries)


def hold(
    session: Session, member_id: UUID, points: int = 500, request: str = "r", order: str = "X"
) -> Payment:
    return paying.hold(session, member_id, SHOP, order, lines(), points, request, NOW)


def the_order(paid: str | None = "5.00", at: timedelta = MINUTE) -> Fact:
    more = {} if paid is None else {"points_paid": paid}
    return an_order("X", *BASKET, at=NOW + at, **more)


def test_set_aside_placed_and_taken_by_its_order(session: Session) -> None:
    member_id = with_points(session)
    made = hold(session, member_id)
    assert (made.points, made.money) == (500, 500)
    assert left(session, member_id) == (500, 500, 1000)
    assert paying.commit(session, member_id, SHOP, made.payment_id, NOW).state == "committed"
    assert left(session, member_id) == (500, 0, 500)
    record(session, [the_order()], NOW + MINUTE)
    assert left(session, member_id) == (535, 0, 535)  # 35.00 were paid with money
    record(session, [a_refund("X", ("b", "30.00"), at=NOW + days(1))], NOW + days(1))
    # of the 5.00, 3.75 lay on what came back
    assert left(session, member_id, days(2)) == (1000 - 125 + 8, 0, 883)


@pytest.mark.parametrize("paid", ["5.00", None])
def test_an_order_that_says_nothing_was_paid_with_what_was_set_aside(
    session: Session, paid: str | None
) -> None:
    member_id = with_points(session)
    hold(session, member_id)
    record(session, [the_order(paid)], NOW + MINUTE)
    assert left(session, member_id) == (535, 0, 535)


def test_an_order_may_take_less_or_more(session: Session) -> None:
    member_id = with_points(session)
    hold(session, member_id)
    record(session, [the_order("2.00")], NOW + MINUTE)
    assert left(session, member_id) == (800 + 38, 0, 838)
    hold(session, member_id, request="r2", order="Y")
    record(session, [an_order("Y", *BASKET, at=NOW + MINUTE, points_paid="6.00")], NOW + MINUTE)
    assert left(session, member_id) == (838 - 600 + 34, 0, 272)


HALF = TERMS.replace("{points: 100", "{points: 200").replace("step: 10", "step: 1")


def test_points_that_are_worth_no_money_pay_for_nothing(session: Session) -> None:
    in_force(session, HALF)
    member_id = record(session, [an_order("first", "9.00", at=NOW - days(30))], NOW)[0].member_id
    assert member_id
    found = paying.quote(session, member_id, lines(), NOW)
    assert (found.minimum, found.payable.points, found.payable.money) == (2, 9, 4)
    with pytest.raises(Refusal, match="is at least") as refused:
        hold(session, member_id, points=1)
    assert refused.value.code == "payment_too_small"
    assert refused.value.params == {"minimum": 2}


def test_an_order_with_a_payment_of_no_worth_takes_no_points(session: Session) -> None:
    """Such payments are refused; one that is there all the same keeps no order from being recorded."""
    in_force(session, HALF)
    worthless = {"payment_id": "p", "order_id": "X", "points": 1, "money": "0.00"}
    held = a_fact("payment.held", worthless, at=NOW, id="p", internal=True)
    found = record(session, [an_order("first", "9.00", at=NOW - days(30)), held], NOW)
    assert [one.status for one in found] == ["recorded", "recorded"]
    (paid,) = record(session, [the_order(None)], NOW + MINUTE)
    assert paid.status == "recorded"
    assert paid.member_id
    assert left(session, paid.member_id) == (9 + 40, 0, 49)


def test_given_up_it_is_as_if_it_had_never_been(session: Session) -> None:
    member_id = with_points(session)
    made = hold(session, member_id)
    assert paying.release(session, member_id, SHOP, made.payment_id, NOW).state == "released"
    assert paying.release(session, member_id, SHOP, made.payment_id, NOW).state == "released"
    assert left(session, member_id) == (1000, 0, 1000)
    with pytest.raises(Refusal, match="the member's again"):
        paying.commit(session, member_id, SHOP, made.payment_id, NOW)
    record(session, [the_order()], NOW + MINUTE)  # it came all the same
    assert left(session, member_id) == (535, 0, 535)


def test_what_is_not_placed_in_time_comes_back(engine: Engine) -> None:
    with database.transaction(engine) as session:
        member_id = with_points(session)
        hold(session, member_id)
        hold(session, member_id, points=100, request="r2", order="Y")
        record(session, [an_order("Y", *BASKET, at=NOW + MINUTE, points_paid="1.00")], NOW + MINUTE)
    assert due.lapse_payments(engine, NOW + 59 * MINUTE) == 0
    assert due.lapse_payments(engine, NOW + days(7)) == 1
    assert due.lapse_payments(engine, NOW + days(7)) == 0
    with database.transaction(engine) as session:
        states = {made.order_id: made.state for made in session.exec(select(Payment))}
        assert states == {"X": "lapsed", "Y": "committed"}
        assert left(session, member_id, days(8)) == (939, 0, 939)


def test_the_same_request_is_the_same_payment(session: Session) -> None:
    member_id = with_points(session)
    assert hold(session, member_id).payment_id == hold(session, member_id).payment_id
    assert left(session, member_id) == (500, 500, 1000)
    for refused, more in (
        ("request_reused", {"points": 400}),
        ("payment_there", {"points": 400, "request": "other"}),
        ("payment_too_much", {"points": 510, "request": "other", "order": "Y"}),
        ("payment_no_step", {"points": 105, "request": "other", "order": "Y"}),
        ("order_paid", {"points": 100, "request": "other", "order": "first"}),
    ):
        with pytest.raises(Refusal) as found:
            hold(session, member_id, **more)  # type: ignore[arg-type]
        assert found.value.code == refused


def test_what_is_set_aside_can_be_used_for_nothing_else(session: Session) -> None:
    reward = "rewards:\n  - {slug: tea, kind: product, name: Tea, price: 900}\n"
    in_force(session, TERMS.replace("rewards: []\n", reward))
    member_id = record(session, [an_order("first", "1000.00", at=NOW - days(30))], NOW)[0].member_id
    assert member_id
    hold(session, member_id)
    with pytest.raises(Refusal, match="more points"):
        redeem(session, member_id, "tea", NOW, "tap", b"0" * 32)


STEPS = ("held", "committed", "paid", "part", "rest")


def steps(at: dict[str, timedelta]) -> dict[str, Fact]:
    """One payment's life as facts, each at its own moment."""
    data = {"payment_id": "p", "order_id": "X"}
    held = a_fact("payment.held", data | {"points": 500, "money": "5.00"}, at=NOW + at["held"], internal=True)
    placed = a_fact("payment.committed", data, at=NOW + at["committed"], internal=True)
    return {
        "held": held,
        "committed": placed,
        "paid": the_order(at=at["paid"]),
        "part": a_refund("X", ("a", "10.00"), at=NOW + days(1), id="part"),
        "rest": a_refund("X", ("b", "30.00"), at=NOW + days(2), id="rest"),
    }


def ends(session: Session, customer: str) -> tuple[int, int, int, list[tuple[str, int]]]:
    found = standing_of(session, customer)
    lots = [
        (one.cause, one.remaining)
        for one in session.exec(select(Lot).where(Lot.member_id == found.member_id))
        if one.remaining
    ]
    return found.balance, found.held, found.debt, sorted((cause.split("|")[-1], n) for cause, n in lots)


@pytest.mark.feature(55)
@pytest.mark.parametrize("kept", [4, 5])
@pytest.mark.parametrize("order_first", [False, True])
def test_any_order_of_arrival_ends_the_same(session: Session, kept: int, order_first: bool) -> None:
    in_force(session, TERMS)
    at = {"held": 2 * MINUTE, "committed": 3 * MINUTE, "paid": MINUTE if order_first else 4 * MINUTE}
    names = STEPS[:kept]
    found = set[str]()
    for number, ordered in enumerate(permutations(names)):
        if kept == 5 and number % 7:
            continue
        customer = f"c{number}"
        first = an_order(f"first-{number}", "1000.00", at=NOW - days(30), subject=f"customer:{customer}")
        record(session, [first], NOW + days(3))
        for name in ordered:
            fact = steps(at)[name]
            data = fact.data | {"order_id": f"X{number}"}
            data |= {"payment_id": f"p{number}"} if "payment_id" in data else {}
            said = Fact(
                SHOP, f"{fact.id}-{number}", fact.type, fact.occurred_at, f"customer:{customer}", data
            )
            outcome = record(session, [said], NOW + days(3))[0]
            assert outcome.refusal is None, (ordered, name, outcome.refusal)
        found.add(str(ends(session, customer)).replace(f"-{number}", ""))
    assert len(found) == 1, found
    assert prove(session).flaws == []


GUARDED = (
    TERMS + "guards:\n  - {slug: orders, name: Orders, on: order.paid, at_most: 2, within: {hours: 1}}\n"
)


@pytest.mark.parametrize("aside", [False, True])
def test_what_guards_hold_back_earns_nothing_and_is_paid_for(session: Session, aside: bool) -> None:
    in_force(session, GUARDED)
    member_id = record(session, [an_order("first", "1000.00", at=NOW - days(30))], NOW)[0].member_id
    assert member_id
    if aside:
        hold(session, member_id)
    record(session, [the_order()], NOW + MINUTE)
    assert left(session, member_id) == (535, 0, 535)
    burst = [an_order(f"b{n}", "1.00", at=NOW + n * MINUTE) for n in (2, 3, 4)]
    record(session, burst, NOW + 5 * MINUTE)
    assert left(session, member_id, 5 * MINUTE) == (500, 0, 500)


def test_who_has_left_waits_with_what_was_set_aside(engine: Engine) -> None:
    with database.transaction(engine) as session:
        member_id = with_points(session)
        hold(session, member_id)
        own.leave(session, member_id, f"member:{member_id}", NOW + MINUTE)
    with database.reading(engine) as session:
        assert paying.overdue(session, NOW + days(1)) == []
    assert due.lapse_payments(engine, NOW + days(1)) == 0
    with database.transaction(engine) as session:
        own.come_back(session, member_id, f"member:{member_id}", NOW + days(2))
    assert due.lapse_payments(engine, NOW + days(2)) == 1
    with database.transaction(engine) as session:
        assert left(session, member_id, days(3)) == (1000, 0, 1000)
