"""What each kind of rule does to an order or a deed, by tables."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from facts.orders import Order
from rewards.earning import BY_KIND
from rewards.earning.case import UNIT, Case
from rewards.earning.points_per_money import PointsPerMoney
from tests.rewards.earning.cases import a_case, line, order, points, rule, run

BASE = 'kind: points_per_money, slug: base, points: 1, per: "1.00"'
REVIEW = "kind: fixed_points, slug: review, on: review.posted, points: 40"
TEA = line("tea", 1099, category=("FOOD", "DRINK", "TEA"), brand="Leaf", tags=("new", "green"))
PIE = line("pie", 500, category=("FOOD", "BAKERY"), brand="Oven")


# --- the kinds ------------------------------------------------------------------------------------------------


def test_excluded_lines_earn_nothing_by_any_rule() -> None:
    out = 'kind: exclude, slug: out, where: {categories: ["FOOD > DRINK"]}'
    extra = "kind: extra_points, slug: extra, points: 9, where: {}"
    assert points(a_case(order(TEA, PIE)), out, BASE, extra) == {"base": 5, "extra": 9}
    assert points(a_case(order(TEA)), out, BASE, extra) == {}


@pytest.mark.parametrize(
    ("stacks", "factor"),
    [(["best", "best"], 2000), (["best", "times"], 3000), (["times", "times"], 3000), (["plus", "plus"], 2500),
     (["best", "plus"], 2500), (["times", "plus"], 2500), (["plus", "times"], 3000), (["plus", "best"], 2000),
     (["times", "instead"], 2000), (["instead", "times"], 3000), (["instead", "best"], 2000)],
)  # fmt: skip
def test_multipliers_meet_by_their_stack(stacks: list[str], factor: int) -> None:
    texts = [f"kind: multiply, slug: m{i}, factor: {size}, stack: {stack}, where: {{skus: [tea]}}"
             for i, (size, stack) in enumerate(zip(("1.5", "2"), stacks, strict=True))]  # fmt: skip
    case = a_case(order(TEA, PIE))
    assert run(case, *texts) == {}
    assert case.factors == [factor, UNIT]


def test_a_factor_below_one_counts_unless_a_better_one_came_before() -> None:
    case = a_case(order(TEA))
    run(case, "kind: multiply, slug: a, factor: 0.5")
    assert case.factors == [500]
    run(case, "kind: multiply, slug: b, factor: 0.25")
    assert case.factors == [500]
    run(case, "kind: multiply, slug: c, factor: 0.333, stack: times")
    assert case.factors == [166], "thousandths are cut off"


def test_what_counts_in_the_place_of_others_may_be_less() -> None:
    case = a_case(order(TEA, PIE))
    run(case, "kind: multiply, slug: all, factor: 2, priority: 1",
        "kind: multiply, slug: tea, factor: 0.5, stack: instead, where: {skus: [tea]}")  # fmt: skip
    assert case.factors == [500, 2000]


@pytest.mark.parametrize(
    ("more", "case", "granted"),
    [
        ("", a_case(order(TEA, PIE)), 15), ("", a_case(order(TEA), "gold", 2000), 21),
        (", tier_multiplier: false", a_case(order(TEA), "gold", 2000), 10),
        (", where: {skus: [pie]}", a_case(order(TEA, PIE)), 5),
        (", rounding: up", a_case(order(TEA)), 11), (", rounding: half_up", a_case(order(line("x", 1050))), 11),
        (", rounding: half_even", a_case(order(line("x", 1050))), 10),
        (", basis: {shipping: true}", a_case(order(PIE, shipping=250), "gold", 1500), 11),
        (", basis: {shipping: true}, tier_multiplier: false", a_case(order(PIE, shipping=250), "gold", 1500), 7),
        ("", a_case(order(PIE, shipping=250)), 5),
        ("", a_case(order(line("x", 1000, tax=100, discount=200, paid=300))), 7),
        (", basis: {tax: false}", a_case(order(line("x", 1000, tax=100, discount=200, paid=300))), 6),
        (", basis: {before_discount: true}", a_case(order(line("x", 1000, tax=100, discount=200, paid=300))), 9),
        (", basis: {points_paid: true}", a_case(order(line("x", 1000, tax=100, discount=200, paid=300))), 10),
        (", basis: {tax: false}", a_case(order(line("x", 100, tax=300), line("y", 700))), 7),
    ],
)  # fmt: skip
def test_points_per_money(more: str, case: Case, granted: int) -> None:
    case.factors = [UNIT] * len(case.lines)  # a case is used up by its rules
    assert points(case, BASE + more) == {"base": granted}


def test_an_order_too_small_for_a_point_gets_no_entry() -> None:
    assert points(a_case(order(line("x", 99))), BASE) == {}
    assert points(a_case(order()), BASE) == {}
    assert points(a_case(order(shipping=500)), BASE) == {}
    shipped = run(a_case(order(shipping=500)), BASE + ", basis: {shipping: true}")["base"]
    assert (shipped.points, shipped.why["groups"]) == (5, [[500, UNIT * UNIT]])


def test_the_why_names_each_amount_with_its_factor() -> None:
    case = a_case(order(TEA, PIE, line("ball", 300), line("zero", 0), shipping=450), "gold", 1500)
    case.factors = [2 * UNIT, UNIT, UNIT, 5 * UNIT]
    text = 'kind: points_per_money, slug: base, points: 3, per: "2.00", basis: {shipping: true}, rounding: half_even'
    grant = run(case, text)["base"]
    assert grant.why == {"groups": [[1250, 1_500_000], [1099, 3_000_000]], "points": 3, "per": 200,
                         "round": "half_even"}  # fmt: skip
    exact = (Fraction(1250) * Fraction(3, 2) + 1099 * 3) * 3 / 200
    assert grant.points == round(exact) == grant.rule.recompute(grant.why)


def test_the_currency_says_what_a_unit_is() -> None:
    yen: Order = order(line("tea", 1050), currency="JPY")
    rate = 'kind: points_per_money, slug: base, points: 1, per: "100"'
    assert run(a_case(yen), rate)["base"].why["per"] == 100
    assert points(a_case(yen), rate) == {"base": 10}


SHARED = 'kind: points_per_money, slug: base, points: 1, per: "1.00"'


@pytest.mark.parametrize(
    ("more", "shares"),
    [
        ("", [21, 5, 0]),
        (", where: {skus: [pie, ball]}", [0, 5, 1]),
        (", basis: {shipping: true}", [21, 5, 0, 3]),
    ],
)
def test_points_of_an_order_fall_to_the_lines_that_earned_them(more: str, shares: list[int]) -> None:
    case = a_case(order(TEA, PIE, line("ball", 60), shipping=300))
    case.factors = [2 * UNIT, UNIT, UNIT]
    found = rule(SHARED + more)
    granted = found.apply(case).points
    assert sum(shares) in (granted, granted + 1, granted - 1)
    assert sum(found.shares(case, granted)) == granted
    assert found.shares(case, sum(shares)) == shares


def test_where_nothing_earned_the_first_line_gets_what_there_is() -> None:
    case = a_case(order(line("pie", 0), TEA))
    assert rule(SHARED + ", where: {skus: [pie]}").shares(case, 5) == [5, 0]


@given(
    lines=st.lists(st.tuples(st.integers(0, 9999), st.sampled_from([500, 1000, 1500, 3000])), min_size=1, max_size=5),
    tier=st.sampled_from([1000, 1250, 2000]), rate=st.integers(1, 50), per=st.integers(1, 999),
    rounding=st.sampled_from([("down", floor), ("up", ceil), ("half_even", round)]),
)  # fmt: skip
def test_any_order_is_rounded_once(
    lines: list[tuple[int, int]], tier: int, rate: int, per: int, rounding: tuple[str, Any]
) -> None:
    name, rounded = rounding
    case = a_case(order(*(line(str(i), amount) for i, (amount, _) in enumerate(lines))), "gold", tier)
    case.factors = [factor for _, factor in lines]
    made = PointsPerMoney.model_validate(
        {"slug": "base", "points": rate, "per": f"{per // 100}.{per % 100:02}", "rounding": name}
    )
    grant = made.apply(case)
    exact = sum(Fraction(amount * factor * tier, 10**6) for amount, factor in lines) * rate / per
    assert (grant.points if grant else 0) == rounded(exact)
    if grant:
        assert sum(made.shares(case, grant.points)) == grant.points


@pytest.mark.parametrize("per", ["0", "0.00", "00.0"])
def test_points_are_for_an_amount_above_zero(per: str) -> None:
    with pytest.raises(ValidationError, match=r'points are for an amount above zero, such as per: "1\.00"'):
        PointsPerMoney.model_validate({"slug": "base", "points": 1, "per": per})


EXTRA = "kind: extra_points, slug: extra, points: 7, where: {skus: [tea]}"


@pytest.mark.parametrize(
    ("lines", "each", "count"),
    [([("tea", 100, 2.5)], "piece", 2), ([("tea", 100, 0.5), ("tea", 100, 0.5)], "piece", 1),
     ([("tea", 100, 0.999999)], "piece", 0), ([("tea", 0, 3)], "piece", 0), ([("tea", 1, 3)], "piece", 3),
     ([("pie", 100, 3)], "piece", 0), ([("tea", 100, 2), ("pie", 100, 3)], "piece", 2),
     ([("tea", 100, 5), ("tea", 1, 1)], "order", 1), ([("tea", 0, 5)], "order", 0), ([("pie", 100, 5)], "order", 0),
     ([("tea", 100, 0.1)], "order", 1)],
)  # fmt: skip
def test_extra_points_by_the_piece_or_by_the_order(
    lines: list[tuple[str, int, float]], each: str, count: int
) -> None:
    case = a_case(order(*(line(sku, amount, pieces=pieces) for sku, amount, pieces in lines)))
    found = run(case, f"{EXTRA}, each: {each}")
    assert {slug: (grant.points, grant.why) for slug, grant in found.items()} == (
        {"extra": (7 * count, {"count": count, "points": 7})} if count else {}
    )


def test_fixed_points_are_fixed() -> None:
    grant = run(a_case("review.posted"), REVIEW)["review"]
    assert (grant.points, grant.why, grant.rule.recompute(grant.why)) == (40, {"points": 40}, 40)
    assert points(a_case("x.bottle_back"), REVIEW.replace("review.posted", "x.bottle_back")) == {"review": 40}


@pytest.mark.parametrize(
    "on", ["order.paid", "redemption.made", "points.adjusted", "visits", "x", "", "y.x."]
)
def test_a_fact_that_nobody_sends_is_not_paid_for(on: str) -> None:
    with pytest.raises(ValidationError) as caught:
        BY_KIND["fixed_points"].model_validate({"slug": "a", "on": on, "points": 1})
    assert caught.value.errors()[0]["msg"] == (
        "Value error, there is no such fact to pay for; use one of member.anniversary, member.birthday, "
        "member.signed_up, profile.completed, review.posted, social.shared, survey.answered, visit, or x.<own name>"
    )
