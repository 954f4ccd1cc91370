"""Facts that come twice, late, at once or before what they are about; and points that are wanted by many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.engine.till import Till
from tests.engine.wording import a_programme, local

ONE_LEVEL = "  levels:\n    - {slug: member, name: Member, threshold: 0}\n"


@pytest.mark.feature(21)
def test_the_same_event_three_times_and_a_refund_before_its_order(till: Till) -> None:
    till.open(a_programme())
    order = till.order("A", "30.00", "12.00", at=till.now.replace(hour=1))
    refund = till.refund("A", ("2", "12.00"), at=till.now.replace(hour=2))
    said = [till.send(event)[0]["status"] for event in (refund, refund, order, order, refund, order)]
    assert said == ["recorded", "duplicate", "recorded", "duplicate", "duplicate", "duplicate"]
    assert till.balance() == 30
    assert [row["amount"] for row in till.entries()] == [30], "the refund never had anything to take back"
    assert till.facts() == 2
    till.proven()


@pytest.mark.feature(21)
def test_an_order_told_under_two_ids_counts_once(till: Till) -> None:
    till.open(a_programme())
    till.post(till.order("A", "30.00", at=till.now.replace(hour=1)))
    till.post(till.order("A", "30.00", id="webhook-2", at=till.now.replace(hour=2)))
    till.post(till.order("A", "30.00", id="webhook-0", at=till.now.replace(hour=0)))
    assert till.balance() == 30
    till.proven()


@pytest.mark.feature(21)
def test_a_refund_that_names_nobody_waits_for_its_order(till: Till) -> None:
    till.open(a_programme())
    nameless = till.refund("A", ("1", "10.00")) | {"subject": ""}
    assert till.send(nameless)[0]["status"] == "waiting"
    till.post(till.order("A", "10.00", "5.00", at=till.now.replace(hour=1)))
    assert till.balance() == 5
    assert till.send(nameless)[0]["status"] == "duplicate"
    till.proven()


@pytest.mark.feature(21)
def test_an_order_of_somebody_else_is_refused(till: Till) -> None:
    till.open(a_programme())
    till.post(till.order("A", "10.00"))
    (answer,) = till.send(till.order("A", "10.00", id="again", customer="2"))
    assert (answer["status"], answer["problem"]["code"]) == ("refused", "order_of_another")
    (answer,) = till.send(till.refund("A", ("1", "10.00"), customer="2"))
    assert answer["status"] == "recorded"
    assert till.balance("1") == 0, "news of an order goes where the order went"
    till.proven()


@pytest.mark.feature(32)
def test_fifty_want_the_last_hundred_points_and_one_gets_them(till: Till) -> None:
    reward = "  - {slug: tea, kind: product, name: Tea, price: 100}"
    till.open(a_programme(levels=ONE_LEVEL, rewards=reward))
    till.post(till.order("A", "100.00", at=till.now.replace(hour=1)))
    with ThreadPoolExecutor(50) as crowd:
        answers = list(crowd.map(lambda i: till.redeem("tea", f"tap-{i}"), range(50)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 49
    assert {answer.json().get("code") for answer in answers if answer.status_code == 409} == {
        "reward_points_short"
    }
    assert till.standing()["available"] == 0
    assert [row["amount"] for row in till.entries()] == [100, -100]
    till.proven()


@pytest.mark.feature(32)
def test_one_tap_sent_fifty_times_is_one_redemption(till: Till) -> None:
    reward = "  - {slug: tea, kind: product, name: Tea, price: 10, stock: 30}"
    till.open(a_programme(levels=ONE_LEVEL, rewards=reward))
    till.post(till.order("A", "100.00", at=till.now.replace(hour=1)))
    with ThreadPoolExecutor(50) as crowd:
        answers = list(crowd.map(lambda _: till.redeem("tea", "the same tap"), range(50)))
    assert {answer.status_code for answer in answers} == {400}, "a key has no spaces"
    with ThreadPoolExecutor(50) as crowd:
        answers = list(crowd.map(lambda _: till.redeem("tea", "same-tap"), range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["redemption_id"] for answer in answers}) == 1
    assert till.standing()["available"] == 90


@pytest.mark.feature(21)
def test_an_order_told_again_in_another_month_still_counts_where_it_was_paid_first(till: Till) -> None:
    """A late fact replays the later month alone, and must not take the second telling for another order."""
    till.at("2026-03-20 10:00").open(a_programme(levels=ONE_LEVEL))
    till.post(till.order("A", "30.00", at=local("2026-01-10 10:00")))
    till.post(till.order("B", "5.00", at=local("2026-02-10 10:00")))
    till.post(till.order("A", "30.00", id="again", at=local("2026-02-11 10:00")))
    till.post(till.order("C", "5.00", at=local("2026-03-12 10:00")))
    till.post(till.order("late", "1.00", at=local("2026-02-12 10:00")))
    assert till.balance() == 41
    till.proven()


@pytest.mark.feature(21)
def test_what_expired_and_was_spent_by_late_news_expires_again_when_that_is_called_off(till: Till) -> None:
    points = "  expiry: {kind: rolling, months: 1}"
    till.at("2026-01-05 10:00").open(a_programme(points=points, levels=ONE_LEVEL))
    till.post(till.order("A", "1.00"))
    till.at("2026-02-10 10:00").night()
    late = till.order("B", "0.01", at=local("2026-01-20 10:00"), points_paid="0.01")
    till.post(late)
    assert [row["kind"] for row in till.entries()] == ["earned", "expired", "reversal", "spent"]
    till.post(till.event("order.cancelled", {"order_id": "B"}))
    till.later(days=1).night()
    assert till.balance() == 0
    assert till.entries()[-1]["kind"] == "expired"
    till.proven()


def test_an_order_is_in_the_currency_of_its_own_day(till: Till) -> None:
    """Since the shop went over to euros, an old order in dollars still counts, and one in euros from then does not."""
    till.open(a_programme())
    before = till.now
    till.later(days=10).open(a_programme().replace("currency: USD", "currency: EUR"))
    late = till.order("late", "20.00", at=before)
    foreign = till.order("foreign", "20.00", at=before, currency="EUR")
    today = till.order("today", "20.00", currency="EUR")
    said = [answer["status"] for answer in till.send(late, foreign, today)]
    assert said == ["recorded", "refused", "recorded"]
    assert till.balance() == 40
