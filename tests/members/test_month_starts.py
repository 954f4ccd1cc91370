"""What falls due exactly where a month begins belongs to that month: a replay from there does it, and does it once."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from sqlmodel import Session, col, select

from facts.events import Fact
from members.actions import record
from members.prove import prove
from rewards.tables import TierChange
from tests.builders import PROGRAMME, a_refund, an_order, in_force, open_lots, standing_of

CASH = """
wallets:
  cash: {kind: cashback, name: Cashback, expiry: {kind: rolling, months: 1, round_to: month}}
"""
BACK = "earning:\n  - {kind: cashback, slug: back, percent: '10', wallet: cash, tier_multiplier: false}\n"
GRACE = PROGRAMME.replace(
    "{kind: rolling, months: 12}", "{kind: rolling, months: 1}\n  restored_grace_days: 40"
)
NOVEMBER = datetime(2026, 11, 1, 4, tzinfo=UTC)  # midnight in New York


def noon(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 17, tzinfo=UTC)  # in New York


def told(session: Session, *facts: Fact) -> None:
    assert {one.status for one in record(session, facts, noon(11, 22))} == {"recorded"}
    assert prove(session).flaws == []


def test_cashback_that_ends_there_ends_once(session: Session) -> None:
    in_force(session, PROGRAMME.replace("earning:\n", BACK, 1) + CASH)
    told(session, an_order("A", "20.00", at=noon(9, 3)), an_order("B", "20.00", at=noon(11, 17)))
    told(session, an_order("C", "10.00", at=noon(11, 16)))
    assert json.loads(standing_of(session).state)["wallets"]["cash"] == [300, 0, 0]


def test_a_tier_that_ends_there_is_told_still(session: Session) -> None:
    in_force(session)
    told(session, an_order("A", "150.00", at=noon(3, 3, 2025)), an_order("B", "20.00", at=noon(1, 17)))

    def moves() -> list[tuple[datetime, str]]:
        query = select(TierChange.at, TierChange.tier).order_by(col(TierChange.at))
        return [(at, tier) for at, tier in session.exec(query).all()]

    before = moves()
    assert before[-1] == (datetime(2026, 1, 1, 5, tzinfo=UTC), "member")
    told(session, an_order("C", "10.00", at=noon(1, 16)))
    assert moves() == before


def test_points_that_come_back_there_stay(session: Session) -> None:
    in_force(session, GRACE)
    told(
        session,
        an_order("A", "30.00", at=noon(8, 10)),
        an_order("P", "10.00", at=noon(8, 20), points_paid="0.20"),
        a_refund("P", ("1", "10.00"), at=NOVEMBER),
        an_order("B", "7.00", at=noon(11, 17)),
    )
    told(session, an_order("C", "5.00", at=noon(11, 16)))
    left = open_lots(session, standing_of(session))
    assert {points for cause, points in left.items() if cause.startswith("restore|")} == {20}
    assert standing_of(session).balance == 32
