"""Clocks that jump, days that are short, long or never were, and members who travel: the same end, and nothing twice.

Each table says what happens by the clock on the wall and what it must come to, worked out by hand. Everybody lives the
same days: one as they pass, one has them told backwards and late, one has each of them told twice and all at once.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from app import database
from facts.events import OWN_SOURCE, Fact
from members.actions.record import record
from tests.engine.till import Till
from tests.engine.wording import a_programme

EARNING = (
    "  - {kind: fixed_points, slug: review, on: review.posted, points: 5, cap_per_day: 10, expires_days: 30}"
)
GAMES = """
badges:
  - slug: streak
    name: Three days in a row
    criterion: {kind: streak, every: day, at_least: 3, where: {type: review.posted}}
    prizes: [{points: 50, promotional: false}]
challenges:
  - slug: daily
    name: Twice a day
    repeats: day
    criterion: {kind: count, at_least: 1, where: {type: review.posted}}
    milestones: [{at: 2, prize: {points: 3, promotional: false}}]
"""
PASSING, BACKWARDS, TWICE = "1", "2", "3"


def moment(text: str, zone: str) -> datetime:
    """A moment of the clock on the wall; with a star, when it shows that time once more."""
    there = datetime.fromisoformat(text.rstrip("*")).replace(
        tzinfo=ZoneInfo(zone), fold=int(text.endswith("*"))
    )
    return there.astimezone(UTC)


def shop(till: Till, zone: str) -> None:
    till.open(a_programme(points="  expiry: {kind: never}", earning=EARNING, zone=zone) + GAMES)


def lived(till: Till, moments: list[datetime]) -> None:
    """Reviews at these moments, for each of the three."""

    def reviews(customer: str, times: int = 1) -> list[dict[str, object]]:
        return [
            till.event("review.posted", {"review_id": f"r{n}"}, customer, at=at, id=f"{customer}-{n:02}")
            for n, at in enumerate(moments)
            for _ in range(times)
        ]

    for event, at in zip(reviews(PASSING), moments, strict=True):
        till.at(at).post(event)
    till.later(hours=2)
    till.post(*reversed(reviews(BACKWARDS)))
    answers = till.send(*reviews(TWICE, 2))
    assert [answer["status"] for answer in answers] == ["recorded", "duplicate"] * len(moments)


def outcome(till: Till, customer: str, zone: str) -> tuple[dict[str, int], list[str], list[str]]:
    """Points by rules on each day, the days on which the daily challenge was done, and the day of the streak."""
    who, earned = till.standing(customer)["member"], dict[str, int]()

    def day(text: str) -> str:
        return datetime.fromisoformat(text).astimezone(ZoneInfo(zone)).date().isoformat()

    for row in till.entries(customer):
        if row["why"].get("of", row["why"])["k"] == "fixed_points":
            earned[day(row["occurred_at"])] = earned.get(day(row["occurred_at"]), 0) + row["amount"]
    done = till.run("export", "awards").stdout.splitlines()
    rows = [row for line in done if line.startswith("{") and (row := json.loads(line))["member_id"] == who]
    return (
        {at: points for at, points in earned.items() if points},
        sorted(day(row["awarded_at"]) for row in rows if row["slug"] == "daily"),
        [day(row["awarded_at"]) for row in rows if row["slug"] == "streak"],
    )


# zone, reviews by the clock on the wall, points by day, days of the challenge, day of the streak
DAYS = {
    "spring: a day of 23 hours": (
        "America/New_York",
        ["2026-03-07 23:59", "2026-03-08 00:00", "2026-03-08 01:59", "2026-03-08 03:00", "2026-03-08 23:59",
         "2026-03-09 00:00"],
        {"2026-03-07": 5, "2026-03-08": 10, "2026-03-09": 5}, ["2026-03-08"], ["2026-03-09"],
    ),
    "autumn: half past one comes twice": (
        "America/New_York",
        ["2026-10-31 23:59", "2026-11-01 01:30", "2026-11-01 01:30*", "2026-11-01 23:59", "2026-11-02 00:00"],
        {"2026-10-31": 5, "2026-11-01": 10, "2026-11-02": 5}, ["2026-11-01"], ["2026-11-02"],
    ),
    "a day that begins at one o'clock": (
        "Africa/Cairo",
        ["2026-04-23 23:59", "2026-04-24 01:00", "2026-04-24 23:59", "2026-04-25 00:00"],
        {"2026-04-23": 5, "2026-04-24": 10, "2026-04-25": 5}, ["2026-04-24"], ["2026-04-25"],
    ),
    "a midnight that is taken back": (
        "Africa/Cairo",
        ["2026-10-28 23:30", "2026-10-29 23:30", "2026-10-29 23:30*", "2026-10-30 00:00", "2026-10-30 00:01"],
        {"2026-10-28": 5, "2026-10-29": 10, "2026-10-30": 10}, ["2026-10-29", "2026-10-30"], ["2026-10-30"],
    ),
    "half an hour back": (
        "Australia/Lord_Howe",
        ["2026-04-04 12:00", "2026-04-05 01:45", "2026-04-05 01:45*", "2026-04-06 00:00"],
        {"2026-04-04": 5, "2026-04-05": 10, "2026-04-06": 5}, ["2026-04-05"], ["2026-04-06"],
    ),
    "a leap day": (
        "America/New_York",
        ["2024-02-28 23:59:59", "2024-02-29 00:00", "2024-02-29 23:59:59", "2024-03-01 00:00"],
        {"2024-02-28": 5, "2024-02-29": 10, "2024-03-01": 5}, ["2024-02-29"], ["2024-03-01"],
    ),
    "no leap day": (
        "America/New_York",
        ["2025-02-27 12:00", "2025-02-28 23:59:59", "2025-03-01 00:00", "2025-03-01 00:00:01"],
        {"2025-02-27": 5, "2025-02-28": 5, "2025-03-01": 10}, ["2025-03-01"], ["2025-03-01"],
    ),
    "a year's end": (
        "Asia/Kolkata",
        ["2025-12-30 23:59", "2025-12-31 00:00", "2025-12-31 23:59:59", "2026-01-01 00:00"],
        {"2025-12-30": 5, "2025-12-31": 10, "2026-01-01": 5}, ["2025-12-31"], ["2026-01-01"],
    ),
}  # fmt: skip


@pytest.mark.feature(71)
@pytest.mark.parametrize(("zone", "reviews", "points", "daily", "streak"), DAYS.values(), ids=DAYS)
def test_days_are_those_of_the_wall(
    till: Till, zone: str, reviews: list[str], points: dict[str, int], daily: list[str], streak: list[str]
) -> None:
    shop(till, zone)
    moments = [moment(text, zone) for text in reviews]
    assert all(a < b for a, b in pairwise(moments))
    lived(till, moments)
    total = sum(points.values()) + 3 * len(daily) + 50 * len(streak)
    for customer in (PASSING, BACKWARDS, TWICE):
        assert outcome(till, customer, zone) == (points, daily, streak)
        assert till.balance(customer) == total
    gone = moment(reviews[-1], zone) + timedelta(days=32)
    for _ in range(2):
        till.at(gone).night()
    for customer in (PASSING, BACKWARDS, TWICE):
        assert till.balance(customer) == total - sum(points.values()), "thirty days later, once"
    till.proven()


# from where on, in UTC, the member lives where; reviews in UTC; on which of their own days the challenge was done
JOURNEYS = {
    "east over the date line and back": (
        {"2026-06-11 03:10": "Pacific/Auckland", "2026-06-11 03:30": "America/New_York"},
        ["2026-06-11 03:00", "2026-06-11 03:05",  # the 10th in New York
         "2026-06-11 03:20", "2026-06-11 03:25",  # the 11th in Auckland
         "2026-06-11 03:40", "2026-06-11 03:45",  # the 10th once more
         "2026-06-11 14:00", "2026-06-11 14:05",  # the 11th once more
         "2026-06-12 14:00", "2026-06-12 14:05"],
        3, 1,
    ),
    "back and forth within an hour": (
        {f"2026-06-11 03:{n:02}": ("Pacific/Auckland", "America/New_York")[n % 2] for n in range(1, 40, 3)},
        [f"2026-06-11 03:{n:02}" for n in range(0, 60, 2)], 2, 0,
    ),
    "west, where the day is long": (
        {"2026-06-11 12:00": "Pacific/Honolulu"},
        ["2026-06-11 04:30", "2026-06-11 04:40",  # the 11th in New York
         "2026-06-12 05:00", "2026-06-12 06:00", "2026-06-12 09:30",  # the 11th in Honolulu
         "2026-06-12 10:30", "2026-06-12 11:00", "2026-06-13 11:00"],
        2, 1,
    ),
}  # fmt: skip


@pytest.mark.feature(71)
@pytest.mark.parametrize(("moves", "reviews", "rounds", "streaks"), JOURNEYS.values(), ids=JOURNEYS)
def test_who_travels_has_no_day_twice(
    till: Till, moves: dict[str, str], reviews: list[str], rounds: int, streaks: int
) -> None:
    """Caps stay on the programme's clock, whatever the member's says."""
    shop(till, "America/New_York")
    moments = [moment(text, "UTC") for text in reviews]
    till.at(moments[0] - timedelta(days=100))
    for customer in (PASSING, BACKWARDS, TWICE):
        till.post(till.event("visit", {}, customer))
        travel(till, customer, moves)
    lived(till, moments)
    first = outcome(till, PASSING, "UTC")
    assert (len(first[1]), len(first[2])) == (rounds, streaks)
    for customer in (PASSING, BACKWARDS, TWICE):
        points, *_ = outcome(till, customer, "America/New_York")
        assert max(points.values()) == 10
        assert outcome(till, customer, "UTC") == first
        assert till.balance(customer) == sum(points.values()) + 3 * rounds + 50 * streaks
    till.proven()


def travel(till: Till, customer: str, moves: dict[str, str]) -> None:
    with database.transaction(till.engine) as session:
        who = till.member(session, customer)
        for text, zone in moves.items():
            at = moment(text, "UTC")
            fact = Fact(
                OWN_SOURCE, f"moved:{customer}:{text}", "member.moved", at, f"member:{who}", {"zone": zone}
            )
            (told,) = record(session, [fact], at)
            assert told.status == "recorded", told


def test_a_clock_of_ours_that_jumps_changes_nothing_in_the_end(till: Till) -> None:
    """Forty days ahead and back, with the nightly job wherever the clock stands; what comes from ahead is refused."""
    shop(till, "America/New_York")
    start = till.at("2026-03-06 12:00").now
    jumps = (0, 1, 40, 2, 1.9, -5, 3)
    for n, days in enumerate(jumps):
        till.at(start + timedelta(days=days))
        for customer in ("jumps", "still"):
            at = start + timedelta(days=n / 2)
            told = till.event("review.posted", {"review_id": f"r{n}"}, customer, at=at, id=f"{customer}-{n}")
            if customer == "jumps":
                status = "recorded" if at <= till.now else "refused"
                assert [one["status"] for one in till.send(told)] == [status]
        till.night()
    till.at(start + timedelta(days=4))
    for customer in ("jumps", "still"):
        for n in range(len(jumps)):
            at = start + timedelta(days=n / 2)
            till.send(
                till.event("review.posted", {"review_id": f"r{n}"}, customer, at=at, id=f"{customer}-{n}")
            )
    till.at(start + timedelta(days=41)).night()
    assert till.balance("jumps") == till.balance("still")
    assert outcome(till, "jumps", "America/New_York") == outcome(till, "still", "America/New_York")
    assert len(outcome(till, "still", "America/New_York")[0]) == 4
    assert till.lots("jumps") == {
        cause.replace("still", "jumps"): n for cause, n in till.lots("still").items()
    }
    till.proven()
