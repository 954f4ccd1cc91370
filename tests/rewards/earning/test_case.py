"""Which lines a rule means, in which order rules run, and what they want to look at."""

from __future__ import annotations

import pytest

from rewards.earning import BY_KIND, KINDS, Rule
from rewards.earning.case import UNIT
from tests.rewards.earning.cases import a_case, line, order, rule, rules

BASE = 'kind: points_per_money, slug: base, points: 1, per: "1.00"'
REVIEW = "kind: fixed_points, slug: review, on: review.posted, points: 40"
TEA = line("tea", 1099, category=("FOOD", "DRINK", "TEA"), brand="Leaf", tags=("new", "green"))
PIE = line("pie", 500, category=("FOOD", "BAKERY"), brand="Oven")


# --- which lines ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "fits"),
    [
        ("{}", True), ("{skus: [tea]}", True), ("{skus: [pie, tea]}", True), ("{skus: [te]}", False),
        ("{brands: [Leaf]}", True), ("{brands: [Oven]}", False),
        ("{tags: [green]}", True), ("{tags: [old, new]}", True), ("{tags: [old]}", False),
        ('{categories: ["FOOD"]}', True), ('{categories: ["FOOD > DRINK"]}', True),
        ('{categories: [" FOOD >  DRINK > TEA "]}', True), ("{categories: [[FOOD, DRINK]]}", True),
        ('{categories: ["DRINK"]}', False), ('{categories: ["FOOD > TEA"]}', False),
        ('{categories: ["FOOD > DRINK > TEA > GREEN"]}', False), ('{categories: ["TOOLS", "FOOD"]}', True),
        ("{skus: [tea], brands: [Leaf]}", True), ("{skus: [tea], brands: [Oven]}", False),
        ("{skus: [pie], brands: [Leaf]}", False), ('{tags: [new], categories: ["TOOLS"]}', False),
        ('{tags: [old], categories: ["FOOD"]}', False),
    ],
)  # fmt: skip
def test_where_means_a_line_when_each_field_fits(where: str, fits: bool) -> None:
    found = rule(f"kind: multiply, slug: a, factor: 2, where: {where}").where
    assert found.matches(TEA.product) is fits
    assert found.matches(TEA.product) is fits, "the second time it is known"
    assert found.known == {TEA.product: fits}


def test_what_is_known_of_products_does_not_grow_for_ever() -> None:
    where = rule("kind: exclude, slug: a, where: {skus: [tea]}").where
    where.known.update({(str(i), (), "", ()): False for i in range(100_000)})
    assert not where.matches(PIE.product)
    assert len(where.known) == 100_001
    assert where.matches(TEA.product)
    assert where.known == {TEA.product: True}


def test_a_category_names_something() -> None:
    with pytest.raises(Exception, match="categories"):
        rule("kind: exclude, slug: a, where: {categories: [[]]}")


# --- the case, and the order of rules -------------------------------------------------------------------------


def test_a_case_begins_whole() -> None:
    case = a_case(order(TEA, PIE), "gold", 1500)
    assert (case.type, case.tier, case.tier_factor, case.data) == (
        "order.paid",
        "gold",
        1500,
        {"order_id": "A"},
    )
    assert (case.lines, case.factors) == ([TEA, PIE], [UNIT, UNIT])
    deed = a_case("visit")
    assert (deed.order, deed.lines, deed.factors) == (None, [], [])


def test_lines_that_are_left_out_take_their_factors_along() -> None:
    case = a_case(order(TEA, PIE, TEA))
    case.factors = [1, 2, 3]
    case.keep([True, False, True])
    assert (case.lines, case.factors) == ([TEA, TEA], [1, 3])
    with pytest.raises(ValueError, match="zip"):
        case.keep([True])
    case.factors = [1]
    with pytest.raises(ValueError, match="zip"):
        case.keep([True, True])


def test_rules_run_by_stage_then_priority_then_slug() -> None:
    found = rules(REVIEW, "kind: extra_points, slug: extra, points: 1, where: {skus: [tea]}",
                  BASE.replace("base", "b"), BASE.replace("base", "a"), BASE.replace("base", "c") + ", priority: 5",
                  "kind: multiply, slug: m, factor: 2", "kind: exclude, slug: z, where: {skus: [x]}, priority: 900",
                  )  # fmt: skip
    assert [one.slug for one in found] == ["z", "m", "c", "a", "b", "extra", "review"]
    assert [kind.stage for kind in KINDS] == [0, 1, 2, 2, 3, 3, 3]
    assert list(BY_KIND) == [
        "exclude",
        "multiply",
        "points_per_money",
        "cashback",
        "extra_points",
        "fixed_points",
        "criterion_bonus",
    ]


@pytest.mark.parametrize("text", [BASE, "kind: exclude, slug: x, where: {skus: [tea]}",
                                  "kind: multiply, slug: m, factor: 2",
                                  "kind: extra_points, slug: e, points: 1, where: {skus: [tea]}"])  # fmt: skip
def test_rules_of_orders_want_orders_of_their_tiers(text: str) -> None:
    assert rule(text).wants(a_case(order(TEA)))
    assert not rule(text).wants(a_case("review.posted"))
    limited = rule(f"{text}, tiers: [silver, gold]")
    assert [limited.wants(a_case(order(TEA), tier)) for tier in ("member", "silver", "gold")] == [
        False,
        True,
        True,
    ]
    assert not limited.wants(a_case("review.posted", "gold"))


def test_fixed_points_want_deeds_of_their_type_and_tiers() -> None:
    assert rule(REVIEW).wants(a_case("review.posted"))
    assert not rule(REVIEW).wants(a_case("visit"))
    assert not rule(REVIEW).wants(a_case(order(TEA)))
    limited = rule(f"{REVIEW}, tiers: [gold]")
    assert limited.wants(a_case("review.posted", "gold"))
    assert not limited.wants(a_case("review.posted", "silver"))
    assert not limited.wants(a_case("visit", "gold"))


class Silent(Rule):
    """A kind that says nothing of its own."""

    kind: str = "silent"


def test_a_kind_that_does_nothing_says_so() -> None:
    silent = Silent(slug="hush")
    with pytest.raises(NotImplementedError, match=r"^the rule kind silent does not say what it does$"):
        silent.apply(a_case("visit"))
    with pytest.raises(NotImplementedError, match=r"^this kind grants nothing$"):
        silent.recompute({})
    for text in ("kind: exclude, slug: x, where: {skus: [tea]}", "kind: multiply, slug: m, factor: 2"):
        with pytest.raises(NotImplementedError):
            rule(text).recompute({"points": 3})
