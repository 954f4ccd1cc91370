"""The ladder made ready, as a table: what is counted, over which days, and which level that is."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

import pytest

from facts.history import Event, events
from rewards.ladder import Ladder, Row, add, fold_in
from rewards.ladder_window import counting, in_year, last_of, period, year_on
from rewards.tier_document import Tiers, Window
from tests.builders import a_fact, an_order

AT = datetime(2026, 3, 2, 17, tzinfo=UTC)


def ladder(*levels: dict[str, Any], **more: Any) -> Ladder:
    steps = [{"slug": f"l{number}", "name": "L", **level} for number, level in enumerate(({}, *levels))]
    return Ladder.of(Tiers.model_validate({"levels": steps, **more}), 2)


def order(amount: str) -> Event:
    (event,) = events([an_order("A", amount, at=AT)])
    return event


def friend(number: int) -> Event:
    data = {"referral": "f", "step": str(number), "order": number}
    return Event((AT, "s", "f"), "referral.bought", data)


def review() -> Event:
    (event,) = events([a_fact("review.posted", {"review_id": "r"}, at=AT)])
    return event


def test_orders_count_from_a_least_amount_on_and_friends_with_their_first_purchase() -> None:
    both = ladder({"needs": {"all": {"orders": 2, "referrals": 1}}}, basis="orders", order_min="20.00")
    assert [both.counted_in(event) for event in (order("19.99"), order("20.00"), order("50.00"))] == [
        None, {"orders": 1}, {"orders": 1}]  # fmt: skip
    assert [both.counted_in(friend(number)) for number in (1, 2)] == [{"referrals": 1}, None]
    assert both.counted_in(review()) is None
    assert both.order_min == 2_000


def test_only_what_is_asked_for_is_counted() -> None:
    assert ladder({"threshold": 3}, basis="orders").counted_in(friend(1)) is None
    assert ladder({"threshold": 3}, basis="referrals").counted_in(order("5.00")) is None
    deeds = ladder({"needs": {"all": {"review.posted": 1, "x.quiz": 2}}}, basis="orders")
    assert deeds.counted_in(review()) == {"review.posted": 1}
    assert deeds.counted_in(Event((AT, "s", "q"), "x.quiz", {})) == {"x.quiz": 1}
    named = ladder({"threshold": 3}, basis="facts", facts=["review.posted", "visit"])
    assert named.counted_in(review()) == {"review.posted": 1}
    assert named.totals([[1, 0, 0, {"review.posted": 2, "visit": 5, "orders": 9}], [2, 7, 7]]) == [7]
    assert named.totals([[1, 0, 0, {"review.posted": 2}], [2, 0, 0, {"orders": 3}]]) == [2]
    assert ladder({"threshold": 5}).counts == frozenset()


def test_money_is_in_minor_units_and_other_things_are_not() -> None:
    spend = ladder({"threshold": 5}, {"needs": {"all": {"spend": 8, "orders": 3}}}, basis="spend")
    assert spend.measures == ("spend", "orders")
    assert [step.asks for step in spend.steps] == [(), ((0, 500),), ((0, 800), (1, 3))]
    rows: list[Row] = [[1, 300, 9], [2, 500, 9, {"orders": 2}], [3, 0, 0, {"orders": 1}]]
    assert spend.totals(rows) == [800, 3]
    assert [spend.level(totals) for totals in ([499, 9], [500, 9], [800, 2], [799, 3], [800, 3])] == [
        0, 1, 1, 1, 2]  # fmt: skip


def test_of_either_one_is_enough() -> None:
    either = ladder({"needs": {"any": {"orders": 2, "x.quiz": 3}}}, {"needs": {"any": {"orders": 4, "x.quiz": 5}}},
                    basis="orders")  # fmt: skip
    assert either.thresholds == ()
    found = [either.level(totals) for totals in ([1, 2], [2, 0], [0, 3], [3, 4], [4, 0], [0, 5])]
    assert found == [0, 1, 1, 1, 2, 2]


def test_a_level_by_invitation_is_passed_over() -> None:
    one = ladder({"threshold": 5}, {"invite_only": True}, {"threshold": 9})
    assert one.thresholds == ()
    assert [one.level([points]) for points in (4, 5, 8, 9, 99)] == [0, 1, 1, 3, 3]
    assert [one.above(index) for index in range(4)] == [1, 3, 3, None]
    assert [one.below(index) for index in (3, 2, 1)] == [1, 1, 0]


def test_where_all_ask_for_the_basis_their_thresholds_are_enough() -> None:
    plain = ladder({"threshold": 5}, {"threshold": 9})
    assert plain.thresholds == (0, 5, 9)
    assert [plain.level([points]) for points in (0, 4, 5, 8, 9, 99)] == [0, 0, 1, 1, 2, 2]


def test_a_day_is_one_row_whenever_its_facts_come() -> None:
    rows: list[Row] = []
    add(rows, 10, 100, 1)
    add(rows, 12, 200, 2, {"orders": 1})
    add(rows, 12, 5, 6, {"orders": 2, "visit": 1})
    add(rows, 10, 7, 8)
    add(rows, 11, 9, 4, {"visit": 1})
    assert rows == [[10, 107, 9], [11, 9, 4, {"visit": 1}], [12, 205, 8, {"orders": 3, "visit": 1}]]


def test_days_before_a_day_become_one() -> None:
    rows: list[Row] = [[1, 10, 1], [3, 20, 2, {"orders": 1}], [5, 30, 3, {"orders": 2}], [8, 40, 4]]
    ends: dict[int, list[Row]] = {
        1: rows, 3: rows, 4: [[3, 30, 3, {"orders": 1}], *rows[2:]],
        5: [[3, 30, 3, {"orders": 1}], *rows[2:]], 8: [[5, 60, 6, {"orders": 3}], rows[3]],
        99: [[8, 100, 10, {"orders": 3}]]}  # fmt: skip
    for before, expected in ends.items():
        kept = deepcopy(rows)
        fold_in(kept, before)
        assert kept == expected, before
    one: list[Row] = [[1, 10, 1]]
    fold_in(one, 99)
    assert one == [[1, 10, 1]]


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


YEAR, OWN = Window(kind="calendar_year"), Window(kind="anniversary")
ROLLING, LIFE = Window(kind="rolling", months=6), Window(kind="lifetime")
LEAP = day("2024-02-29")


@pytest.mark.parametrize(
    ("window", "joined", "on", "year", "last"),
    [(YEAR, LEAP, "2026-01-01", 2026, "2026-12-31"), (YEAR, LEAP, "2026-12-31", 2026, "2026-12-31"),
     (OWN, LEAP, "2024-02-29", 0, "2025-02-27"), (OWN, LEAP, "2025-02-27", 0, "2025-02-27"),
     (OWN, LEAP, "2025-02-28", 1, "2026-02-27"), (OWN, LEAP, "2028-02-28", 3, "2028-02-28"),
     (OWN, LEAP, "2028-02-29", 4, "2029-02-27"), (OWN, day("2023-07-15"), "2026-07-14", 2, "2026-07-14"),
     (OWN, day("2023-07-15"), "2026-07-15", 3, "2027-07-14")],
)  # fmt: skip
def test_years_of_the_calendar_and_of_a_member(
    window: Window, joined: int, on: str, year: int, last: str
) -> None:
    assert year_on(window, joined, day(on)) == year
    assert last_of(window, joined, year) == day(last)


def test_which_days_count() -> None:
    days = ("2025-02-27", "2025-02-28", "2025-12-31", "2026-01-01", "2026-02-27", "2026-02-28")
    rows: list[Row] = [[day(text), 1, 1] for text in days]
    assert in_year(rows, YEAR, LEAP, 2025) == rows[:3]
    assert in_year(rows, OWN, LEAP, 1) == rows[1:5]
    assert counting(rows, YEAR, LEAP, day("2026-05-05")) == rows[3:]
    assert counting(rows, OWN, LEAP, day("2026-02-27")) == rows[1:5]
    assert counting(rows, LIFE, LEAP, day("2026-02-27")) == rows
    assert counting(rows, ROLLING, LEAP, day("2026-02-27")) == rows[2:5]
    assert counting(rows, ROLLING, LEAP, day("2025-08-26")) == rows[:2]
    assert counting(rows, ROLLING, LEAP, day("2025-08-27")) == rows[1:2]


@pytest.mark.parametrize(
    ("window", "last"),
    [(YEAR, "2026-12-31"), (OWN, "2027-02-27"), (ROLLING, "2026-09-01"), (LIFE, "2026-12-31")],
)
def test_what_is_lent_lasts_for_one_period(window: Window, last: str) -> None:
    assert period(window, LEAP, day("2026-03-02")) == day(last)


def test_the_basis_is_measured_first() -> None:
    assert ladder({"needs": {"all": {"orders": 1}}}, basis="points_earned").measures == (
        "points_earned",
        "orders",
    )
