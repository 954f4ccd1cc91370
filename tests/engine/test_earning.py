"""What facts earn: the basis of points per money, other deeds, and caps with their reasons."""

from __future__ import annotations

import json
from fractions import Fraction
from math import ceil, floor

import pytest

from tests.engine.till import Till
from tests.engine.wording import a_programme

LEVEL_ONE = "  levels:\n    - {slug: member, name: Member, threshold: 0}\n"
LINES = ({"amount": "10.99", "tax": "0.99", "discount": "2.00"}, {"amount": "5.51", "tax": "0.51"})

# 16.50 charged, 1.50 of it tax; 2.00 was the discount, 4.00 the delivery, and 3.00 was paid with points.
# (tax, shipping, before the discount, the part paid with points) → cents that count
BASES = {
    (True, False, False, False): 1350,
    (False, False, False, False): 1200,
    (True, True, False, False): 1750,
    (False, True, False, False): 1600,
    (True, False, True, False): 1550,
    (False, False, True, False): 1400,
    (True, True, True, False): 1950,
    (False, True, True, False): 1800,
    (True, False, False, True): 1650,
    (False, False, False, True): 1500,
    (True, True, False, True): 2050,
    (False, True, False, True): 1900,
    (True, False, True, True): 1850,
    (False, False, True, True): 1700,
    (True, True, True, True): 2250,
    (False, True, True, True): 2100,
}


def slug_of(basis: tuple[bool, ...]) -> str:
    return "b" + "".join("ny"[counts] for counts in basis)


def basis_rule(basis: tuple[bool, ...]) -> str:
    tax, shipping, discount, paid = (str(counts).lower() for counts in basis)
    return (
        f'  - {{kind: points_per_money, slug: {slug_of(basis)}, points: 7, per: "3.00", basis: '
        f"{{tax: {tax}, shipping: {shipping}, before_discount: {discount}, points_paid: {paid}}}}}"
    )


@pytest.mark.feature(10)
def test_every_combination_of_the_basis_counts_what_it_says(till: Till) -> None:
    """One order, one rule for each combination; the lines' points add up to the order's, all of them integers."""
    till.open(a_programme(earning="\n".join(basis_rule(basis) for basis in BASES), levels=LEVEL_ONE))
    till.post(till.order("A", *LINES, shipping="4.00", points_paid="3.00"))
    found = {row["rule"]: row for row in till.entries() if row["kind"] == "earned"}
    assert {slug: row["amount"] for slug, row in found.items()} == {
        slug_of(basis): cents * 7 // 300 for basis, cents in BASES.items()
    }
    for (_, shipping, _, _), row in zip(BASES, (found[slug_of(basis)] for basis in BASES), strict=True):
        by_line = [int(text.lstrip("+") or 0) for text in till.points_of_lines(row)]
        assert len(by_line) == 2
        assert all(points > 0 for points in by_line)
        if shipping:
            delivery = row["amount"] - sum(by_line)
            assert delivery in (400 * 7 // 300, 400 * 7 // 300 + 1)
        else:
            assert sum(by_line) == row["amount"]
    assert till.balance() == sum(cents * 7 // 300 for cents in BASES.values()) - 300
    till.proven()


ROUNDED = {"down": floor, "up": ceil, "half_up": lambda x: floor(x + Fraction(1, 2)), "half_even": round}


@pytest.mark.feature(10)
def test_points_are_rounded_once_an_order_by_the_rule_that_was_chosen(till: Till) -> None:
    """Three lines of 0.50, 1.00 and 0.99 are 2.49 together, whatever each of them would be alone."""
    rules = [
        f'  - {{kind: points_per_money, slug: r-{name.replace("_", "-")}, points: 1, per: "1", rounding: {name}}}'
        for name in ROUNDED
    ]
    till.open(a_programme(earning="\n".join(rules), levels=LEVEL_ONE))
    amounts = ["2.49", "2.50", "3.50", "0.01", "7.00"]
    for i, amount in enumerate(amounts):
        split = ("0.50", "1.00", "0.99") if amount == "2.49" else (amount,)
        till.post(till.order(f"o{i}", *split, customer=str(i)))
    for i, amount in enumerate(amounts):
        found = {row["rule"]: row["amount"] for row in till.entries(str(i))}
        exact = Fraction(amount)
        expected = {f"r-{name.replace('_', '-')}": rounded(exact) for name, rounded in ROUNDED.items()}
        assert found == {slug: points for slug, points in expected.items() if points}
        assert till.balance(str(i)) == sum(expected.values())


@pytest.mark.feature(10)
def test_multipliers_exclusions_and_the_tier_meet_in_one_rounding(till: Till) -> None:
    """1.5 on one line, nothing on another, the tier's 1.5 on all: 10.33 × 1.5 × 1.5 + 3.33 × 1.5 = 28.2375 → 28."""
    earning = """  - {kind: multiply, slug: pastry, factor: 1.5, where: {categories: [BAKERY > PASTRY]}}
  - {kind: exclude, slug: cards, where: {brands: [GiftCo]}}
  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}"""
    till.open(a_programme(earning=earning))
    till.post(till.order("up", "100.00"))
    assert till.tier() == "silver"
    till.later(hours=1)
    lines = (
        {"amount": "10.33", "category": ["BAKERY", "PASTRY", "CROISSANT"]},
        {"amount": "3.33"},
        {"amount": "50.00", "brand": "GiftCo", "category": ["BAKERY", "PASTRY"]},
    )
    (answer,) = till.send(till.order("B", *lines))
    assert answer["points"] == 28
    (entry,) = [row for row in till.entries() if "order.paid-B" in row["cause"]]
    assert till.points_of_lines(entry) == ["+23", "+5", ""]


DEEDS = """  - {kind: fixed_points, slug: review, on: review.posted, points: 40, cap_per_day: 200}
  - {kind: fixed_points, slug: bottle, on: x.bottle_returned, points: 3}
  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}"""


@pytest.mark.feature(14)
def test_a_deed_is_paid_by_its_rule_and_by_no_other(till: Till) -> None:
    till.open(a_programme(earning=DEEDS))
    answers = till.send(
        till.event("review.posted", {"review_id": "r1", "rating": 5}),
        till.event("x.bottle_returned", {"size": 2, "shop": "north", "clean": True}),
        till.event("visit", {"page": "/tea"}, customer="2"),
        till.event("x.bottle_returned", {"size": 0.5}),
        till.event("x.Bottle", {}),
    )
    assert [answer["status"] for answer in answers] == ["recorded"] * 3 + ["refused"] * 2
    assert till.balance() == 43
    assert till.balance("2") == 0
    assert {(row["rule"], row["amount"]) for row in till.entries()} == {("review", 40), ("bottle", 3)}


@pytest.mark.feature(17)
def test_the_sixth_review_of_a_day_brings_nothing_and_says_why(till: Till) -> None:
    till.open(a_programme(earning=DEEDS))
    till.at("2026-11-20 18:00")
    for i in range(7):
        till.post(till.event("review.posted", {"review_id": f"r{i}"}))
    rows = till.entries()
    assert [row["amount"] for row in rows] == [40, 40, 40, 40, 40, 0, 0]
    assert [row["why"].get("caps") for row in rows] == [None] * 5 + [[["rule_day", 0]]] * 2
    assert till.history().entries[0].amount == "0"
    assert "0 points were still possible" in till.history().entries[0].why
    till.at("2026-11-20 23:59:59").post(till.event("review.posted", {"review_id": "late"}))
    assert till.balance() == 200
    till.at("2026-11-21 00:00").post(till.event("review.posted", {"review_id": "new day"}))
    assert till.balance() == 240


@pytest.mark.feature(17)
def test_a_cap_of_the_day_binds_all_rules_together_and_a_return_frees_it(till: Till) -> None:
    points = "  cap_per_day: 100\n  expiry: {kind: never}"
    till.open(a_programme(points=points, earning=DEEDS, levels=LEVEL_ONE))
    till.at("2026-11-20 09:00").post(till.order("A", "70.00"))
    till.later(hours=1).post(till.event("review.posted", {"review_id": "r1"}))
    till.later(hours=1).post(till.order("B", "50.00"))
    assert [row["amount"] for row in till.entries()] == [70, 30, 0]
    assert json.dumps(till.entries()[1]["why"]["caps"]) == '[["rule_day", 200], ["member_day", 30]]'
    till.later(days=3).post(till.refund("A", ("1", "70.00")))
    assert till.balance() == 40 + 50, "the review and the second order have room again"
    till.proven()


@pytest.mark.feature(17)
def test_a_cap_cuts_the_same_wherever_the_facts_come_late(till: Till) -> None:
    """History decides which review is the sixth, not arrival."""
    till.open(a_programme(earning=DEEDS))
    start = till.at("2026-11-20 08:00").now
    till.at("2026-11-21 08:00")
    for i in (6, 2, 5, 1, 3, 0, 4):
        till.post(till.event("review.posted", {"review_id": f"r{i}"}, at=start.replace(minute=i), id=f"r{i}"))
    assert till.balance() == 200
    assert till.lots() == {f"earn r{i} review": 40 for i in range(5)}
    till.proven()
