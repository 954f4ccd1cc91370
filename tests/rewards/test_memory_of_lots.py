"""Lots on paper, to the last field: what comes back too late, what lasts longer, and what staff add or take."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.history import Event
from facts.returned import RETURNED
from rewards.effects import Posting
from rewards.expiry import Expiry
from rewards.fold import Fold
from rewards.idle import all_end, end_of, idle_end
from rewards.lots import DEBT, EARNED, HELD, LotState
from rewards.terms import TermsLine
from rewards.wallets import tally
from tests.engine.wording import a_programme, local
from tests.rewards.paper import ONE_LEVEL, line_of

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)  # in New York
WALLETS = "\nwallets:\n  cash: {kind: cashback, name: Cash, expiry: {kind: never}}\n"


def programme(points: str) -> str:
    return a_programme(points=points, levels=ONE_LEVEL) + WALLETS


MONTH = programme("  expiry: {kind: rolling, months: 1}")
GRACE = programme("  expiry: {kind: rolling, months: 1}\n  restored_grace_days: 14")
IDLE = programme("  expiry: {kind: inactivity, days: 30}")
CHANGED = line_of(MONTH, (GRACE, NOON + timedelta(days=35)))  # grace comes with the second version


def days(count: float) -> datetime:
    return NOON + timedelta(days=count)


def a_lot(name: str, points: int, at: float = 0, **more: Any) -> LotState:
    said: dict[str, Any] = {
        "promotional": False,
        "expires_at": local("2026-04-03 00:00"),
        "rank": name,
    } | more
    return LotState(name, EARNED, points, points, at=days(at), active_from=days(at), **said)


def with_lots(line: TermsLine, *lots: LotState) -> Fold:
    fold = Fold(line, lots={lot.cause: lot for lot in lots})
    fold.expiry_due = fold.next_expiry()
    return fold


def returned(fold: Fold, at: float, back: datetime, name: str = "r", **data: Any) -> None:
    fold.apply(Event((days(at), "s", f"f{name}"), RETURNED, {"at": back, "name": name, **data}))


def balances(fold: Fold) -> dict[str, int]:
    return {lot.cause: lot.remaining for lot in fold.lots.values() if lot.remaining}


def test_what_is_away_is_taken_lot_by_lot_and_comes_back_lot_by_lot() -> None:
    fold = with_lots(line_of(GRACE), a_lot("a", 30), a_lot("b", 10), a_lot("c", 9))
    returned(fold, 1, days(60), points=20)
    returned(fold, 2, days(50), "s", points=21)
    assert [one[:4] for one in fold.away] == [
        ["a", 20, days(60).isoformat(), "r"], ["a", 10, days(50).isoformat(), "s"],
        ["b", 10, days(50).isoformat(), "s"], ["c", 1, days(50).isoformat(), "s"]]  # fmt: skip
    fold.advance(days(70))
    assert {one.cause: one.amount for one in fold.postings if one.kind == "restored"} == {
        "restore|r|a": 20, "restore|s|a": 10, "restore|s|b": 10, "restore|s|c": 1}  # fmt: skip
    assert fold.away == []


def test_what_was_spent_meanwhile_is_divided_among_what_was_away() -> None:
    fold = with_lots(line_of(GRACE), a_lot("a", 30), a_lot("b", 5))
    returned(fold, 1, days(60), points=20)
    returned(fold, 2, days(50), "s", points=5)
    fold.lots["a"].draw("spent", days(3), 8)
    fold.lots["a"].draw("spent", days(4), 1)
    fold.advance(days(40))
    assert fold.away == [["a", 20, days(60).isoformat(), "r", 0, "points", 1],
                         ["a", 1, days(50).isoformat(), "s", 0, "points", 1]]  # fmt: skip


def test_to_the_last_field_in_a_wallet_by_terms_of_the_moment_at_which_it_comes_back() -> None:
    back = datetime(2026, 4, 12, 2, tzinfo=UTC)  # in New York it is the 11th
    fold = with_lots(CHANGED, a_lot("a", 30, wallet="cash", promotional=True), a_lot("b", 9))
    returned(fold, 1, back, points=20, wallet="cash")
    fold.advance(back)
    ends = local("2026-04-26 00:00")
    assert fold.lots["restore|r|a"] == LotState(
        "restore|r|a", EARNED, 20, 20, True, back, back, ends,
        "20260412020000000000\x1f\x1frestore|r|a\x1f", wallet="cash")  # fmt: skip
    posting = fold.postings[-1]
    assert replace(posting, why="") == Posting(
        "restore|r|a", "restored", 20, back, back, ends, "", 2, "", "cash")  # fmt: skip
    assert json.loads(posting.why) == {"k": "restored", "points": 20, "wallet": "cash"}
    none = with_lots(CHANGED, a_lot("a", 30))
    returned(none, 1, days(34), points=20)
    assert none.away == [], "there was no grace then"


def test_money_was_away_from_the_wallet_that_it_was_taken_from_by_what_that_is_worth() -> None:
    dear = GRACE.replace('{points: 100, money: "1.00"}', '{points: 300, money: "1.00"}')
    assert dear != GRACE
    fold = with_lots(line_of(dear), a_lot("a", 300), a_lot("b", 30, wallet="cash"))
    returned(fold, 1, days(60), money=20)
    returned(fold, 1, days(60), "s", money=20, wallet="cash")
    assert [one[:2] for one in fold.away] == [["a", 60], ["b", 20]]


def test_what_ends_at_the_very_moment_at_which_it_comes_back_has_ended() -> None:
    end = local("2026-04-03 00:00")
    for back, restored in ((end, {"restore|r|a": 1}), (end - timedelta(microseconds=1), {})):
        fold = with_lots(line_of(GRACE), a_lot("a", 30))
        returned(fold, 1, back, points=1)
        fold.advance(end)
        assert balances(fold) == restored


def test_what_was_away_for_no_time_was_not_away() -> None:
    for back in (days(1), days(0.5)):
        fold = with_lots(line_of(GRACE), a_lot("a", 30))
        returned(fold, 1, back, points=20)
        assert fold.away == []
    silent = with_lots(line_of(GRACE), a_lot("a", 30))
    returned(silent, 1, days(40))
    assert silent.away == []


def test_what_repays_a_debt_does_so_at_the_moment_at_which_it_comes_back() -> None:
    fold = with_lots(line_of(GRACE), a_lot("a", 30))
    returned(fold, 1, days(40), points=20)
    fold.owe(5, "x", days(35))
    fold.advance(days(40))
    assert balances(fold) == {"restore|r|a": 15}
    assert fold.lots["debt|x"].draws == [("restore|r|a", days(40), -5)]


def test_money_that_comes_back_is_so_many_points() -> None:
    half = GRACE.replace('points: 100, money: "1.00"', 'points: 1, money: "0.02"')
    fold = with_lots(line_of(half), a_lot("a", 30))
    returned(fold, 1, days(40), money=25)
    assert [one[1] for one in fold.away] == [13], "half a point up"
    worthless = with_lots(line_of(GRACE.replace('money: "1.00"', 'money: "0"')), a_lot("a", 30))
    returned(worthless, 1, days(40), money=25)
    assert worthless.away == []


def extended(fold: Fold, until: str, at: float = 1, **data: Any) -> Posting:
    said = {"until": until, "reason": "closed", **data}
    fold.apply(Event((days(at), "s", "e"), "points.extended", said))
    return fold.postings[-1]


def test_an_extension_is_told_to_the_last_field() -> None:
    fold = with_lots(
        line_of(MONTH), a_lot("a", 30), a_lot("b", 1), a_lot("c", 7, wallet="cash"), a_lot("d", 0)
    )
    posting = extended(fold, "2026-05-01", salt="s")
    assert replace(posting, why="") == Posting("extend|s|e", "extended", 0, days(1), None, None, "", 1, "")
    assert json.loads(posting.why) == {
        "k": "extended", "points": 31, "until": "2026-05-01", "reason": "closed", "salt": "s"}  # fmt: skip
    longer, before = local("2026-05-02 00:00"), local("2026-04-03 00:00")
    assert {name: lot.expires_at for name, lot in fold.lots.items()} == {
        "a": longer, "b": longer, "c": before, "d": before}  # fmt: skip
    assert fold.active == {"until": date(2026, 5, 1).toordinal()}
    extended(fold, "2026-04-20", 2)
    assert fold.active == {"until": date(2026, 5, 1).toordinal()}, "the later day stays"
    one = with_lots(line_of(MONTH), a_lot("a", 30), a_lot("b", 1))
    extended(one, "2026-05-01", lot="b")
    assert (one.lots["a"].expires_at, one.lots["b"].expires_at, one.active) == (before, longer, {})


def test_a_lot_that_had_no_end_reads_back_without_one() -> None:
    lot = a_lot("a", 30, expires_at=None, wallet="cash")
    lot.last_until(days(20), days(3))
    lot.last_until(days(30), days(5))
    assert lot.draws == [("longer|", days(3), 0), (f"longer|{days(20).isoformat()}", days(5), 0)]
    read = [lot.as_of(days(count)) for count in (2, 3, 4, 5, 6)]
    assert [(one.expires_at, one.wallet) for one in read if one] == [
        (None, "cash"), (None, "cash"), (days(20), "cash"), (days(20), "cash"), (days(30), "cash")]  # fmt: skip


def adjusted(fold: Fold, points: int, **data: Any) -> Posting:
    fold.apply(Event((NOON, "s", "x"), "points.adjusted", {"points": points, "reason": "eggs", **data}))
    return fold.postings[-1]


def test_what_staff_add_and_take_to_the_last_field() -> None:
    ends = local("2026-04-03 00:00")
    fold = Fold(line_of(MONTH))
    posting = adjusted(fold, 8, promotional=True, salt="s")
    assert replace(posting, why="") == Posting("adjust|s|x", "adjusted", 8, NOON, NOON, ends, "", 1, "")
    assert json.loads(posting.why) == {"k": "adjusted", "points": 8, "reason": "eggs", "salt": "s"}
    rank = "20260302170000000000\x1fs\x1fx\x1f"
    assert fold.lots == {"adjust|s|x": LotState("adjust|s|x", EARNED, 8, 8, True, NOON, NOON, ends, rank)}
    cash = Fold(line_of(MONTH))
    posting = adjusted(cash, 8, wallet="cash")
    assert (posting.wallet, posting.expires_at) == ("cash", None)
    assert cash.lots["adjust|s|x"] == LotState(
        "adjust|s|x", EARNED, 8, 8, False, NOON, NOON, None, rank, wallet="cash")  # fmt: skip


@pytest.mark.parametrize("wallet", ["points", "cash"])
def test_what_staff_take_is_taken_at_that_moment_and_owed_beyond(wallet: str) -> None:
    fold = with_lots(line_of(MONTH), a_lot("a", 5, -1, wallet=wallet), a_lot("z", 9, -1, wallet="other"))
    posting = adjusted(fold, -8, wallet=wallet)
    assert replace(posting, why="") == Posting(
        "adjust|s|x", "adjusted", -8, NOON, None, None, "", 1, "", wallet)  # fmt: skip
    assert fold.lots["a"].draws == [("adjust|s|x", NOON, 5)]
    debt = fold.lots["debt|adjust|s|x"]
    assert (debt.kind, debt.remaining, debt.at, debt.wallet) == (DEBT, -3, NOON, wallet)
    nothing = Fold(line_of(MONTH))
    assert adjusted(nothing, 0).amount == 0
    assert nothing.lots == {}


def test_what_wallets_owe_and_have_set_aside_is_counted_anew() -> None:
    fold = with_lots(line_of(MONTH), a_lot("a", 5, wallet="cash"), a_lot("b", 6))
    for name, kind, points, wallet in (("d", DEBT, -3, "cash"), ("e", DEBT, -4, "cash"), ("f", HELD, 7, "cash"),
                                       ("g", HELD, 8, "cash"), ("h", HELD, 9, "points"), ("i", HELD, 0, "cash"),
                                       ("j", DEBT, -9, "gone")):  # fmt: skip
        fold.lots[name] = replace(a_lot(name, points, wallet=wallet), kind=kind)
    fold.wallets = {"cash": [5, 90, 90], "xp": [2, 1, 1]}
    tally(fold)
    assert fold.wallets == {"cash": [5, 7, 15], "xp": [2, 0, 0]}


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def test_when_all_end_follows_from_the_last_that_was_done() -> None:
    two = line_of(MONTH, (IDLE, days(10)), (GRACE, days(20)))
    visits = programme("  expiry: {kind: inactivity, days: 5, activities: [visit, order.paid]}")
    line, due = line_of(IDLE, (visits, days(10))), days(77)
    active = {"order.paid": day("2026-03-04"), "visit": day("2026-03-08")}
    assert all_end(line, active, due, days(9)) == local("2026-04-04 00:00"), "thirty days after the order"
    assert all_end(line, active, due, days(10)) == local("2026-03-14 00:00"), "five days after the visit"
    assert all_end(line, active | {"until": day("2026-05-01")}, due, days(9)) == local("2026-05-02 00:00")
    assert all_end(line, active | {"until": day("2026-03-01")}, due, days(9)) == local("2026-04-04 00:00")
    assert all_end(line, {"visit": day("2026-03-08")}, due, days(9)) == due, "nothing that counts was done"
    assert all_end(line_of(MONTH), active, due, days(9)) is None
    assert all_end(two, active, due, days(9)) is None, "the version is not yet in force"
    assert all_end(two, active, due, days(30)) == local("2026-04-04 00:00"), "the last that says so"
    assert all_end(line_of(IDLE), active, due, datetime(1, 1, 1, tzinfo=UTC)) is not None


def test_a_lot_with_a_day_of_its_own_ends_on_it_whatever_keeps_others_alive() -> None:
    fold = with_lots(line_of(IDLE), a_lot("dated", 5), a_lot("idle", 5, expires_at=None))
    assert end_of(fold, fold.lots["dated"]) == local("2026-04-03 00:00")
    assert end_of(fold, fold.lots["idle"]) == local("2026-04-02 00:00")
    assert end_of(with_lots(line_of(MONTH)), a_lot("never", 5, expires_at=None)) is None


def test_a_last_day_that_staff_gave_holds_for_points_alone() -> None:
    given = {"until": day("2026-06-30")}
    line = line_of(IDLE)
    assert idle_end(line, given, NOON) == local("2026-07-01 00:00")
    assert idle_end(line, {}, NOON) == local("2026-04-02 00:00")
    assert idle_end(line, given, NOON, "cash") is None


@given(
    st.lists(st.dates(date(2024, 1, 1), date(2024, 12, 31)), min_size=1, max_size=4, unique=True),
    st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    st.integers(0, 366),
)
def test_the_next_of_the_dates_is_the_first_that_one_comes_to(
    dates: list[date], earned: date, least: int
) -> None:
    named = [f"{one:%m-%d}" for one in dates]
    today = earned + timedelta(days=least)
    while f"{today:%m-%d}" not in named and not (
        "02-29" in named and f"{today:%m-%d}" == "02-28" and (today + timedelta(days=1)).month == 3
    ):
        today += timedelta(days=1)
    policy = Expiry(kind="calendar", dates=named, days_min=least)
    assert policy.last_day(earned.toordinal()) == today.toordinal()
