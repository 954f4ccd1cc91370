"""The effective history: what counts, where, and after which later news."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from facts.events import Fact
from facts.history import about_of, changes, events, follows, object_of, silent, told_of

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)


def fact(kind: str, hours: float, name: str = "", source: str = "shop", **data: Any) -> Fact:
    return Fact(source, name or f"{kind}-{hours}", kind, AT + timedelta(hours=hours), "customer:1", data)


def paid(order: str, hours: float, name: str = "", source: str = "shop", amount: str = "10.00") -> Fact:
    line = {"line_id": "1", "sku": "tea", "quantity": "2", "amount": amount}
    return fact("order.paid", hours, name, source, order_id=order, currency="USD", lines=[line])


def refunded(order: str, hours: float, amount: str, source: str = "shop") -> Fact:
    return fact("order.refunded", hours, "", source, order_id=order, refund_id=str(hours), amount=amount)


def told(*facts: Fact) -> list[tuple[str, str, int]]:
    """(type, id, amount of the order) of each event."""
    return [(event.type, event.key[2], event.order.amount if event.order else 0) for event in events(facts)]


def test_what_a_fact_is_about() -> None:
    assert object_of("order.placed", {"order_id": "7"}) == "order:7"
    assert object_of("order.refunded", {"order_id": "7", "refund_id": "8"}) == "order:7"
    assert object_of("redemption.captured", {"redemption_id": "9"}) == "redemption:9"
    assert object_of("badge.granted", {"badge": "a", "batch": "5"}) == "batch:5"
    assert object_of("badge.granted", {"badge": "a"}) == object_of("x.bread", {"batch": "5"}) == ""
    assert object_of("gift.taken", {"gift_id": "3"}) == "gift:3"
    assert object_of("gift.received", {"gift_id": "3"}) == "gift:3:received", "a gift has two ends"
    assert object_of("game.cancelled", {"merge": "m:0"}) == "game:m:0"
    assert object_of("referral.rewarded", {"referral": "r", "step": "2"}) == "referral:r:2"
    assert object_of("import.tier", {"item": "i"}) == "import:i"
    assert object_of("visit", {"page": "/"}) == ""
    assert object_of("x.reorder.made", {"order_id": "7"}) == ""


@pytest.mark.parametrize(
    ("kind", "data", "order"),
    [("x.accepted", {"order_id": "7"}, "order:7"), ("x.accepted", {"order_id": "7" * 200}, "order:" + "7" * 200),
     ("x.accepted", {"order_id": "7" * 201}, ""), ("x.accepted", {"order_id": 7}, ""), ("x.accepted", {}, ""),
     ("x.accepted", {"order_id": ""}, ""), ("x.accepted", {"order_id": "7\x00"}, ""),
     ("x.accepted", {"order_id": None}, ""), ("order.delivered", {"order_id": "7"}, "")],
)  # fmt: skip
def test_the_order_that_a_fact_of_the_shops_own_names(kind: str, data: dict[str, Any], order: str) -> None:
    assert told_of(kind, data) == order


def test_an_order_knows_when_each_fact_of_the_shops_own_was_first_told_of_it_and_they_count_as_well() -> None:
    facts = [
        paid("A", 0, "a"),
        fact("x.accepted", 5, "late", order_id="A"),
        fact("x.accepted", 3, "first", order_id="A"),
        fact("x.packed", -1, "early", order_id="A"),
        fact("x.accepted", 1, "of another", order_id="B"),
        fact("x.accepted", 2, "theirs", "other", order_id="A"),
        fact("x.accepted", 2.5, "of none"),
    ]
    for arrived in (facts, facts[::-1]):
        (order,) = (event for event in events(arrived) if event.order)
        assert order.told == {"x.accepted": AT + timedelta(hours=3), "x.packed": AT - timedelta(hours=1)}
        assert len(events(arrived)) == len(facts)


def test_a_fact_of_the_shops_own_calls_no_order_off_whatever_it_is_called() -> None:
    assert told(paid("A", 0, "a"), fact("x.visit.cancelled", 1, "b", order_id="A")) == [
        ("order.paid", "a", 1000), ("x.visit.cancelled", "b", 0)]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "changing", "quiet"),
    [("order.refunded", True, False), ("order.cancelled", True, False), ("redemption.captured", True, False),
     ("redemption.cancelled", True, False), ("order.placed", False, True), ("order.delivered", False, True),
     ("order.paid", False, False), ("redemption.made", False, False), ("visit", False, False)],
)  # fmt: skip
def test_kinds_that_change_others_and_kinds_that_move_nothing(kind: str, changing: bool, quiet: bool) -> None:
    assert (changes(kind), silent(kind)) == (changing, quiet)


def test_events_are_in_their_order_not_in_the_order_of_arrival() -> None:
    late, early, same = paid("B", 2, "b"), fact("visit", 1, "a"), fact("visit", 1, "0", "a-shop")
    assert told(late, early, same) == [("visit", "0", 0), ("visit", "a", 0), ("order.paid", "b", 1000)]


def test_silent_facts_are_no_events() -> None:
    quiet = [fact("order.placed", 0, order_id="A"), fact("order.delivered", 1, order_id="A")]
    assert told(*quiet, paid("A", 2, "paid")) == [("order.paid", "paid", 1000)]


def test_a_refund_changes_its_order_and_no_other() -> None:
    facts = [refunded("A", -1, "1.00"), paid("A", 0, "a"), paid("B", 1, "b"), paid("A", 2, "theirs", "other"),
             refunded("A", 3, "2.50"), refunded("A", 4, "4.00", "other"), refunded("nothing", 5, "1.00")]  # fmt: skip
    assert told(*facts) == [
        ("order.paid", "a", 650),
        ("order.paid", "b", 1000),
        ("order.paid", "theirs", 600),
    ]
    assert told(*reversed(facts)) == told(*facts)


def test_an_order_that_is_all_back_or_called_off_did_not_happen() -> None:
    assert told(paid("A", 0), refunded("A", 1, "10.00")) == []
    assert told(paid("A", 0), fact("order.cancelled", 1, order_id="A")) == []
    assert told(fact("order.cancelled", -1, order_id="A"), paid("A", 0)) == []
    assert told(paid("A", 0, "a"), fact("order.cancelled", 1, order_id="B")) == [("order.paid", "a", 1000)]


def test_an_order_paid_twice_counts_once_where_it_was_paid_first() -> None:
    twice = [paid("A", 5, "again", amount="99.00"), paid("A", 0, "first"), paid("B", 6, "b")]
    assert told(*twice) == [("order.paid", "first", 1000), ("order.paid", "b", 1000)]
    assert told(*twice, fact("order.cancelled", 1, order_id="A")) == [("order.paid", "b", 1000)]


def test_deeds_that_are_about_nothing_each_count() -> None:
    assert len(events([fact("visit", 0, "1"), fact("visit", 0, "2"), fact("visit", 1, "3")])) == 3


def test_a_redemption_knows_when_it_was_handed_over() -> None:
    made = fact("redemption.made", 0, "made", redemption_id="r", points=5)
    done = fact("redemption.captured", 9, "done", redemption_id="r")
    again = fact("redemption.captured", 12, "again", redemption_id="r")
    other = fact("redemption.captured", 3, "other", redemption_id="s")
    (event,) = events([done, again, other, made])
    assert (event.settled, event.order, event.data) == (AT + timedelta(hours=9), None, made.data)
    assert (event.key, event.at) == ((AT, "shop", "made"), AT)
    (event,) = events([made, other])
    assert event.settled is None
    assert events([made, done, fact("redemption.cancelled", 10, redemption_id="r")]) == []


def test_what_a_fact_is_about_where_facts_of_the_shops_own_are_waited_for() -> None:
    waits = frozenset({"x.accepted"})
    table: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("x.accepted", {"order_id": "7"}, "order:7"),
        ("x.accepted", {"order_id": 7}, ""),
        ("x.packed", {"order_id": "7"}, ""),
        ("order.paid", {"order_id": "7"}, "order:7"),
        ("visit", {"order_id": "7"}, ""),
    )
    for kind, data, about in table:
        assert about_of(fact(kind, 0, **data), waits) == about
    assert about_of(fact("x.accepted", 0, order_id="7"), ()) == ""


def test_which_facts_tell_more_of_an_order_or_of_another_fact() -> None:
    follow = {"order.delivered", "order.refunded", "order.cancelled", "gift.taken", "import.cancelled"}
    others = {"order.paid", "order.placed", "visit", "x.accepted", "gift.given", "payment.held"}
    assert {kind for kind in follow | others if follows(kind)} == follow


def held(hours: float, money: str = "4.00", points: int = 400) -> Fact:
    return fact("payment.held", hours, "h", payment_id="p", order_id="A", points=points, money=money)


def came(kind: str, hours: float) -> Fact:
    return fact(kind, hours, order_id="A", payment_id="p")


def test_points_that_wait_for_an_order_are_an_event_settled_when_it_is_placed() -> None:
    for arrived in (facts := [held(0), came("payment.committed", 2), fact("visit", 1)]), facts[::-1]:
        first, _ = events(arrived)
        assert (first.key, first.type, first.data) == (facts[0].key, "payment.held", facts[0].data)
        assert first.settled == AT + timedelta(hours=2)
    (waiting,) = events([held(0)])
    assert waiting.settled is None


@pytest.mark.parametrize("hours", [-1, 1])
def test_points_for_an_order_that_was_called_off_are_no_event(hours: float) -> None:
    assert events([held(0), paid("A", hours), came("order.cancelled", 3)]) == []
    assert events([held(0), came("order.cancelled", 3)]) == []


def test_points_that_wait_for_a_paid_order_are_as_many_as_it_takes() -> None:
    order = fact("order.paid", 0, "a", order_id="A", currency="USD", points_paid="4.00",
                 lines=[{"line_id": "1", "sku": "tea", "quantity": "2", "amount": "10.00"}])  # fmt: skip
    other = paid("B", -3, "b")
    for more, points in (((), 400), ((refunded("A", 3, "5.00"),), 200)):
        for arrived in (facts := [held(-1), order, other, *more]), facts[::-1]:
            found = {event.type: event for event in events(arrived)}
            assert (found["payment.held"].key, found["payment.held"].settled) == (held(-1).key, None)
            assert found["payment.held"].data == held(-1).data | {"points": points}
    assert [event.type for event in events([held(-1, "0.00"), order])] == ["order.paid"]
    assert [event.type for event in events([order, held(1)])] == ["order.paid"], "the order took them itself"
