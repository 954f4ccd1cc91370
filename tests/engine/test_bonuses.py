"""Points for what a member does over time: the criteria of badges and challenges, in an earning rule."""

from __future__ import annotations

from datetime import timedelta

import pytest

from members.programme import validate
from tests.engine.till import Till
from tests.engine.wording import a_programme

BASE = '  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}\n'
THIRD = "  - {kind: criterion_bonus, slug: third, points: 50, criterion: {kind: count, at_least: 3}}\n"
MONTH = """  - kind: criterion_bonus
    slug: month
    points: 20
    promotional: true
    cap_per_day: 20
    criterion: {kind: sum, at_least: "30", where: {skus: [tea]}, window: {kind: calendar, unit: month}}
"""
ONE_LEVEL = "  levels:\n    - {slug: member, name: Member, threshold: 0}\n"


def paid(till: Till, slug: str) -> list[str]:
    """The orders with which a bonus is there."""
    return [
        cause.split()[1].rpartition("-")[2] for cause in sorted(till.lots()) if cause.endswith(f" {slug}")
    ]


def orders(till: Till, names: str) -> None:
    for name in names:
        till.later(hours=1).post(till.order(name, "1.00"))


@pytest.mark.feature(58)
def test_every_third_order_brings_points_and_a_return_makes_another_the_third(till: Till) -> None:
    till.open(a_programme(earning=BASE + THIRD, levels=ONE_LEVEL))
    orders(till, "ABCDEFG")
    assert paid(till, "third") == ["C", "F"]
    assert till.balance() == 7 + 2 * 50
    assert "50 points each time." in [entry.why for entry in till.history().entries]
    till.post(till.refund("B", ("1", "1.00")))
    assert paid(till, "third") == ["D", "G"]
    till.post(till.order("late", "1.00", at=till.now - timedelta(days=3)))
    assert paid(till, "third") == ["C", "F"]
    assert till.balance() == 7 + 2 * 50
    till.proven()


@pytest.mark.feature(58)
def test_a_month_is_the_programmes_and_what_is_beyond_is_not_carried_over(till: Till) -> None:
    till.open(a_programme(earning=BASE + MONTH, levels=ONE_LEVEL))

    def tea(name: str, amount: str, at: str) -> None:
        till.at(at).post(till.order(name, {"sku": "tea", "amount": amount}, "5.00"))

    tea("A", "29.99", "2026-09-30 23:59")
    tea("B", "29.99", "2026-10-01 00:00")
    assert paid(till, "month") == []
    tea("C", "95.01", "2026-10-02 09:00")
    assert paid(till, "month") == ["C"]
    tea("D", "29.99", "2026-10-31 23:00")
    assert paid(till, "month") == ["C"]
    tea("E", "0.01", "2026-10-31 23:30")
    assert paid(till, "month") == ["C", "E"]
    till.proven()


def test_a_version_that_asks_something_else_counts_anew(till: Till) -> None:
    till.open(a_programme(earning=BASE + THIRD, levels=ONE_LEVEL))
    orders(till, "AB")
    till.later(days=1).open(
        a_programme(earning=BASE + THIRD.replace("at_least: 3", "at_least: 2"), levels=ONE_LEVEL)
    )
    orders(till, "CD")
    assert paid(till, "third") == ["D"]


def test_it_climbs_like_what_is_earned_and_the_next_order_has_the_new_tier(till: Till) -> None:
    till.open(a_programme(earning=BASE + THIRD.replace("50", "99")))
    orders(till, "ABC")
    assert (till.standing()["tier"]["slug"], till.balance()) == ("silver", 3 + 99)
    till.later(hours=1).post(till.order("D", "10.00"))
    assert till.balance() == 3 + 99 + 15


@pytest.mark.parametrize(
    ("criterion", "path", "remedy"),
    [
        ("{kind: streak, every: week, at_least: 3}", "criterion", "count"),
        (
            "{kind: count, at_least: 3, where: {type: challenge.joined}}",
            "criterion.where.type",
            "a fact of the shop",
        ),
        (
            "{kind: count, at_least: 3, window: {kind: from_joining, days: 3}}",
            "criterion.window.kind",
            "a challenge",
        ),
        ('{kind: sum, at_least: "1.005"}', "criterion.at_least", "2 decimals"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_what_can(criterion: str, path: str, remedy: str) -> None:
    rule = f"  - {{kind: criterion_bonus, slug: a, points: 5, criterion: {criterion}}}"
    (problem,) = validate(a_programme(earning=BASE + rule))
    assert problem.path == f"earning[1].{path}"
    assert remedy in f"{problem.problem}; {problem.remedy}"
