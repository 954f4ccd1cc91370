"""Lots: which go first, what is remembered of what was taken, and how a debt is repaid."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewards.lots import DEBT, EARNED, HELD, LotState, burn, rank_of, repay, spendable

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)


def days(count: float) -> datetime:
    return AT + timedelta(days=count)


def a_lot(cause: str, amount: int = 10, *, kind: str = EARNED, promotional: bool = False, at: datetime = AT,
          active: datetime | None = None, expires: datetime | None = None, rank: str = "") -> LotState:  # fmt: skip
    return LotState(cause, kind, amount, amount, promotional, at, active or at, expires, rank or cause)


def causes(lots: list[LotState]) -> list[str]:
    return [lot.cause for lot in lots]


def test_the_rank_is_time_then_source_then_fact_then_rule() -> None:
    moment = datetime(2026, 5, 1, 14, 3, 2, 45, tzinfo=timezone(timedelta(hours=2)))
    assert rank_of(moment, "shop", "f1", "base") == "20260501120302000045\x1fshop\x1ff1\x1fbase"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        elsewhere = rank_of(moment, "shop", "f1", "base")
    time.tzset()
    assert elsewhere == "20260501120302000045\x1fshop\x1ff1\x1fbase", "wherever the machine stands"
    ranks = [rank_of(AT, "a", "z", "z"), rank_of(AT, "b", "a", "a"), rank_of(days(1), "a", "a", "a")]
    assert sorted(ranks) == ranks


def test_promotional_first_then_by_expiry_then_by_rank() -> None:
    lots = [a_lot("never"), a_lot("late", expires=days(9)), a_lot("b", expires=days(3)), a_lot("a", expires=days(3)),
            a_lot("gift", promotional=True), a_lot("short-gift", promotional=True, expires=days(8))]  # fmt: skip
    assert causes(spendable(lots, AT)) == ["short-gift", "gift", "a", "b", "late", "never"]


def test_where_all_else_is_the_same_the_cause_decides() -> None:
    lots = [a_lot("tier|gold", rank="r"), a_lot("order|f", rank="r"), a_lot("z", rank="q")]
    assert causes(spendable(lots, AT)) == causes(spendable(lots[::-1], AT)) == ["z", "order|f", "tier|gold"]


def test_only_what_is_active_and_there_can_be_spent() -> None:
    lots = [a_lot("begins", active=days(1)), a_lot("ends", expires=days(1)), a_lot("held", kind=HELD),
            a_lot("debt", -5, kind=DEBT), a_lot("empty", 0), a_lot("one", 1)]  # fmt: skip
    assert causes(spendable(lots, days(1) - timedelta(microseconds=1))) == ["ends", "one"]
    assert causes(spendable(lots, days(1))) == ["begins", "one"]


def test_a_draw_is_remembered_and_closes_an_empty_lot() -> None:
    lot = a_lot("a")
    lot.draw("first", days(1), 4)
    assert (lot.remaining, lot.closed_at, lot.draws) == (6, None, [("first", days(1), 4)])
    lot.draw("second", days(2), 6)
    assert (lot.remaining, lot.closed_at) == (0, days(2))
    assert lot.draws == [("first", days(1), 4), ("second", days(2), 6)]


def test_burning_takes_in_order_and_says_what_is_missing() -> None:
    lots = [a_lot("b", 5, expires=days(2)), a_lot("a", 4, expires=days(1)), a_lot("c", 7)]
    assert burn(lots, 6, "tea", AT) == 0
    assert [(lot.cause, lot.remaining, lot.draws) for lot in lots] == [
        ("b", 3, [("tea", AT, 2)]), ("a", 0, [("tea", AT, 4)]), ("c", 7, [])]  # fmt: skip
    assert burn(lots, 10, "mug", days(0.5)) == 0
    assert [lot.closed_at for lot in lots] == [days(0.5), AT, days(0.5)]
    assert burn(lots, 3, "cup", AT) == 3
    assert burn([a_lot("x", 2)], 3, "cup", AT) == 1
    assert burn([a_lot("x", 2)], 0, "cup", AT) == 0


def test_new_points_repay_the_oldest_debt_first() -> None:
    old, young = a_lot("old", -5, kind=DEBT, rank="1"), a_lot("young", -5, kind=DEBT, rank="2")
    other, new = a_lot("other", 9), a_lot("new", 8)
    assert repay([young, other, old], new, days(1)) == 8
    assert (old.remaining, young.remaining, other.remaining, new.remaining) == (0, -2, 9, 0)
    assert old.draws == [("new", days(1), -5)]
    assert young.draws == [("new", days(1), -3)]
    assert new.draws == [("old", days(1), 5), ("young", days(1), 3)]
    assert (old.closed_at, young.closed_at, new.closed_at) == (days(1), None, days(1))
    more = a_lot("more", 8)
    assert repay([old, young], more, days(2)) == 2
    assert (young.remaining, young.closed_at, more.remaining) == (0, days(2), 6)
    assert repay([old, young], a_lot("again"), days(3)) == 0
    assert repay([a_lot("held", 4, kind=HELD)], a_lot("again"), days(3)) == 0
    assert old.draws == [("new", days(1), -5)], "what is paid is paid"


def test_an_empty_lot_repays_nothing() -> None:
    debt, empty = a_lot("debt", -5, kind=DEBT), a_lot("empty", 0)
    assert repay([debt], empty, AT) == 0
    assert (debt.draws, empty.draws) == ([], [])


def test_a_lot_can_be_read_back_as_it_was() -> None:
    lot = a_lot("a", 10, promotional=True, active=days(3), expires=days(9), rank="r")
    lot.draw("first", days(1), 4)
    lot.draw("second", days(2), 6)
    assert lot.as_of(AT) is None
    assert lot.as_of(days(-1)) is None
    fresh = lot.as_of(days(1))
    assert fresh == LotState("a", EARNED, 10, 10, True, AT, days(3), days(9), "r", None, [])
    later = lot.as_of(days(2))
    assert later == LotState(
        "a", EARNED, 10, 6, True, AT, days(3), days(9), "r", None, [("first", days(1), 4)]
    )
    assert lot.as_of(days(3)) == lot
    assert lot.as_of(days(2) + timedelta(microseconds=1)) == lot


def test_a_lot_that_was_empty_from_the_start_was_closed_then() -> None:
    lot = a_lot("a", 0)
    found = lot.as_of(days(1))
    assert found is not None
    assert (found.remaining, found.closed_at) == (0, AT)


takes = st.lists(st.tuples(st.integers(0, 10), st.integers(1, 30)), max_size=8)


@given(
    amounts=st.lists(st.tuples(st.integers(1, 20), st.integers(1, 12), st.booleans()), max_size=6),
    takes=takes,
)
def test_read_back_at_any_moment_is_what_it_was_at_that_moment(
    amounts: list[tuple[int, int, bool]], takes: list[tuple[int, int]]
) -> None:
    lots = [
        a_lot(str(i), amount, promotional=gift, expires=days(end))
        for i, (amount, end, gift) in enumerate(amounts)
    ]
    seen: list[tuple[datetime, list[int]]] = []
    for number, (day, amount) in enumerate(sorted(takes)):
        moment = days(day) + timedelta(minutes=number + 1)
        seen.append((moment, [lot.remaining for lot in lots]))
        there = sum(lot.remaining for lot in spendable(lots, moment))
        assert burn(lots, amount, f"take-{number}", moment) == max(0, amount - there)
    for moment, remaining in seen:
        back = [lot.as_of(moment) for lot in lots]
        assert [lot.remaining for lot in back if lot] == remaining


def test_a_copy_is_the_same_and_what_is_taken_from_it_is_not_taken_from_the_lot() -> None:
    lot = LotState("a", EARNED, 10, 10, True, AT, days(1), days(9), "r", None, [("x", AT, 2)], "cash")
    copy = lot.copy()
    assert copy == lot
    copy.draw("y", days(1), 3)
    assert (lot.remaining, lot.draws) == (10, [("x", AT, 2)])
