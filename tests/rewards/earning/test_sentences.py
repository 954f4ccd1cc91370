"""Rules and whys in sentences, in English; `tests/facts/test_language.py` sees that the others have them too."""

from __future__ import annotations

from typing import Any

import pytest

from facts.language import language
from rewards.earning import Rule
from rewards.wording import Wording
from tests.rewards.earning.cases import rule

SAY = Wording(language("en"), "USD", "en", {"silver": "Silver", "gold": "Gold"}, {"mug": "Mug"})
RATE = 'kind: points_per_money, slug: a, points: 1, per: "2.50"'
GIFT = "kind: extra_points, slug: a, points: 7, where: {skus: [gift]}"
COUNTED = ["Counted in: tax.", "Left out: delivery, discounts, and what you pay with points."]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('kind: exclude, slug: a, where: {categories: ["FOOD > TEA"], brands: [Leaf]}', "No points on Tea and Leaf."),
        ("kind: multiply, slug: a, factor: 1.5", "1.5 times the points on everything."),
        ("kind: multiply, slug: a, factor: 2, where: {skus: [tea]}", "2 times the points on tea."),
        (RATE, "1 point for each $2.50 you spend."),
        (RATE + ", where: {brands: [Leaf]}", "1 point for each $2.50 spent on Leaf."),
        (GIFT, "7 points more for each piece of gift."),
        (GIFT + ", each: order", "7 points more for an order with gift."),
        ("kind: fixed_points, slug: a, on: review.posted, points: 1", "1 point for a review."),
        ("kind: criterion_bonus, slug: a, points: 50, criterion: {kind: count, at_least: 5}",
         "50 points each time for this: at least 5 orders."),
        ("kind: fixed_points, slug: a, on: member.signed_up, points: 2", "2 points for joining."),
        ("kind: fixed_points, slug: a, on: profile.completed, points: 2", "2 points for completing your profile."),
        ("kind: fixed_points, slug: a, on: survey.answered, points: 2", "2 points for answering a survey."),
        ("kind: fixed_points, slug: a, on: social.shared, points: 2", "2 points for sharing."),
        ("kind: fixed_points, slug: a, on: visit, points: 2", "2 points for a visit."),
        ("kind: fixed_points, slug: a, on: x.bottle_back.x, points: 2", "2 points for bottle_back.x."),
    ],
)  # fmt: skip
def test_a_rule_says_what_it_does(text: str, sentence: str) -> None:
    assert rule(text).sentence(SAY) == sentence


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        (GIFT, []),
        (GIFT + ", tiers: [silver, gold]", ["Only for Silver and Gold."]),
        (GIFT + ", cap_per_day: 1", ["At most 1 point a day."]),
        (GIFT + ", cap_per_day: 0", ["At most 0 points a day."]),
        (GIFT + ", cap_per_week: 1", ["At most 1 point a week."]),
        (GIFT + ", cap_per_month: 1200", ["At most 1,200 points a month."]),
        (GIFT + ", cap_per_day: 5, cap_per_week: 0, cap_per_month: 90",
         ["At most 5 points a day.", "At most 0 points a week.", "At most 90 points a month."]),
        (GIFT + ", pause: {days: 14}", ["Once in 14 days."]),
        (GIFT + ", budget: 1", ["It ends when all members together have got 1 point."]),
        (GIFT + ", budget: 5000, pause: {hours: 1}",
         ["Once in 1 hour.", "It ends when all members together have got 5,000 points."]),
        (GIFT + ", pending_days: 3", ["They count after 3 days."]),
        (GIFT + ", pending_days: 0", ["They count at once."]),
        (GIFT + ", expires_days: 1", ["They last 1 day."]),
        (GIFT + ", promotional: true", ["They are used first, and count towards no tier."]),
        ("kind: fixed_points, slug: a, on: member.birthday, points: 2, tiers: [gold]",
         ["Tell us the day at least 30 days before.", "Only for Gold."]),
        ("kind: fixed_points, slug: a, on: member.anniversary, points: 2", []),
        (RATE, [*COUNTED, "Your tier multiplies them.", "Rounded down to whole points."]),
        (RATE + ", tier_multiplier: false, rounding: up", [*COUNTED, "Rounded up to whole points."]),
        (RATE + ", basis: {tax: false}, rounding: half_up, tier_multiplier: false",
         ["Left out: tax, delivery, discounts, and what you pay with points.",
          "Rounded to the nearest whole point, halves up."]),
        (RATE + ", basis: {shipping: true, before_discount: true, points_paid: true}, rounding: half_even, "
         "tiers: [gold]",
         ["Counted in: tax, delivery, discounts, and what you pay with points.", "Your tier multiplies them.",
          "Rounded to the nearest whole point, halves to even.", "Only for Gold."]),
    ],
)  # fmt: skip
def test_a_rule_says_its_limits(text: str, limits: list[str]) -> None:
    assert rule(text).limits(SAY) == limits


ONE = 1_000_000


@pytest.mark.parametrize(
    ("text", "why", "sentence"),
    [
        (RATE, {"groups": [[1000, ONE], [250, 1_500_000]], "points": 3, "per": 200, "round": "up"},
         "$10 + $2.50 × 1.5, at 3 points for each $2. Rounded up to whole points."),
        (RATE, {"groups": [[99, 2 * ONE]], "points": 1, "per": 100, "round": "half_even"},
         "$0.99 × 2, at 1 point for each $1. Rounded to the nearest whole point, halves to even."),
        (GIFT, {"count": 2, "points": 7}, "2 × 7 points"),
        ("kind: fixed_points, slug: a, on: visit, points: 2", {"points": 2}, "2 points each time."),
        ("kind: criterion_bonus, slug: a, points: 5, criterion: {kind: event}", {"points": 5}, "5 points each time."),
        ("kind: multiply, slug: a, factor: 2", {"points": 2}, ""),
    ],
)  # fmt: skip
def test_a_why_is_said_in_its_figures(text: str, why: dict[str, Any], sentence: str) -> None:
    assert rule(text).because(why, SAY) == sentence


def test_a_kind_without_a_sentence_goes_by_its_name() -> None:
    named = Rule(kind="own", slug="own", name={"en": "Our own", "ru": "Своё"})
    assert named.sentence(SAY) == "Our own"
    assert Rule(kind="own", slug="own-slug").sentence(SAY) == "own-slug"
    assert named.because({"points": 1}, SAY) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind: multiply, slug: a, factor: 2",
         "Where another such rule is for the same products, the higher one counts."),
        ("kind: multiply, slug: a, factor: 2, stack: times",
         "Where another such rule is for the same products, one multiplies the other."),
        ("kind: multiply, slug: a, factor: 2, stack: plus",
         "Where another such rule is for the same products, it adds to it: 1.5 and 1.5 make 2."),
        ("kind: multiply, slug: a, factor: 2, stack: instead",
         "Where a rule before it is for the same products, this one counts in its place."),
        (RATE, ""), (GIFT, ""),
        ("kind: fixed_points, slug: a, on: visit, points: 2", ""),
    ],
)  # fmt: skip
def test_a_rule_says_how_it_meets_others_of_its_kind(text: str, said: str) -> None:
    assert rule(text).beside(SAY) == said
