"""What comes from elsewhere on paper: from another programme, or from another account of the same person."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from facts.events import OWN_SOURCE
from facts.history import Event
from facts.refusals import Refusal
from rewards.effects import TierMove
from rewards.fold import Fold
from rewards.lots import DEBT, EARNED, HELD, LotState
from rewards.terms import TermsLine
from tests.builders import SHOP
from tests.engine.wording import a_programme, local
from tests.rewards.paper import left, line_of, lot, posted

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)  # in New York
LEVELS = """  levels:
    - {slug: member, name: Member}
    - {slug: silver, name: Silver, threshold: 100}
    - {slug: gold, name: Gold, threshold: 300}
"""
LINE = line_of(a_programme(points="  expiry: {kind: rolling, months: 1}", levels=LEVELS))
STRICT = line_of(a_programme(points="  negative_balance: {policy: refuse}\n  expiry: {kind: never}"))
ENDS = local("2026-04-03 00:00")  # of what is earned at noon


def days(count: float) -> datetime:
    return NOON + timedelta(days=count)


def after(*told: tuple[str, float, dict[str, Any]], line: TermsLine = LINE) -> Fold:
    """Events of our own, each `days` after noon and named by its number."""
    fold = Fold(line)
    for number, (kind, at, data) in enumerate(told):
        fold.apply(Event((days(at), OWN_SOURCE, f"f{number}"), kind, data))
    return fold


def balance(*lots: dict[str, Any], at: float = 0) -> tuple[str, float, dict[str, Any]]:
    return "import.balance", at, {"item": "b", "lots": list(lots)}


def transferred(points: int, at: float = 1, **data: Any) -> tuple[str, float, dict[str, Any]]:
    return "points.transferred", at, {"merge": "m", "points": points, **data}


def rank(at: str, fact: str, last: str) -> str:
    return f"{at}\x1f{OWN_SOURCE}\x1f{fact}\x1f{last}"


def test_a_balance_comes_in_its_lots() -> None:
    fold = after(balance(
        {"points": 50, "expires_at": days(9).isoformat(), "since": days(-200).isoformat(), "promotional": True},
        {"points": 30, "active_from": days(5).isoformat()},
        {"points": 7, "lasts": True},
    ))  # fmt: skip
    made = [
        LotState(f"import|{OWN_SOURCE}|f0|0", EARNED, 50, 50, True, NOON, NOON, days(9),
                 rank("20250814170000000000", "f0", "0000")),
        LotState(f"import|{OWN_SOURCE}|f0|1", EARNED, 30, 30, False, NOON, days(5), ENDS,
                 rank("20260302170000000000", "f0", "0001")),
        LotState(f"import|{OWN_SOURCE}|f0|2", EARNED, 7, 7, False, NOON, NOON, None,
                 rank("20260302170000000000", "f0", "0002")),
    ]  # fmt: skip
    assert list(fold.lots.values()) == made
    assert fold.expiry_due == days(9)
    said = [
        (one.cause, one.kind, one.amount, one.at, one.rule, one.version, one.active_from, one.expires_at)
        for one in fold.postings
    ]
    assert said == [(one.cause, "imported", one.amount, NOON, "", 1, one.active_from, one.expires_at)
                    for one in made]  # fmt: skip
    assert [json.loads(one.why) for one in fold.postings] == [
        {"k": "imported", "points": points} for points in (50, 30, 7)]  # fmt: skip
    assert fold.climb.days == []


def test_a_tier_is_lent_to_its_day() -> None:
    fold = after(("import.tier", 0, {"item": "t", "tier": "gold", "until": "2026-06-30"}))
    assert fold.moves == [TierMove(NOON, "gold", "member", "brought")]
    assert (fold.climb.tier, fold.climb.lent) == ("gold", ["gold", date(2026, 6, 30).toordinal()])
    over = local("2026-07-01 00:00")
    assert fold.due_at() == over
    fold.advance(over)
    assert fold.moves[1:] == [TierMove(over, "member", "gold", "ended")]


def test_a_tier_without_a_day_is_lent_for_one_period() -> None:
    fold = after(("import.tier", 0, {"item": "t", "tier": "silver"}))
    assert fold.climb.lent == ["silver", date(2026, 12, 31).toordinal()]
    assert after(("import.tier", 0, {"item": "t", "tier": "platinum"})).moves == []
    assert after(("import.tier", 0, {"item": "t", "tier": "member"})).moves == []


def test_what_was_brought_along_to_another_account_counts_beside_it_to_its_own_day() -> None:
    first, last = date(2026, 3, 31).toordinal(), date(2026, 5, 31).toordinal()
    here = ("import.tier", 0, {"item": "t", "tier": "silver", "until": "2026-05-31"})
    there = [{"tier": "gold", "until": "2026-03-31"}, {"tier": "gold", "until": "2026-03-02"}]
    came = ("game.transferred", 1, {"merge": "m", "lent": there})
    told = [TierMove(NOON, "silver", "member", "brought"), TierMove(days(1), "gold", "silver", "brought")]
    fold = after(here, came)
    assert (fold.moves, fold.climb.until) == (told, first)
    assert (fold.climb.lent, fold.climb.lent_too) == (["silver", last], [["gold", first]]), (
        "one is over by then"
    )
    fold.advance(local("2026-06-01 00:00"))
    assert fold.moves[2:] == [
        TierMove(local("2026-04-01 00:00"), "silver", "gold", "ended"),
        TierMove(local("2026-06-01 00:00"), "member", "silver", "ended"),
    ]
    again = ("game.transferred", 2, {"merge": "n", "lent": [{"tier": "silver"}]})
    both = after(came, again)
    assert both.climb.lent_too == [["gold", first], ["silver", None]]
    both.advance(days(4000))
    assert (both.climb.tier, both.climb.until) == ("silver", None)
    assert after(came, here).climb.until == first, "what is brought along later stands beside it"


def test_a_tier_that_is_lent_below_one_that_staff_gave_is_not_seen() -> None:
    pinned = ("tier.pinned", 0, {"pin_id": "p", "tier": "gold"})
    for lent in (
        ("import.tier", 1, {"item": "t", "tier": "silver"}),
        ("game.transferred", 1, {"merge": "m", "lent": [{"tier": "silver"}]}),
    ):
        fold = after(pinned, lent)
        assert fold.moves == [TierMove(NOON, "gold", "member", "pinned")]
        assert fold.climb.tier == "silver"


def test_the_past_is_told_and_moves_nothing() -> None:
    salted = ("import.entry", 0, {"item": "e", "points": 40, "reason": "Order 7", "salt": "s"})
    fold = after(salted, ("import.entry", 1, {"item": "e2", "points": -4}))
    first, second = fold.postings
    assert (first.cause, first.kind, first.amount, first.at, first.rule, first.version) == (
        f"import|{OWN_SOURCE}|f0", "imported", 0, NOON, "", 1)  # fmt: skip
    assert json.loads(first.why) == {"k": "past", "then": 40, "reason": "Order 7", "salt": "s"}
    assert json.loads(second.why) == {"k": "past", "then": -4, "reason": ""}
    assert fold.lots == {}


def test_what_goes_away_is_taken_in_the_order_of_burning_pending_points_included() -> None:
    there = balance(
        {"points": 10, "expires_at": days(20).isoformat()},
        {"points": 10, "expires_at": days(10).isoformat(), "active_from": days(5).isoformat()},
        {"points": 10, "expires_at": days(1).isoformat()},
        {"points": 10, "lasts": True},
        {"points": 10, "expires_at": days(30).isoformat(), "promotional": True},
    )
    fold = after(there, transferred(-25))
    lots = {f"import {OWN_SOURCE} f0 {number}": points for number, points in ((0, 5), (3, 10))}
    assert left(fold) == lots
    cause = f"transfer|{OWN_SOURCE}|f1"
    assert lot(fold, f"import {OWN_SOURCE} f0 1").draws == [(cause, days(1), 10)]
    posting = fold.postings[-1]
    assert (posting.cause, posting.kind, posting.amount, posting.at, posting.rule, posting.version) == (
        cause, "transferred", -25, days(1), "", 1)  # fmt: skip
    assert json.loads(posting.why) == {"k": "transferred", "points": -25}


def test_what_is_set_aside_stays() -> None:
    held = ("redemption.made", 0.5, {"redemption_id": "r", "reward": "mug", "points": 6, "held": True})
    fold = after(balance({"points": 10}), held, transferred(-4))
    assert left(fold) == {f"hold {OWN_SOURCE} redemption:r": 6}
    assert [one.kind for one in fold.lots.values()] == [EARNED, HELD]
    assert lot(fold, f"hold {OWN_SOURCE} redemption:r").draws == []


def test_a_single_point_goes_too_and_nothing_is_taken_from_what_is_empty_or_not_needed() -> None:
    gone = ("redemption.made", 0.5, {"redemption_id": "r", "reward": "mug", "points": 5})
    first = {"points": 5, "promotional": True}
    fold = after(balance(first, {"points": 1}, {"points": 1}), gone, transferred(-1))
    assert [[cause for cause, _, _ in one.draws] for one in fold.lots.values()] == [
        [f"spend|{OWN_SOURCE}|redemption:r"], [f"transfer|{OWN_SOURCE}|f2"], []]  # fmt: skip


def test_what_is_no_longer_there_is_a_debt_that_goes_on_or_a_shortfall() -> None:
    cause = f"transfer|{OWN_SOURCE}|f1"
    owed = after(balance({"points": 10, "lasts": True}), transferred(-25, owes=True), line=STRICT)
    (debt,) = [one for one in owed.lots.values() if one.kind == DEBT]
    assert (debt.cause, debt.remaining, debt.at, debt.wallet) == (f"debt|{cause}", -15, days(1), "points")
    with pytest.raises(Refusal, match="15 points too few"):
        after(balance({"points": 10, "lasts": True}), transferred(-25), line=STRICT)
    forgiven = line_of(a_programme(points="  negative_balance: {policy: zero}\n  expiry: {kind: never}"))
    fold = after(balance({"points": 10}), transferred(-25), line=forgiven)
    assert posted(fold)[1:] == [(f"transfer {OWN_SOURCE} f1", -25), (f"forgive transfer {OWN_SOURCE} f1", 15)]
    assert fold.postings[-1].at == days(1)


def test_what_comes_from_another_account_is_as_it_was_there() -> None:
    older = f"20250101000000000000\x1f{SHOP}\x1fpaid-A\x1fbase"
    lots = [
        {"points": 20, "rank": older, "expires_at": days(9).isoformat(),
         "active_from": days(4).isoformat(), "promotional": True},
        {"points": 3, "stays": True},
    ]  # fmt: skip
    fold = after(transferred(23, 0, lots=lots))
    assert list(fold.lots.values()) == [
        LotState(f"transfer|{OWN_SOURCE}|f0|0", EARNED, 20, 20, True, NOON, days(4), days(9), older),
        LotState(f"moved|{OWN_SOURCE}|f0|1", EARNED, 3, 3, False, NOON, NOON, None,
                 rank("20260302170000000000", "f0", "1")),
    ]  # fmt: skip
    said = [
        (one.cause, one.kind, one.amount, one.at, one.rule, one.version, one.active_from, one.expires_at)
        for one in fold.postings
    ]
    assert said == [
        (f"transfer|{OWN_SOURCE}|f0|0", "transferred", 20, NOON, "", 1, days(4), days(9)),
        (f"moved|{OWN_SOURCE}|f0|1", "transferred", 3, NOON, "", 1, NOON, None),
    ]
    assert [json.loads(one.why) for one in fold.postings] == [
        {"k": "transferred", "points": 20}, {"k": "transferred", "points": 3}]  # fmt: skip


def test_nothing_to_move_moves_nothing() -> None:
    fold = after(balance({"points": 10}), transferred(0, lots=[]))
    assert posted(fold) == [(f"import {OWN_SOURCE} f0 0", 10)]


def test_a_wallet_moves_by_itself() -> None:
    wallets = "\nwallets:\n  cash: {kind: cashback, name: Cash, negative_balance: {policy: debt, limit: 5}}\n"
    line = line_of(a_programme(levels=LEVELS) + wallets)
    came = transferred(20, 0, wallet="cash", lots=[{"points": 20}])
    fold = after(balance({"points": 9}), came, transferred(-27, wallet="cash"), line=line)
    assert [(one.kind, one.remaining, one.wallet) for one in fold.lots.values() if one.remaining] == [
        (EARNED, 9, "points"), (DEBT, -5, "cash")]  # fmt: skip
    assert [(one.kind, one.amount, one.wallet) for one in fold.postings] == [
        ("imported", 9, "points"), ("transferred", 20, "cash"), ("transferred", -27, "cash"),
        ("forgiven", 2, "cash")]  # fmt: skip
    assert fold.wallets["cash"][0] == -5
    owed = after(came, transferred(-27, wallet="cash", owes=True), line=line)
    assert [(one.remaining, one.wallet) for one in owed.lots.values() if one.kind == DEBT] == [(-7, "cash")]
