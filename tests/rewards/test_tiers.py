"""The ladder: climbing, staying, falling, and what a member is asked for, by tables of days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from rewards import tiers
from rewards.terms import Terms
from rewards.tiers import Ahead, Climb
from tests.engine.wording import LEVELS, a_programme
from tests.rewards.paper import terms_of


def terms(window: str = "{kind: calendar_year}", downgrade: str = "to_earned", grace: int = 0,
          basis: str = "points_earned") -> Terms:  # fmt: skip
    """Member, Silver from 100, Gold from 300."""
    more = f"  basis: {basis}\n  window: {window}\n  downgrade: {{policy: {downgrade}, grace_days: {grace}}}"
    return terms_of(a_programme(tiers=more, levels=LEVELS))


CALENDAR, NEXT_YEAR = terms(), terms("{kind: calendar_year, keep: next_year}")
ROLLING, STEPS = terms("{kind: rolling, months: 2}"), terms("{kind: rolling, months: 2}", "one_step", 5)
SPEND, NEVER = terms(basis="spend"), terms(downgrade="none")


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def noon(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T17:00").replace(tzinfo=UTC)


def climb(tier: str, days: dict[str, int], until: str | None = None) -> Climb:
    """Points on days (and a hundredth of a unit of money less than each, to tell the columns apart)."""
    rows = [[day(text), points - 1, points] for text, points in days.items()]
    return Climb(tier, None, day(until) if until else None, rows)


def told(found: Ahead | None) -> tuple[str, int, str | None] | None:
    if found is None:
        return None
    return found.tier, found.amount, date.fromordinal(found.by).isoformat() if found.by is not None else None


# --- what is kept by day --------------------------------------------------------------------------------------


def test_days_are_kept_in_order_and_added_up() -> None:
    one = Climb()
    for ordinal, spend, points in (
        (20, 5, 1),
        (20, 6, 2),
        (30, 7, 3),
        (10, 8, 4),
        (10, 9, 5),
        (25, 1, 6),
        (20, 1, 1),
    ):
        one.add(ordinal, spend, points)
    assert one.days == [[10, 17, 9], [20, 12, 4], [25, 1, 6], [30, 7, 3]]
    one.add(40, 41, 1)
    one.add(41, 2, 2)
    assert one.days[-2:] == [[40, 41, 1], [41, 2, 2]]
    one.add(5, 1, 1)
    assert one.days[0] == [5, 1, 1]


@pytest.mark.parametrize(("months", "kept"), [(2, 800), (24, 800), (25, 806), (60, 1891)])
def test_days_that_no_window_reaches_are_forgotten(months: int, kept: int) -> None:
    one = Climb()
    for ordinal in (1000 - kept - 2, 1000 - kept - 1, 1000 - kept, 1000):
        one.add(ordinal + 5000, 1, 1)
    one.forget(6000, terms(f"{{kind: rolling, months: {months}}}"))
    assert [row[0] for row in one.days] == [6000 - kept, 6000]
    one.forget(6000 + kept + 1, terms(f"{{kind: rolling, months: {months}}}"))
    assert one.days == []


# --- what counts ----------------------------------------------------------------------------------------------

YEARS = {"2025-12-31": 7, "2026-01-01": 40, "2026-06-15": 50, "2026-12-31": 9, "2027-01-01": 1000}


@pytest.mark.parametrize(
    ("rules", "at", "amount"),
    [(CALENDAR, "2026-01-01", 99), (CALENDAR, "2026-12-31", 99), (CALENDAR, "2025-05-05", 7),
     (NEXT_YEAR, "2026-05-05", 99),
     (CALENDAR, "2027-01-01", 1000), (CALENDAR, "2028-01-01", 0), (SPEND, "2026-02-02", 96),
     (ROLLING, "2025-12-30", 0), (ROLLING, "2025-12-31", 7), (ROLLING, "2026-02-27", 47), (ROLLING, "2026-02-28", 40),
     (ROLLING, "2026-03-01", 0), (ROLLING, "2026-08-14", 50), (ROLLING, "2026-08-15", 0)],
)  # fmt: skip
def test_what_counts_on_a_day(rules: Terms, at: str, amount: int) -> None:
    assert tiers.counted(climb("", YEARS), day(at), rules) == amount


@pytest.mark.parametrize(
    ("rules", "days", "at", "level"),
    [(CALENDAR, {"2026-01-01": 99}, "2026-06-01", 0), (CALENDAR, {"2026-01-01": 100}, "2026-06-01", 1),
     (CALENDAR, {"2026-01-01": 300}, "2026-06-01", 2), (CALENDAR, {"2025-12-31": 300}, "2026-01-01", 0),
     (NEXT_YEAR, {"2025-12-31": 300}, "2026-12-31", 2), (NEXT_YEAR, {"2025-12-31": 300}, "2027-01-01", 0),
     (NEXT_YEAR, {"2025-06-01": 100, "2026-01-01": 300}, "2026-06-01", 2), (CALENDAR, {}, "2026-01-01", 0),
     (ROLLING, {"2026-01-01": 60, "2026-02-15": 40}, "2026-02-15", 1),
     (ROLLING, {"2026-01-01": 60, "2026-03-01": 40}, "2026-03-01", 0),
     (SPEND, {"2026-01-01": 10_000}, "2026-01-01", 0), (SPEND, {"2026-01-01": 10_001}, "2026-01-01", 1),
     (SPEND, {"2026-01-01": 30_001}, "2026-01-01", 2)],
)  # fmt: skip
def test_the_level_that_is_earned(rules: Terms, days: dict[str, int], at: str, level: int) -> None:
    assert tiers.earned(climb("", days), day(at), rules) == level


@pytest.mark.parametrize(
    ("rules", "days", "at", "level", "until"),
    [(CALENDAR, {"2026-01-01": 300}, "2026-06-01", 2, "2026-12-31"),
     (CALENDAR, {"2026-01-01": 300}, "2026-06-01", 0, None),
     (NEXT_YEAR, {"2026-01-01": 300}, "2026-06-01", 2, "2027-12-31"),
     (NEXT_YEAR, {"2025-01-01": 300, "2026-01-01": 299}, "2026-06-01", 2, "2026-12-31"),
     (NEXT_YEAR, {"2025-01-01": 300, "2026-01-01": 299}, "2026-06-01", 1, "2027-12-31"),
     (ROLLING, {"2026-01-31": 100}, "2026-02-01", 1, "2026-03-30"),
     (ROLLING, {"2026-01-31": 50, "2026-02-10": 100}, "2026-02-11", 1, "2026-04-09"),
     (ROLLING, {"2026-01-31": 51, "2026-02-10": 99}, "2026-02-11", 1, "2026-03-30"),
     (ROLLING, {"2025-11-01": 500, "2026-02-10": 100, "2026-02-20": 900}, "2026-02-11", 1, "2026-04-09"),
     (ROLLING, {"2026-01-31": 50, "2026-02-10": 100}, "2026-02-11", 0, None),
     (SPEND, {"2026-05-05": 30_001}, "2026-06-01", 2, "2026-12-31")],
)  # fmt: skip
def test_the_last_day_on_which_a_level_stays_earned(
    rules: Terms, days: dict[str, int], at: str, level: int, until: str | None
) -> None:
    found = tiers.last_day(climb("", days), day(at), level, rules)
    assert (date.fromordinal(found).isoformat() if found else None) == until


def test_asking_for_the_last_day_of_a_level_that_is_not_earned_is_a_mistake() -> None:
    with pytest.raises(AssertionError, match=r"^a level that is earned is lost with its last day$"):
        tiers.last_day(climb("", {}), day("2026-01-01"), 1, ROLLING)


# --- rising and falling ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "tier", "points", "left", "now", "until"),
    [(CALENDAR, "member", 100, "member", "silver", "2026-12-31"),
     (CALENDAR, "member", 300, "member", "gold", "2026-12-31"),
     (CALENDAR, "silver", 300, "silver", "gold", "2026-12-31"), (CALENDAR, "silver", 120, None, "silver", "2026-12-31"),
     (CALENDAR, "gold", 120, None, "gold", "2020-01-01"), (CALENDAR, "member", 99, None, "member", None),
     (CALENDAR, "", 5, "", "member", None), (CALENDAR, "gone", 5, "gone", "member", None),
     (ROLLING, "member", 100, "member", "silver", "2026-08-04"),
     (NEXT_YEAR, "silver", 100, None, "silver", "2027-12-31")],
)  # fmt: skip
def test_rising(rules: Terms, tier: str, points: int, left: str | None, now: str, until: str | None) -> None:
    one = climb(tier, {"2026-06-05": points}, "2020-01-01")
    at = noon("2026-06-05")
    assert tiers.rise(one, at, rules) == left
    assert (one.tier, one.since) == (now, at if left is not None else None)
    assert one.until == (day(until) if until else None)


@pytest.mark.parametrize(
    ("rules", "until", "again"),
    [(CALENDAR, "2026-12-31", "2027-01-01"), (STEPS, "2026-12-31", "2027-01-06"), (NEVER, "2026-12-31", None),
     (CALENDAR, None, None)],
)  # fmt: skip
def test_the_day_on_which_a_tier_is_looked_at_again(
    rules: Terms, until: str | None, again: str | None
) -> None:
    found = tiers.drop_day(climb("gold", {}, until), rules)
    assert found == (day(again) if again else None)


@pytest.mark.parametrize(
    ("rules", "tier", "days", "at", "lost", "now", "until"),
    [
        (CALENDAR, "gold", {"2026-06-05": 300}, "2027-01-01", "gold", "member", None),
        (CALENDAR, "gold", {"2027-01-01": 120}, "2027-01-01", "gold", "silver", "2027-12-31"),
        (CALENDAR, "silver", {"2027-01-01": 120}, "2027-01-01", None, "silver", "2027-12-31"),
        (CALENDAR, "silver", {"2027-01-01": 320}, "2027-01-01", None, "silver", "2027-12-31"),
        (STEPS, "gold", {"2026-06-05": 300}, "2026-08-10", "gold", "silver", "2026-10-09"),
        (STEPS, "silver", {"2026-06-05": 300}, "2026-08-10", "silver", "member", None),
        (STEPS, "gold", {"2026-08-08": 150}, "2026-08-10", "gold", "silver", "2026-10-07"),
        (STEPS, "gold", {"2026-08-08": 300}, "2026-08-10", None, "gold", "2026-10-07"),
        (ROLLING, "gold", {"2026-06-05": 300}, "2026-08-05", "gold", "member", None),
        (terms(downgrade="one_step"), "gold", {}, "2027-01-01", "gold", "silver", "2027-12-31"),
        (terms(downgrade="one_step", grace=14), "gold", {}, "2027-01-15", "gold", "silver", "2027-12-31"),
        (terms("{kind: calendar_year, keep: next_year}", "one_step"), "gold", {}, "2027-01-01", "gold", "silver",
         "2027-12-31"),
    ],
)  # fmt: skip
def test_falling(
    rules: Terms, tier: str, days: dict[str, int], at: str, lost: str | None, now: str, until: str | None
) -> None:
    one = climb(tier, days, "2020-01-01")
    assert tiers.drop(one, day(at), noon(at), rules) == lost
    assert (one.tier, one.since) == (now, noon(at) if lost else None)
    assert one.until == (day(until) if until else None)


# --- what is asked for ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "tier", "days", "at", "ahead"),
    [
        (CALENDAR, "member", {"2026-06-05": 60}, "2026-06-06", ("silver", 40, "2026-12-31")),
        (CALENDAR, "silver", {"2026-06-05": 160}, "2026-06-06", ("gold", 140, "2026-12-31")),
        (CALENDAR, "gold", {"2026-06-05": 460}, "2026-06-06", None),
        (CALENDAR, "member", {"2026-06-05": 160}, "2026-06-06", ("silver", 0, "2026-12-31")),
        (NEXT_YEAR, "silver", {"2025-06-05": 160}, "2026-06-06", ("gold", 300, "2026-12-31")),
        (ROLLING, "member", {}, "2026-06-06", ("silver", 100, None)),
        (ROLLING, "member", {"2026-04-06": 20, "2026-04-07": 30, "2026-05-01": 5, "2026-07-01": 9}, "2026-06-06",
         ("silver", 65, "2026-06-06")),
        (ROLLING, "member", {"2026-05-01": 5}, "2026-06-06", ("silver", 95, "2026-06-30")),
        (ROLLING, "member", {"2026-06-06": 5}, "2026-06-06", ("silver", 95, "2026-08-05")),
        (ROLLING, "member", {"2026-05-01": 900_000}, "2026-06-06", ("silver", 0, "2026-06-30")),
        (SPEND, "member", {"2026-06-05": 6001}, "2026-06-06", ("silver", 4000, "2026-12-31")),
    ],
)  # fmt: skip
def test_what_is_missing_to_the_next_tier(
    rules: Terms, tier: str, days: dict[str, int], at: str, ahead: Any
) -> None:
    assert told(tiers.to_next(climb(tier, days), day(at), rules)) == ahead


GRACE = terms(grace=14)
KEPT_GRACE = terms("{kind: calendar_year, keep: next_year}", grace=14)


@pytest.mark.parametrize(
    ("rules", "tier", "days", "until", "at", "ahead"),
    [
        (CALENDAR, "member", {}, None, "2026-06-06", None),
        (NEVER, "gold", {"2026-06-05": 300}, "2026-12-31", "2026-06-06", None),
        (CALENDAR, "gold", {"2026-06-05": 300}, "2026-12-31", "2026-06-06", None),
        (CALENDAR, "gold", {"2026-06-05": 300}, "2026-12-31", "2027-01-01", ("gold", 300, "2026-12-31")),
        (GRACE, "gold", {"2026-06-05": 300}, "2026-12-31", "2026-12-31", None),
        (GRACE, "gold", {"2026-06-05": 300}, "2026-12-31", "2027-01-02", ("gold", 300, "2027-01-14")),
        (GRACE, "gold", {"2027-01-01": 170}, "2026-12-31", "2027-01-02", ("gold", 130, "2027-01-14")),
        (GRACE, "gold", {"2027-01-01": 370}, "2026-12-31", "2027-01-02", ("gold", 0, "2027-01-14")),
        (NEXT_YEAR, "gold", {"2025-06-05": 300, "2026-01-01": 50}, "2026-12-31", "2026-06-06",
         ("gold", 250, "2026-12-31")),
        (NEXT_YEAR, "gold", {"2026-06-05": 300}, "2027-12-31", "2026-06-06", ("gold", 300, "2027-12-31")),
        (NEXT_YEAR, "silver", {"2026-06-05": 300}, "2027-12-31", "2027-06-06", ("silver", 100, "2027-12-31")),
        (KEPT_GRACE, "gold", {"2026-06-05": 10}, "2026-12-31", "2026-06-06", ("gold", 290, "2026-12-31")),
        (KEPT_GRACE, "gold", {"2027-01-01": 10}, "2026-12-31", "2027-01-02", ("gold", 290, "2027-01-14")),
        (KEPT_GRACE, "gold", {"2026-06-05": 300}, "2026-12-31", "2027-01-02", ("gold", 0, "2027-01-14")),
        (ROLLING, "gold", {"2026-06-05": 300}, "2026-08-04", "2026-06-06", ("gold", 300, "2026-08-04")),
        (ROLLING, "gold", {"2026-06-05": 300, "2026-07-01": 90}, "2026-08-04", "2026-07-06",
         ("gold", 210, "2026-08-04")),
        (ROLLING, "gold", {"2026-06-05": 1, "2026-07-01": 300}, "2026-08-31", "2026-07-06",
         ("gold", 300, "2026-08-31")),
        (STEPS, "gold", {"2026-06-05": 300, "2026-06-08": 90}, "2026-08-04", "2026-06-09", ("gold", 300, "2026-08-09")),
        (STEPS, "gold", {"2026-06-05": 300, "2026-06-12": 90}, "2026-08-04", "2026-06-12", ("gold", 210, "2026-08-09")),
        (terms(basis="spend", grace=14), "silver", {"2027-01-01": 6001}, "2026-12-31", "2027-01-02",
         ("silver", 4000, "2027-01-14")),
    ],
)  # fmt: skip
def test_what_is_missing_to_stay(
    rules: Terms, tier: str, days: dict[str, int], until: str | None, at: str, ahead: Any
) -> None:
    assert told(tiers.to_stay(climb(tier, days, until), day(at), rules)) == ahead
