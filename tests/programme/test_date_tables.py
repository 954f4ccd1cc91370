"""The dates of two known ladders, and the basket of a third, as tables that anybody can reckon by hand.

Beauty: a tier holds for the rest of the year and all of the next. Linen: what was spent in the last twelve months.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from facts.orders import order_of
from members.actions import paying, record
from members.programme.presets import text
from members.standing import standing_of
from tests.builders import SHOP, a_line, an_order, in_force
from tests.builders import standing_of as row_of

ZONE = ZoneInfo("America/New_York")
Bought = tuple[date, str]


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZONE).astimezone(UTC)


def bought(session: Session, ones: list[Bought]) -> None:
    for number, (day, amount) in enumerate(ones):
        assert (
            record(session, [an_order(f"o{number}", amount, at=noon(day))], noon(day))[0].status == "recorded"
        )


def tier_on(session: Session, day: date) -> tuple[str, date | None]:
    found = standing_of(session, row_of(session).member_id, noon(day))
    assert found
    return found.level.slug, found.tier_until


@pytest.mark.feature(38)
@pytest.mark.parametrize(
    ("ones", "day", "tier", "until"),
    [
        ([(date(2026, 3, 10), "349.99")], date(2026, 3, 10), "insider", None),
        ([(date(2026, 3, 10), "350.00")], date(2026, 3, 10), "vib", date(2027, 12, 31)),
        ([(date(2026, 3, 10), "350.00")], date(2027, 12, 31), "vib", date(2027, 12, 31)),
        ([(date(2026, 3, 10), "350.00")], date(2028, 1, 1), "insider", None),
        ([(date(2026, 12, 31), "1000.00")], date(2027, 12, 31), "rouge", date(2027, 12, 31)),
        ([(date(2026, 12, 31), "1000.00")], date(2028, 1, 1), "insider", None),
        ([(date(2026, 1, 1), "1000.00")], date(2027, 12, 31), "rouge", date(2027, 12, 31)),
        ([(date(2026, 11, 30), "200.00"), (date(2027, 1, 2), "200.00")], date(2027, 1, 2), "insider", None),
        (
            [(date(2026, 5, 1), "1000.00"), (date(2027, 5, 1), "350.00")],
            date(2027, 6, 1),
            "rouge",
            date(2027, 12, 31),
        ),
        (
            [(date(2026, 5, 1), "1000.00"), (date(2027, 5, 1), "350.00")],
            date(2028, 1, 1),
            "vib",
            date(2028, 12, 31),
        ),
        (
            [(date(2026, 5, 1), "350.00"), (date(2027, 5, 1), "350.00")],
            date(2027, 5, 1),
            "vib",
            date(2028, 12, 31),
        ),
        ([(date(2028, 2, 29), "350.00")], date(2029, 12, 31), "vib", date(2029, 12, 31)),
    ],
)
def test_beauty(session: Session, ones: list[Bought], day: date, tier: str, until: date | None) -> None:
    in_force(session, text("beauty"))
    bought(session, ones)
    found = tier_on(session, day)
    assert found[0] == tier
    if until:
        assert found[1] == until


def test_beauty_gives_a_point_and_a_quarter_and_a_half_for_a_dollar(session: Session) -> None:
    in_force(session, text("beauty"))
    day, points = date(2026, 3, 1), 0
    for number, (amount, gained) in enumerate([("350.00", 350), ("650.00", 812), ("100.00", 150)]):
        points += gained
        at = noon(day + timedelta(days=number))
        record(session, [an_order(f"o{number}", amount, at=at)], at)
        assert row_of(session).balance == points


@pytest.mark.feature(36)
@pytest.mark.parametrize(
    ("ones", "day", "tier"),
    [
        ([(date(2026, 3, 10), "349.99")], date(2026, 3, 10), "friends"),
        ([(date(2026, 3, 10), "350.00")], date(2027, 3, 9), "family"),
        ([(date(2026, 3, 10), "350.00")], date(2027, 3, 10), "friends"),
        ([(date(2026, 3, 10), "400.00"), (date(2026, 9, 1), "400.00")], date(2027, 3, 9), "vip"),
        ([(date(2026, 3, 10), "400.00"), (date(2026, 9, 1), "400.00")], date(2027, 3, 10), "family"),
        ([(date(2026, 3, 10), "400.00"), (date(2026, 9, 1), "400.00")], date(2027, 9, 1), "friends"),
        ([(date(2028, 2, 29), "800.00")], date(2029, 2, 27), "vip"),
        ([(date(2028, 2, 29), "800.00")], date(2029, 2, 28), "friends"),
    ],
)
def test_linen(session: Session, ones: list[Bought], day: date, tier: str) -> None:
    in_force(session, text("linen"))
    bought(session, ones)
    assert tier_on(session, day)[0] == tier


@pytest.mark.feature(55)
def test_linen_pays_ten_dollars_with_two_hundred_points_and_at_most_thirty(session: Session) -> None:
    in_force(session, text("linen"))
    day = date(2026, 3, 10)
    bought(session, [(day, "1500.00")])
    lines = order_of({"order_id": "x", "currency": "USD", "lines": [a_line("500.00")]}).lines
    found = paying.quote(session, row_of(session).member_id, lines, noon(day + timedelta(days=20)))
    assert (found.payable.points, found.payable.money, found.payable.because) == (600, 3000, "most")
    small = order_of({"order_id": "x", "currency": "USD", "lines": [a_line("29.99")]}).lines
    found = paying.quote(session, row_of(session).member_id, small, noon(day + timedelta(days=20)))
    assert (found.payable.points, found.payable.money) == (400, 2000)


@pytest.mark.feature(55)
def test_the_kettle_brings_a_tenth_and_the_microwave_is_paid_to_three_tenths(session: Session) -> None:
    """39.99 × 10 % = 3.999 and 129.99 × 3 % = 3.8997: together 7.8987, so 7.89 come back."""
    in_force(session, text("cashback"))
    day = date(2026, 3, 10)
    basket = [
        a_line("39.99", "kettle", category=["HOME", "KETTLES"]),
        a_line("129.99", "oven", category=["HOME", "MICROWAVES"]),
        a_line("50.00", "card", category=["GIFT CARDS"]),
    ]
    record(session, [an_order("o", *basket, at=noon(day))], noon(day))
    member_id = row_of(session).member_id
    found = standing_of(session, member_id, noon(day + timedelta(days=14)))
    assert found
    assert ([one.available for one in found.purses], found.available) == ([789], 0)
    bought(session, [(day + timedelta(days=1), "400.00"), (day + timedelta(days=2), "20000.00")])
    lines = order_of({"order_id": "x", "currency": "USD", "lines": basket}).lines
    later = noon(day + timedelta(days=40))
    found = paying.quote(session, member_id, lines, later, "cash").payable
    assert (found.money, found.lines, found.because) == (3999 + 3899, (3999, 3899, 0), "ceilings")
    made = paying.hold(session, member_id, SHOP, "y", lines, 5000, "r", later, "cash")
    assert made.money == 5000
    phone = order_of(
        {"order_id": "x", "currency": "USD", "lines": [a_line("999.99", category=["PHONES"])]}
    ).lines
    assert paying.quote(session, member_id, phone, later, "cash").payable.money == 19999  # a fifth, as gold
