"""How much of an order points can pay: steps, ceilings, shares and rates, to the last minor unit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.orders import QUANTITY_DIGITS, OrderLine
from rewards.document import Value
from rewards.paying import Payable, Paying, least, payable, worth

CENT = Value(points=1, money="0.01")
KETTLE, MICROWAVE, TEA = ("HOME", "KETTLES"), ("HOME", "MICROWAVES"), ("FOOD", "TEA")


def a_line(amount: int, category: tuple[str, ...] = TEA, line_id: str = "1") -> OrderLine:
    return OrderLine(line_id, ("sku", category, "", ()), 10**QUANTITY_DIGITS, amount)


def asked(
    terms: Paying, available: int, *lines: OrderLine, value: Value = CENT, tier: str = "member"
) -> Payable:
    return payable(terms, value, 2, tier, available, lines)


@pytest.mark.feature(55)
def test_the_kettle_and_the_microwave() -> None:
    terms = Paying.model_validate(
        {"share": 100, "ceilings": [{"where": {"categories": ["HOME > MICROWAVES"]}, "share": 30}]}
    )
    found = asked(terms, 100_000, a_line(3_999, KETTLE, "1"), a_line(12_999, MICROWAVE, "2"))
    assert found == Payable(7_898, 7_898, (3_999, 3_899), (3_999, 3_899), "ceilings")
    assert asked(terms, 5_000, a_line(12_999, MICROWAVE)).points == 3_899


@pytest.mark.parametrize(
    ("terms", "available", "amount", "points", "because"),
    [
        ({"share": 50}, 10_000, 5_000, 2_500, "share"),
        ({"share": 100}, 10_000, 5_000, 5_000, ""),
        ({"share": 100}, 1_234, 5_000, 1_234, "balance"),
        ({"share": 100, "most": 600}, 10_000, 5_000, 600, "most"),
        ({"share": 10, "most": 600}, 10_000, 5_000, 500, "share"),
        ({"share": 100, "most": 600}, 10_000, 500, 500, ""),
        ({"share": 100, "most": 600}, 599, 5_000, 599, "balance"),
        ({"share": 100, "step": 500}, 1_234, 5_000, 1_000, "balance"),
        ({"share": 100, "step": 500, "minimum": 500}, 499, 5_000, 0, "minimum"),
        ({"share": 100, "step": 500}, 499, 5_000, 0, "step"),
        ({"share": 50, "minimum": 500}, 10_000, 900, 0, "minimum"),
        ({"share": 100, "minimum": 500}, 500, 5_000, 500, "balance"),
        ({"share": 100, "step": 400, "minimum": 500}, 500, 5_000, 0, "step"),
        ({"share": 100}, 0, 5_000, 0, "balance"),
        ({}, 10_000, 5_000, 0, "share"),
        ({"share": 100}, 10_000, 0, 0, ""),
    ],
)
def test_what_keeps_it_from_being_more(
    terms: dict[str, int], available: int, amount: int, points: int, because: str
) -> None:
    found = asked(Paying.model_validate(terms), available, a_line(amount))
    assert (found.points, found.money, found.because) == (points, points, because)


def test_a_tier_has_a_rate_and_ceilings_of_its_own() -> None:
    terms = Paying.model_validate({
        "share": 100,
        "rates": {"gold": {"points": 100, "money": "2.00"}},
        "ceilings": [{"share": 30}, {"share": 10, "tiers": ["member"]}],
    })  # fmt: skip
    value = Value(points=100, money="1.00")
    assert asked(terms, 10_000, a_line(10_000), value=value).money == 1_000
    gold = asked(terms, 10_000, a_line(10_000), value=value, tier="gold")
    assert (gold.points, gold.money) == (1_500, 3_000)


def test_points_that_are_worth_no_money_pay_nothing() -> None:
    worthless = Value(points=1, money="0")
    found = asked(Paying(share=100), 1_000, a_line(500), value=worthless)
    assert (found.points, found.money, found.lines) == (0, 0, (0,))


@given(
    shares=st.lists(st.integers(0, 100), min_size=1, max_size=6),
    amounts=st.lists(st.integers(0, 10**7), min_size=6, max_size=6),
    share=st.integers(0, 100),
    available=st.integers(-100, 10**7),
    step=st.integers(1, 700),
    rate=st.sampled_from([(1, "0.01"), (100, "1.00"), (200, "10.00"), (7, "0.03"), (1000, "0.01")]),
)
def test_no_line_is_paid_beyond_its_ceiling(
    shares: list[int], amounts: list[int], share: int, available: int, step: int, rate: tuple[int, str]
) -> None:
    names = [("C", str(i)) for i in range(len(shares))]
    lines = [a_line(amounts[i], name, str(i)) for i, name in enumerate(names)]
    ceilings = [
        {"where": {"categories": [" > ".join(names[i])]}, "share": one} for i, one in enumerate(shares)
    ]
    terms = Paying.model_validate({"share": share, "step": step, "ceilings": ceilings})
    value = Value(points=rate[0], money=rate[1])
    found = asked(terms, available, *lines, value=value)
    assert 0 <= found.points <= max(0, available)
    assert found.points % step == 0
    assert sum(found.lines) == found.money == worth(found.points, value, 2)
    assert found.money * 100 <= share * sum(line.amount for line in lines)
    for line, part, most, one in zip(lines, found.lines, found.most, shares, strict=True):
        assert 0 <= part <= most == line.amount * one // 100


@pytest.mark.parametrize(
    ("minimum", "points", "money", "fewest", "worth_of_seven"),
    [(1, 100, "1", 1, 7), (50, 100, "1", 50, 7), (1, 300, "1", 3, 2), (1, 250, "1", 3, 2), (1, 1, "0.01", 1, 7),
     (1, 2, "0.03", 1, 10), (1, 3, "0.05", 1, 11), (4, 1, "0", 4, 0)],
)  # fmt: skip
def test_the_fewest_points_are_worth_a_minor_unit_and_what_they_are_worth_is_rounded_down(
    minimum: int, points: int, money: str, fewest: int, worth_of_seven: int
) -> None:
    rate = Value(points=points, money=money)
    assert least(Paying(share=100, minimum=minimum), rate, 2) == fewest
    assert worth(7, rate, 2) == worth_of_seven
