"""The dates of two known ladders, and the basket of a third, as tables that anybody can reckon by hand.

Beauty: a tier holds for the rest of the year and all of the next. Linen: what was spent in the last twelve months.
Each row is a customer of its own, of one shop, by its API.
"""

from __future__ import annotations

from typing import Any

import pytest

from members.programme.presets import text
from tests.engine.till import Till

Bought = list[tuple[str, str]]

BEAUTY: list[tuple[Bought, str, str, str | None]] = [
    ([("2026-03-10", "349.99")], "2026-03-10", "insider", None),
    ([("2026-03-10", "350.00")], "2026-03-10", "vib", "2027-12-31"),
    ([("2026-03-10", "350.00")], "2027-12-31", "vib", "2027-12-31"),
    ([("2026-03-10", "350.00")], "2028-01-01", "insider", None),
    ([("2026-12-31", "1000.00")], "2027-12-31", "rouge", "2027-12-31"),
    ([("2026-12-31", "1000.00")], "2028-01-01", "insider", None),
    ([("2026-01-01", "1000.00")], "2027-12-31", "rouge", "2027-12-31"),
    ([("2026-11-30", "200.00"), ("2027-01-02", "200.00")], "2027-01-02", "insider", None),
    ([("2026-05-01", "1000.00"), ("2027-05-01", "350.00")], "2027-06-01", "rouge", "2027-12-31"),
    ([("2026-05-01", "1000.00"), ("2027-05-01", "350.00")], "2028-01-01", "vib", "2028-12-31"),
    ([("2026-05-01", "350.00"), ("2027-05-01", "350.00")], "2027-05-01", "vib", "2028-12-31"),
    ([("2028-02-29", "350.00")], "2029-12-31", "vib", "2029-12-31"),
]
LINEN: list[tuple[Bought, str, str]] = [
    ([("2026-03-10", "349.99")], "2026-03-10", "friends"),
    ([("2026-03-10", "350.00")], "2027-03-09", "family"),
    ([("2026-03-10", "350.00")], "2027-03-10", "friends"),
    ([("2026-03-10", "400.00"), ("2026-09-01", "400.00")], "2027-03-09", "vip"),
    ([("2026-03-10", "400.00"), ("2026-09-01", "400.00")], "2027-03-10", "family"),
    ([("2026-03-10", "400.00"), ("2026-09-01", "400.00")], "2027-09-01", "friends"),
    ([("2028-02-29", "800.00")], "2029-02-27", "vip"),
    ([("2028-02-29", "800.00")], "2029-02-28", "friends"),
]


def opened(till: Till, preset: str) -> Till:
    till.at("2025-12-01 12:00").open(text(preset))
    return till


def bought(till: Till, ones: Bought, customer: str = "1") -> None:
    for number, (day, amount) in enumerate(ones):
        till.at(f"{day} 12:00").post(till.order(f"{customer}-{number}", amount, customer=customer))


def quoted(till: Till, lines: list[dict[str, Any]], **more: str) -> dict[str, Any]:
    answer = till.ask("/payments/quote", {"subject": "customer:1", "currency": "USD", "lines": lines} | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def a_line(amount: str, name: str = "1", *category: str) -> dict[str, Any]:
    return {
        "line_id": name,
        "sku": name,
        "quantity": "1",
        "amount": amount,
        "category": list(category) or ["OTHER"],
    }


@pytest.mark.feature(38)
def test_beauty(till: Till) -> None:
    opened(till, "beauty")
    for number, (ones, day, tier, until) in enumerate(BEAUTY, 1):
        bought(till, ones, str(number))
        found = till.at(f"{day} 12:00").standing(str(number))
        assert (found["tier"]["slug"], found["tier_until"] if until else None) == (tier, until), (ones, day)
    till.at("2030-01-01 12:00").proven()


@pytest.mark.feature(36)
def test_linen(till: Till) -> None:
    opened(till, "linen")
    for number, (ones, day, tier) in enumerate(LINEN, 1):
        bought(till, ones, str(number))
        assert till.at(f"{day} 12:00").tier(str(number)) == tier, (ones, day)
    till.at("2030-01-01 12:00").proven()


@pytest.mark.feature(43)
def test_beauty_gives_a_point_and_a_quarter_and_a_half_for_a_dollar(till: Till) -> None:
    opened(till, "beauty")
    points = 0
    for day, amount, gained in (("01", "350.00", 350), ("02", "650.00", 812), ("03", "100.00", 150)):
        points += gained
        till.at(f"2026-03-{day} 12:00").post(till.order(day, amount))
        assert till.balance() == points


@pytest.mark.feature(55)
def test_linen_pays_ten_dollars_with_two_hundred_points_and_at_most_thirty(till: Till) -> None:
    bought(opened(till, "linen"), [("2026-03-10", "1500.00")])
    till.at("2026-03-30 12:00")
    most = quoted(till, [a_line("500.00")])
    assert (most["points"], most["money"], most["limited_by"]) == (600, "30.00", "most")
    small = quoted(till, [a_line("29.99")])
    assert (small["points"], small["money"]) == (400, "20.00")


@pytest.mark.feature(55)
def test_the_kettle_brings_a_tenth_and_the_microwave_is_paid_to_three_tenths(till: Till) -> None:
    """39.99 × 10 % = 3.999 and 129.99 × 3 % = 3.8997: together 7.8987, so 7.89 come back."""
    basket = [
        a_line("39.99", "kettle", "HOME", "KETTLES"),
        a_line("129.99", "oven", "HOME", "MICROWAVES"),
        a_line("50.00", "card", "GIFT CARDS"),
    ]
    opened(till, "cashback").at("2026-03-10 12:00").post(till.order("o", *basket))
    found = till.at("2026-03-24 12:00").standing()
    assert ([one["available"] for one in found["wallets"]], found["available"]) == ([789], 0)
    bought(till, [("2026-03-25", "400.00"), ("2026-03-26", "20000.00")])
    till.at("2026-04-20 12:00")
    most = quoted(till, basket, wallet="cash")
    assert (most["money"], [one["most"] for one in most["lines"]], most["limited_by"]) == (
        "78.98",
        ["39.99", "38.99", "0.00"],
        "ceilings",
    )
    phone = [a_line("999.99", "phone", "PHONES")]
    assert quoted(till, phone, wallet="cash")["money"] == "199.99"  # a fifth, as gold
    body = {"subject": "customer:1", "currency": "USD", "lines": basket, "order_id": "y", "wallet": "cash"}
    made = till.ask("/payments", body | {"points": 5000}, **{"Idempotency-Key": "basket"})
    assert (made.status_code, made.json()["money"]) == (200, "50.00"), made.text
