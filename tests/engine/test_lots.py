"""Which points go first, how they come back to where they came from, and what happens when too many were spent."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budget import CALM, examples
from tests.engine.till import NEW_YORK, SOURCE, Till, short, sums
from tests.engine.wording import a_programme

ONE_LEVEL = "  levels:\n    - {slug: member, name: Member, threshold: 0}\n"
KINDS = """  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}
  - {kind: extra_points, slug: gift, points: 20, promotional: true, expires_days: 20, where: {skus: [gift]}}
  - {kind: extra_points, slug: long-gift, points: 10, promotional: true, expires_days: 60, where: {skus: [long-gift]}}
  - {kind: extra_points, slug: brief, points: 15, expires_days: 9, where: {skus: [brief]}}"""
START = datetime(2026, 2, 20, 15, tzinfo=UTC)
customers = count(1)


@dataclass
class Plain:
    """A lot as a person would write it down."""

    cause: str
    left: int
    promotional: bool
    end: datetime
    place: tuple[Any, ...]


def end_of(at: datetime, days: int | None) -> datetime:
    """The midnight in New York after the last day of points earned at a moment."""
    day = at.astimezone(NEW_YORK).date()
    last = day + timedelta(days=days) if days is not None else day.replace(year=day.year + 1)
    return datetime.combine(last + timedelta(days=1), time(), NEW_YORK).astimezone(UTC)


steps = st.lists(
    st.tuples(
        st.integers(0, 60 * 24),
        st.sampled_from(["tea", "gift", "long-gift", "brief", "spend"]),
        st.integers(1, 40),
    ),
    min_size=2,
    max_size=9,
)


@pytest.mark.feature(24)
@given(steps=steps, seed=st.integers(0, 10**6))
@settings(max_examples=examples(10, full=25), deadline=None, suppress_health_check=CALM)
def test_points_burn_promotional_first_then_by_expiry_then_by_when_they_came(
    burning: Till, steps: list[tuple[int, str, int]], seed: int
) -> None:
    """Facts arrive in any order; what is left of each lot is what burning in that order leaves."""
    customer = f"c{next(customers)}"
    lots: list[Plain] = []
    events: list[dict[str, Any]] = []
    for number, (hours, what, size) in enumerate(sorted(steps)):
        at, name = START + timedelta(hours=hours, minutes=number), f"{customer}-{number}"
        live = [lot for lot in lots if lot.left and lot.end > at]
        if what == "spend":
            left = min(size, sum(lot.left for lot in live))
            if left:
                paid = f"{left / 100:.2f}"
                events.append(burning.order(name, paid, customer=customer, at=at, points_paid=paid))
            for lot in sorted(live, key=lambda lot: (not lot.promotional, lot.end, lot.place)):
                taken = min(left, lot.left)
                lot.left, left = lot.left - taken, left - taken
            continue
        event = burning.order(name, {"sku": what, "amount": f"{size}.00"}, customer=customer, at=at)
        events.append(event)
        rules = [
            ("base", size, False, None),
            ("gift", 20, True, 20),
            ("long-gift", 10, True, 60),
            ("brief", 15, False, 9),
        ]
        for rule, points, promotional, days in rules:
            if rule in ("base", what):
                place = (at, SOURCE, event["id"], rule)
                lots.append(
                    Plain(
                        short(f"earn|{SOURCE}|{event['id']}|{rule}"),
                        points,
                        promotional,
                        end_of(at, days),
                        place,
                    )
                )
    random.Random(seed).shuffle(events)
    burning.at(START + timedelta(days=61))
    for event in events:
        burning.post(event)
    if not events:
        return
    burning.night()
    expected = {lot.cause: lot.left for lot in lots if lot.left and lot.end > burning.now}
    assert burning.lots(customer) == expected


@pytest.fixture
def burning(till: Till) -> Till:
    till.at(START).open(a_programme(earning=KINDS, levels=ONE_LEVEL))
    return till


@pytest.mark.feature(24)
def test_a_gift_never_eats_base_points(till: Till) -> None:
    """Promotional points that are taken back leave the base points as they were."""
    till.at("2026-02-01 10:00").open(a_programme(earning=KINDS, levels=ONE_LEVEL))
    till.post(till.order("A", "50.00"), till.order("G", {"sku": "gift", "amount": "0.50"}))
    till.later(days=1).post(till.order("S", "0.20", points_paid="0.20"))
    assert till.lots() == {"earn order.paid-A base": 50}
    till.later(days=1).post(till.refund("G", ("1", "0.50")))
    found = till.standing()
    assert (found["available"], found["debt"]) == (30, 0), "what was spent is now taken from what is there"


@pytest.mark.feature(28)
def test_a_full_refund_gives_spent_points_back_to_their_very_lots(till: Till) -> None:
    till.at("2026-02-01 10:00").open(a_programme(earning=KINDS, levels=ONE_LEVEL))
    till.post(till.order("A", "50.00"), till.order("G", {"sku": "gift", "amount": "0.50"}))
    till.later(days=1).post(till.order("B", "30.00"))
    before, found = till.lots(), till.standing()
    till.later(days=1).post(till.order("C", "40.00", points_paid="0.60"))
    assert till.lots() == {
        "earn order.paid-A base": 10,
        "earn order.paid-B base": 30,
        "earn order.paid-C base": 39,
    }
    till.later(days=2).post(till.refund("C", ("1", "40.00")))
    assert till.lots() == before
    after = till.standing()
    assert after == found, "balance, expiry dates and what the tiers count are as they were"
    assert sums(till.entries()) == {"earned": 139, "spent": -60, "reversal": 21}
    till.proven()


@pytest.mark.feature(28)
def test_a_lot_whose_time_is_over_gets_its_points_back_and_loses_them(till: Till) -> None:
    till.at("2026-02-01 10:00").open(a_programme(earning=KINDS, levels=ONE_LEVEL))
    till.post(till.order("A", "5.00"), till.order("G", {"sku": "gift", "amount": "0.50"}))
    till.later(days=1).post(till.order("C", "0.20", points_paid="0.20"))
    till.at("2026-03-10 10:00").post(till.refund("C", ("1", "0.20")))
    assert till.standing()["available"] == 5
    till.night()
    assert till.lots() == {"earn order.paid-A base": 5}
    (lost,) = [row for row in till.entries() if row["kind"] == "expired"]
    assert (lost["amount"], lost["occurred_at"]) == (-20, "2026-02-22T05:00:00Z")


@pytest.mark.feature(28)
def test_a_reward_called_off_gives_its_points_back_to_their_lots(till: Till) -> None:
    tea = "  - {slug: tea, kind: product, name: Tea, price: 45}"
    mug = "  - {slug: mug, kind: product, name: Mug, price: 30, fulfilment: by_staff}"
    rewards = f"{tea}\n{mug}"
    till.at("2026-02-01 10:00").open(a_programme(earning=KINDS, levels=ONE_LEVEL, rewards=rewards))
    till.post(till.order("A", "70.00"), till.order("G", {"sku": "gift", "amount": "0.50"}))
    before = till.lots()
    tea, mug = till.redeem("tea").json(), till.later(hours=1).redeem("mug").json()
    assert till.lots()["earn order.paid-A base"] == 15
    assert till.standing()["held"] == 30
    assert till.later(days=1).call_off(tea["redemption_id"]).status_code == 200
    assert till.call_off(mug["redemption_id"]).status_code == 200
    assert till.call_off(mug["redemption_id"]).status_code == 200, "twice is once"
    assert till.lots() == before
    till.proven()


@pytest.mark.feature(29)
def test_one_line_of_three_comes_back(till: Till) -> None:
    till.at("2026-02-01 10:00").open(a_programme(levels=ONE_LEVEL))
    till.post(till.order("A", "10.50", "20.60", "30.90"))
    assert till.balance() == 62
    till.later(days=1).post(till.refund("A", ("2", "20.60")))
    assert till.balance() == 41, "10.50 + 30.90, rounded once"
    (entry,) = [row for row in till.entries() if row["kind"] == "earned" and row["cause"].endswith("|2")]
    assert till.points_of_lines(entry) == ["+10", "", "+31"]
    till.post(till.refund("A", ("1", "10.50"), ("3", "30.90")))
    assert (till.balance(), till.lots()) == (0, {})


parts = st.lists(
    st.tuples(st.sampled_from(["line", "amount"]), st.integers(0, 2), st.integers(1, 900)),
    min_size=1,
    max_size=6,
)


@pytest.mark.feature(29)
@pytest.mark.parametrize("rounding", ["down", "up", "half_even"])
@given(back=parts, prices=st.lists(st.integers(50, 1500), min_size=3, max_size=3), paid=st.integers(0, 140))
@settings(max_examples=examples(4, full=8), deadline=None, suppress_health_check=CALM)
def test_partial_refunds_together_take_back_no_more_than_was_given(
    rounded: dict[str, Till], rounding: str, back: list[tuple[str, int, int]], prices: list[int], paid: int
) -> None:
    """After each part: never more back than was earned, never more restored than was spent, and nothing at the end."""
    till = rounded[rounding]
    customer = f"p{next(customers)}"
    till.at(START).post(till.order(f"{customer}-first", "200.00", customer=customer))
    saved = till.balance(customer)
    cents = [f"{price / 100:.2f}" for price in prices]
    order = f"{customer}-A"
    till.later(days=1).post(till.order(order, *cents, customer=customer, points_paid=f"{paid / 100:.2f}"))
    full = till.balance(customer) - saved
    till.later(days=1)
    left = list(prices)
    for how, line, size in back:
        if how == "line":
            part = min(size, left[line])
            left[line] -= part
            refund = till.refund(order, (str(line + 1), f"{part / 100:.2f}"), customer=customer)
        else:
            refund = till.refund(order, customer=customer, amount=f"{size / 100:.2f}")
        till.post(refund)
        now = till.balance(customer)
        assert saved - paid <= now <= saved + full + paid
    till.post(till.refund(order, customer=customer, amount="100.00"))
    assert till.balance(customer) == saved
    assert till.lots(customer) == {f"earn order.paid-{customer}-first base": saved}


@pytest.fixture
def rounded(till: Till, rounding: str) -> dict[str, Till]:
    rule = f'  - {{kind: points_per_money, slug: base, points: 3, per: "2.00", rounding: {rounding}}}'
    till.at(START).open(a_programme(earning=rule, levels=ONE_LEVEL))
    return {rounding: till}
