"""Wallets beside points on paper: each burns, repays, expires and is capped by itself, in one fold."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facts.events import OWN_SOURCE, Fact
from facts.refusals import Refusal
from members.books import fold_of, state_of
from rewards.fold import Fold, needs_lots
from rewards.lots import DEBT, HELD, POINTS
from rewards.terms import STAYING
from rewards.wallets import Wallet, tally
from tests.builders import SHOP, a_fact, an_order
from tests.engine.wording import a_programme
from tests.rewards.paper import ONE_LEVEL, folded, left, line_of, posted

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)  # in New York
EARNING = """  - {kind: fixed_points, slug: review, on: review.posted, points: 40}
  - {kind: fixed_points, slug: coins, on: review.posted, points: 30, wallet: cash}
  - {kind: fixed_points, slug: steps, on: review.posted, points: 7, wallet: xp}
  - {kind: points_per_money, slug: xp-base, points: 2, per: "1.00", wallet: xp}
"""
WALLETS = """
wallets:
  cash: {kind: cashback, name: Cashback, expiry: {kind: rolling, months: 1}, cap_per_day: 50,
         negative_balance: {policy: debt, limit: 25}}
  xp: {kind: experience, name: Experience}
"""


def programme(wallets: str = WALLETS, earning: str = EARNING, levels: str = ONE_LEVEL) -> str:
    return a_programme(earning=earning, levels=levels) + wallets


def days(count: float) -> datetime:
    return NOON + timedelta(days=count)


def review(name: str, at: datetime = NOON) -> Fact:
    return a_fact("review.posted", {"review_id": name}, at=at, id=name)


def own(kind: str, name: str, at: datetime = NOON, **data: Any) -> Fact:
    return a_fact(kind, data, at=at, id=name, source=OWN_SOURCE, internal=True)


def adjusted(points: int, wallet: str, at: datetime = NOON, name: str = "fix") -> Fact:
    return own("points.adjusted", name, at, adjustment_id=name, points=points, reason="eggs", actor="ann",
               wallet=wallet)  # fmt: skip


def held(points: int, wallet: str, at: datetime, order: str = "B") -> Fact:
    data = {
        "payment_id": f"p-{order}",
        "order_id": order,
        "points": points,
        "money": "0.20",
        "wallet": wallet,
    }
    return a_fact("payment.held", data, at=at, id=f"hold-{order}", source=SHOP, internal=True)


def by_wallet(fold: Fold) -> dict[str, int]:
    sums: dict[str, int] = {}
    for one in fold.lots.values():
        sums[one.wallet] = sums.get(one.wallet, 0) + one.remaining
    return sums


def entered(fold: Fold) -> dict[str, int]:
    sums: dict[str, int] = {}
    for one in fold.postings:
        sums[one.wallet] = sums.get(one.wallet, 0) + one.amount
    return sums


def test_a_rule_gives_into_its_wallet_and_only_points_climb() -> None:
    levels = (
        "  levels:\n    - {slug: member, name: M, threshold: 0}\n    - {slug: top, name: T, threshold: 41}\n"
    )
    fold = folded(line_of(programme(levels=levels)), [review("r"), an_order("A", "10.00", at=days(1))])
    assert posted(fold) == [
        ("earn r coins", 30),
        ("earn r review", 40),
        ("earn r steps", 7),
        ("earn paid-A xp-base", 20),
    ]
    assert [one.wallet for one in fold.postings] == ["cash", POINTS, "xp", "xp"]
    assert by_wallet(fold) == entered(fold) == {"cash": 30, POINTS: 40, "xp": 27}
    assert fold.climb.tier == "member"
    assert {slug: kept[0] for slug, kept in fold.wallets.items()} == {"cash": 30, "xp": 27}


def test_the_caps_of_experience_hold_whatever_was_asked_before() -> None:
    assert STAYING.caps == ()
    capped = Wallet.model_validate({"kind": "experience", "name": {"en": "Steps"}, "cap_per_week": 5})
    assert capped.policy(2).caps == (("week", 5),)
    assert STAYING.caps == ()


def test_each_wallet_has_its_own_caps_and_its_own_end() -> None:
    fold = folded(line_of(programme()), [review("r"), review("s"), review("t")], days(400))
    amounts = {cause: amount for cause, amount in posted(fold) if cause.startswith("earn")}
    assert [amounts[f"earn {name} coins"] for name in "rst"] == [30, 20, 0]
    assert [amounts[f"earn {name} review"] for name in "rst"] == [40, 40, 40]
    ended = [
        (one.cause.rpartition("|")[2], one.at.date().isoformat())
        for one in fold.postings
        if one.kind == "expired"
    ]
    assert ended == [("coins", "2026-04-03"), ("coins", "2026-04-03"), *[("review", "2027-03-03")] * 3]
    assert by_wallet(fold) == {"cash": 0, POINTS: 0, "xp": 21}  # what is lived through stays
    assert {one.wallet for one in fold.lots.values() if one.expires_at is None} == {"xp"}


def test_what_is_taken_from_one_wallet_leaves_the_others_and_a_debt_is_its_own() -> None:
    fold = folded(line_of(programme()), [review("r"), adjusted(-70, "cash", days(1))])
    assert by_wallet(fold) == entered(fold) == {"cash": -25, POINTS: 40, "xp": 7}
    assert ("forgive adjust regulars fix", 15) in posted(fold)
    assert [(one.wallet, one.remaining) for one in fold.lots.values() if one.kind == DEBT] == [("cash", -25)]
    tally(fold)
    assert fold.wallets["cash"] == [-25, 25, 0]
    assert needs_lots(fold, 0, [])  # the next cashback repays it
    more = folded(line_of(programme()), [review("r"), adjusted(-70, "cash", days(1)), review("s", days(2))])
    assert by_wallet(more) == {"cash": 5, POINTS: 80, "xp": 14}


def test_experience_is_corrected_and_never_owed() -> None:
    fold = folded(line_of(programme()), [review("r"), adjusted(-9, "xp", days(1))])
    assert by_wallet(fold) == {"cash": 30, POINTS: 40, "xp": 0}
    assert not [one for one in fold.lots.values() if one.kind == DEBT]


def test_an_order_is_paid_from_the_wallet_that_was_set_aside() -> None:
    paid = an_order("B", "10.00", at=days(2), points_paid="0.20")
    fold = folded(line_of(programme()), [review("r"), held(20, "cash", days(1)), paid])
    assert [(one.kind, one.amount, one.wallet) for one in fold.postings[3:5]] == [
        ("held", 0, "cash"),
        ("spent", -20, "cash"),
    ]
    assert by_wallet(fold) == entered(fold) == {"cash": 10, POINTS: 40, "xp": 7 + 19}
    waiting = folded(line_of(programme()), [review("r"), held(20, "cash", days(1))])
    tally(waiting)
    assert waiting.wallets == {"cash": [30, 0, 20], "xp": [7, 0, 0]}
    assert {one.wallet for one in waiting.lots.values() if one.kind == HELD} == {"cash"}


def test_what_goes_to_another_account_goes_wallet_by_wallet() -> None:
    away = own("points.transferred", "t", days(1), merge="m", points=-30, lots=[], wallet="cash")
    assert by_wallet(folded(line_of(programme()), [review("r"), away])) == {"cash": 0, POINTS: 40, "xp": 7}
    there = own(
        "points.transferred", "t", days(1), merge="m", points=30, lots=[{"points": 30}], wallet="cash"
    )
    assert by_wallet(folded(line_of(programme()), [there])) == {"cash": 30}


def test_a_refusing_wallet_refuses_for_itself() -> None:
    strict = WALLETS.replace("{policy: debt, limit: 25}", "{policy: refuse}")
    with pytest.raises(Refusal, match=r"There is 0\.01 USD too little"):
        folded(line_of(programme(strict)), [review("r"), adjusted(-31, "cash", days(1))])
    assert left(folded(line_of(programme(strict)), [review("r"), adjusted(-41, POINTS, days(1))]))


def test_the_memory_holds_the_wallets_and_an_older_one_is_read() -> None:
    line = line_of(programme())
    fold = folded(line, [review("r")])
    assert fold_of(state_of(fold), line).wallets == fold.wallets == {"cash": [30, 0, 0], "xp": [7, 0, 0]}
    assert "wallets" not in json.loads(state_of(folded(line_of(), [an_order("A", "1.00")])))
    assert fold_of('{"tier":"member"}', line).wallets == {}


def test_a_wallet_that_is_gone_from_the_programme_keeps_what_it_holds() -> None:
    line = line_of(programme(), (programme("", EARNING.splitlines()[0]), days(1)))
    fold = folded(line, [review("r"), review("s", days(2)), adjusted(-10, "cash", days(3))])
    assert by_wallet(fold) == {"cash": 20, POINTS: 80, "xp": 7}


def test_an_order_that_takes_more_than_was_set_aside_in_a_wallet_that_is_gone_takes_what_was() -> None:
    line = line_of(programme(), (programme("", EARNING.splitlines()[0]), days(1.5)))
    paid = an_order("B", "10.00", at=days(2), points_paid="0.25")
    fold = folded(line, [review("r"), held(20, "cash", days(1)), paid])
    assert ("spend order:B", -20) in posted(fold)
    assert by_wallet(fold) == {"cash": 10, POINTS: 40, "xp": 7}


STEP = st.tuples(
    st.sampled_from(["review", "down", "up", "hold"]),
    st.integers(1, 60),
    st.sampled_from(["cash", "xp", POINTS]),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEP, max_size=12), st.randoms(use_true_random=False))
def test_every_wallet_is_the_sum_of_its_entries_and_lots_for_any_arrival(
    steps: list[Any], chance: Any
) -> None:
    facts: list[Fact] = []
    for number, (what, points, wallet) in enumerate(steps):
        at = days(number)
        if what == "review":
            facts.append(review(f"r{number}", at))
        elif what == "hold" and wallet != "xp":
            facts.append(held(points, wallet, at, f"o{number}"))
        else:
            facts.append(adjusted(points if what == "up" else -points, wallet, at, f"a{number}"))
    line = line_of(programme())
    fold = folded(line, facts, days(60))
    balances = {wallet: n for wallet, n in entered(fold).items() if n}
    assert {wallet: n for wallet, n in by_wallet(fold).items() if n} == balances
    assert {slug: kept[0] for slug, kept in fold.wallets.items() if kept[0]} == {
        slug: n for slug, n in balances.items() if slug != POINTS
    }
    assert all(
        one.remaining >= 0 and one.expires_at is None for one in fold.lots.values() if one.wallet == "xp"
    )
    alone = [fact for fact in facts if fact.type == "review.posted" or fact.data.get("wallet") == "cash"]
    assert by_wallet(folded(line, alone, days(60))).get("cash", 0) == by_wallet(fold).get("cash", 0)
    again = list(facts)
    chance.shuffle(again)
    assert folded(line, again, days(60)).postings == fold.postings
