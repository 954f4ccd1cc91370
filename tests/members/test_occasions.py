"""Birthdays and years of membership: once, on the member's own day, and not to be gained by telling another one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from members.actions import own
from members.actions.merging import merge
from members.actions.occasions import ANNIVERSARY, BIRTHDAY, anniversaries, birthdays, last_time
from members.actions.record import record
from members.prove import prove
from members.tables import FactRow, Member
from tests.builders import PROGRAMME, an_order, days, in_force, standing_of

RULES = """  - {kind: fixed_points, slug: birthday, on: member.birthday, points: 50}
  - {kind: fixed_points, slug: year, on: member.anniversary, points: 10}
tiers:
"""
TEXT = PROGRAMME.replace("tiers:\n", RULES, 1)
BEGAN = datetime(2024, 1, 10, 12, tzinfo=UTC)  # in New York, where the shop is, it is seven in the morning


def a_member(session: Session, customer: str = "1", at: datetime = BEGAN, zone: str = "") -> UUID:
    """Somebody who joined."""
    record(session, [an_order(customer, "1.00", at=at, subject=f"customer:{customer}")], at)
    found = standing_of(session, customer).member_id
    member = session.get_one(Member, found)
    member.status, member.created_at, member.zone = "active", at, zone
    session.add(member)
    session.flush()
    return found


def days_of(session: Session, kind: str = BIRTHDAY) -> list[str]:
    """When such facts happened, in UTC."""
    query = select(FactRow.occurred_at).where(FactRow.type == kind).order_by(col(FactRow.occurred_at))
    return [at.strftime("%Y-%m-%d %H:%M") for at in session.exec(query)]


def daily(session: Session, since: datetime, until: datetime, every: float = 1) -> None:
    """The job, once a day."""
    while since < until:
        birthdays(session, since)
        anniversaries(session, since)
        since += days(every)


@pytest.fixture(autouse=True)
def programme(session: Session) -> None:
    in_force(session, TEXT)


def test_a_birthday_is_recorded_once_a_year_on_the_members_own_day(session: Session) -> None:
    mira = a_member(session)
    own.tell(session, mira, BEGAN, birthday="1990-05-02")
    assert birthdays(session, datetime(2025, 5, 2, 3, 59, 59, tzinfo=UTC))[0] == 0, (
        "it is the first of May there"
    )
    daily(session, datetime(2025, 4, 20, 12, tzinfo=UTC), datetime(2025, 5, 20, tzinfo=UTC), 0.25)
    assert days_of(session) == ["2025-05-02 04:00"]
    daily(session, datetime(2026, 4, 20, 12, tzinfo=UTC), datetime(2026, 5, 20, tzinfo=UTC))
    assert days_of(session) == ["2025-05-02 04:00", "2026-05-02 04:00"]
    assert standing_of(session).balance == 2 * 50, "the point of the order has expired"
    assert prove(session).flaws == []


def test_it_is_the_members_clock_that_counts_and_a_week_of_downtime_loses_nothing(session: Session) -> None:
    mira = a_member(session, zone="Pacific/Auckland")
    own.tell(session, mira, BEGAN, birthday="1990-05-02")
    assert birthdays(session, datetime(2025, 5, 1, 12, tzinfo=UTC))[0] == 1
    assert days_of(session) == ["2025-05-01 12:00"]
    assert birthdays(session, datetime(2026, 5, 8, 11, tzinfo=UTC))[0] == 1
    assert birthdays(session, datetime(2027, 5, 10, 11, tzinfo=UTC))[0] == 0, "too late by far"
    assert days_of(session) == ["2025-05-01 12:00", "2026-05-01 12:00"]


@pytest.mark.parametrize(("told", "paid"), [(29, 0), (30, 1), (31, 1)])
def test_a_birthday_is_told_thirty_days_before(session: Session, told: int, paid: int) -> None:
    mira = a_member(session)
    own.tell(session, mira, datetime(2025, 5, 2, 4, tzinfo=UTC) - days(told), birthday="1990-05-02")
    daily(session, datetime(2025, 5, 1, tzinfo=UTC), datetime(2025, 5, 6, tzinfo=UTC))
    assert len(days_of(session)) == paid


def test_who_tells_another_day_after_the_present_gets_no_second_one(session: Session) -> None:
    """Corrected as early as that is possible, to a day that comes sooner: 330 days lie between two presents."""
    mira = a_member(session)
    own.tell(session, mira, BEGAN, birthday="1990-01-25")
    daily(session, datetime(2025, 1, 20, tzinfo=UTC), datetime(2025, 1, 30, tzinfo=UTC))
    own.tell(session, mira, datetime(2025, 1, 30, tzinfo=UTC), birthday="1990-11-30")
    daily(session, datetime(2025, 11, 25, tzinfo=UTC), datetime(2025, 12, 6, tzinfo=UTC))
    daily(session, datetime(2026, 1, 20, tzinfo=UTC), datetime(2026, 1, 30, tzinfo=UTC))
    assert days_of(session) == ["2025-01-25 05:00"]
    daily(session, datetime(2026, 11, 25, tzinfo=UTC), datetime(2026, 12, 6, tzinfo=UTC))
    assert days_of(session) == ["2025-01-25 05:00", "2026-11-30 05:00"]


def test_two_accounts_that_became_one_have_one_birthday(session: Session) -> None:
    one, other = a_member(session), a_member(session, "2")
    own.tell(session, one, BEGAN, birthday="1990-05-02")
    own.tell(session, other, BEGAN, birthday="1990-05-20")
    daily(session, datetime(2025, 5, 1, tzinfo=UTC), datetime(2025, 5, 6, tzinfo=UTC))
    merge(session, one, other, "the same person", "staff:test", datetime(2025, 5, 7, tzinfo=UTC))
    daily(session, datetime(2025, 5, 8, tzinfo=UTC), datetime(2025, 5, 26, tzinfo=UTC))
    assert days_of(session) == ["2025-05-02 04:00"]


@pytest.mark.parametrize("steps", [2, 3])
def test_the_birthday_of_an_account_that_came_by_way_of_others_counts(session: Session, steps: int) -> None:
    accounts = [a_member(session, str(number)) for number in range(1, steps + 2)]
    own.tell(session, accounts[0], BEGAN, birthday="1990-05-02")
    own.tell(session, accounts[-1], BEGAN, birthday="1990-05-20")
    daily(session, datetime(2025, 5, 1, tzinfo=UTC), datetime(2025, 5, 6, tzinfo=UTC))
    for hour, (one, other) in enumerate(pairwise(accounts)):
        merge(session, one, other, "one", "staff:test", datetime(2025, 5, 7, hour, tzinfo=UTC))
    daily(session, datetime(2025, 5, 8, tzinfo=UTC), datetime(2025, 5, 26, tzinfo=UTC))
    assert days_of(session) == ["2025-05-02 04:00"]


def test_who_is_gone_or_was_born_just_now_has_none_and_nothing_is_recorded_that_nobody_asks_for(
    session: Session,
) -> None:
    mira, baby = a_member(session), a_member(session, "2")
    own.tell(session, mira, BEGAN, birthday="1990-05-02")
    own.tell(session, baby, BEGAN, birthday="2024-01-10")
    own.leave(session, mira, "member", datetime(2025, 5, 1, tzinfo=UTC))
    daily(session, datetime(2025, 5, 1, tzinfo=UTC), datetime(2025, 5, 9, tzinfo=UTC))
    daily(session, datetime(2024, 2, 8, tzinfo=UTC), datetime(2024, 2, 12, tzinfo=UTC))
    assert days_of(session) == []


def test_years_are_counted_from_joining_each_once(session: Session) -> None:
    a_member(session)
    daily(session, datetime(2024, 1, 11, tzinfo=UTC), datetime(2024, 1, 20, tzinfo=UTC))
    for year in (2025, 2026):
        daily(session, datetime(year, 1, 5, tzinfo=UTC), datetime(year, 1, 25, tzinfo=UTC), 0.5)
    assert days_of(session, ANNIVERSARY) == ["2025-01-10 05:00", "2026-01-10 05:00"]
    rows = session.exec(
        select(FactRow.data).where(FactRow.type == ANNIVERSARY).order_by(col(FactRow.occurred_at))
    )
    assert list(rows) == ['{"years":1}', '{"years":2}']
    assert standing_of(session).balance == 2 * 10


@pytest.mark.parametrize(
    ("today", "last"),
    [("2025-02-28", "2025-02-28"), ("2025-02-27", "2024-02-29"), ("2028-02-28", "2027-02-28"),
     ("2028-02-29", "2028-02-29"), ("2026-12-31", "2026-02-28")],
)  # fmt: skip
def test_the_twenty_ninth_of_february_is_the_last_of_the_month(today: str, last: str) -> None:
    assert last_time(date(1992, 2, 29), date.fromisoformat(today)).isoformat() == last


def test_who_was_born_on_the_twenty_ninth_has_a_birthday_each_year(session: Session) -> None:
    mira = a_member(session)
    own.tell(session, mira, BEGAN, birthday="1992-02-29")
    for year in (2025, 2028):
        daily(
            session, datetime(year, 2, 25, tzinfo=UTC), datetime(year, 3, 6, tzinfo=UTC) + timedelta(hours=6)
        )
    assert days_of(session) == ["2025-02-28 05:00", "2028-02-29 05:00"]
