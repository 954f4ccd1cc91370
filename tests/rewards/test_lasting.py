"""How long points last, word for word: the sentence of every policy."""

from __future__ import annotations

import pytest

from facts.language import language
from rewards.lasting import becoming, coming_back, lasting, returning, warned
from rewards.wording import Wording
from tests.engine.wording import a_programme
from tests.rewards.paper import terms_of

SAY = Wording(language("en"), "USD", deeds={"x.tasting": "a tasting"})
FIRST = " Those that would go first are used first."
ALL = "All your points expire together when "


@pytest.mark.parametrize(
    ("expiry", "said"),
    [
        ("kind: never", "Points never expire."),
        ("kind: rolling, months: 1", "Points last 1 month." + FIRST),
        ("kind: rolling, days: 90", "Points last 90 days." + FIRST),
        ("kind: rolling, months: 6, round_to: month",
         "Points last 6 months, and on to the end of that month." + FIRST),
        ("kind: rolling, days: 30, round_to: quarter",
         "Points last 30 days, and on to the end of that quarter." + FIRST),
        ("kind: rolling, months: 6, round_to: year",
         "Points last 6 months, and on to the end of that year." + FIRST),
        ("kind: calendar, dates: [12-31, 06-30, 02-29]",
         "Points last to the next of these days, each year: 29 February, 30 June, and 31 December." + FIRST),
        ("kind: calendar, dates: [12-31], days_min: 40",
         "Points last to the next of these days, each year: 31 December. "
         "Those that are younger than 40 days then last to the one after it." + FIRST),
        ("kind: inactivity, months: 12", ALL + "12 months pass without this: a purchase."),
        ("kind: inactivity, days: 90, activities: [visit, order.paid]",
         ALL + "90 days pass without this: a purchase or a visit."),
        ("kind: inactivity, activities: [x.tasting, x.quiz, redemption.made]",
         ALL + "12 months pass without this: having a reward, quiz, or a tasting."),
    ],
)  # fmt: skip
def test_how_long_points_last(expiry: str, said: str) -> None:
    assert lasting(terms_of(a_programme(points=f"  expiry: {{{expiry}}}")).points, SAY) == said


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("pending_days: 0", ""),
        ("pending_days: 3", "Points from an order become yours after 3 days, when it can no longer go back."),
        ("pending: {until: delivery, at_most_days: 20}",
         "Points from an order become yours when it is delivered, after 20 days at the latest."),
        ("pending_days: 1\n  pending: {until: delivery, at_most_days: 20}",
         "Points from an order become yours 1 day after it is delivered, and 20 days after the order at the latest."),
        ("pending: {until: x.tasting, at_most_days: 20}",
         "Points from an order become yours after this: a tasting. 20 days after the order they are yours in any "
         "case."),
        ("pending_days: 3\n  pending: {until: x.tasting, at_most_days: 30}",
         "Points from an order become yours 3 days after this: a tasting. 30 days after the order they are yours in "
         "any case."),
    ],
)  # fmt: skip
def test_when_they_become_ones_own(policy: str, said: str) -> None:
    facts = "facts:\n  x.tasting: {name: a tasting, fields: {order_id: {type: text}}}"
    assert becoming(terms_of(f"{facts}{a_programme(points=f'  {policy}')}").points, SAY) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, ""), (14, "Points that come back to you when their time is over last 14 days more.")],
)
def test_what_happens_to_those_that_come_back_too_late(days: int, said: str) -> None:
    assert coming_back(terms_of(a_programme(points=f"  restored_grace_days: {days}")).points, SAY) == said


@pytest.mark.parametrize(
    ("expiry", "said"),
    [
        ("kind: never", []),
        ("kind: rolling, months: 1, warn_days: []", []),
        ("kind: rolling, months: 1, warn_days: [7]",
         ["If you want letters from us, we tell you 7 days before points end."]),
        ("kind: rolling, months: 2, warn_days: [1, 30, 7]",
         ["If you want letters from us, we tell you 30 days, 7 days, and 1 day before points end."]),
    ],
)  # fmt: skip
def test_when_it_is_told_that_they_end(expiry: str, said: list[str]) -> None:
    assert warned(terms_of(a_programme(points=f"  expiry: {{{expiry}}}")).points.expiry, SAY) == said


@pytest.mark.parametrize(
    ("owed", "said"),
    [
        ("{policy: refuse}", ["It cannot be."]),
        ("{policy: zero}", ["Let go."]),
        ("{policy: debt}", ["Owed."]),
        ("{policy: debt, limit: 1000000000}", ["Owed."]),
        ("{policy: debt, limit: 0}", ["Let go."]),
        ("{policy: debt, limit: 1}", ["Owed.", "You owe 1 point at most; the rest is let go."]),
        ("{policy: debt, limit: 2500}", ["Owed.", "You owe 2,500 points at most; the rest is let go."]),
        ("{policy: zero, limit: 2500}", ["Let go."]),
    ],
)
def test_what_becomes_of_what_is_taken_back_when_it_is_spent(owed: str, said: list[str]) -> None:
    policy = terms_of(a_programme(points=f"  negative_balance: {owed}")).points.negative_balance
    assert returning(policy, {"refuse": "It cannot be.", "zero": "Let go.", "debt": "Owed."}, SAY) == said
