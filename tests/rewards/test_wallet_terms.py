"""What holds for a wallet, in the words that hold for points."""

from __future__ import annotations

from typing import Any

import pytest

from rewards.document import NegativeBalance, PointsPolicy, Value
from rewards.expiry import Expiry
from rewards.terms import STAYING
from rewards.waiting import Pending
from rewards.wallets import Wallet


def test_cashback_is_counted_in_minor_units_and_pays_as_it_says() -> None:
    told = {
        "kind": "cashback", "name": "Cash", "value": {"money": "2.50", "pays": "3"}, "pending_days": 4,
        "expiry": {"kind": "rolling", "months": 3}, "negative_balance": {"policy": "zero"},
        "cap_per_day": 5, "cap_per_week": 6, "cap_per_month": 7,
    }  # fmt: skip
    assert Wallet.model_validate(told).policy(2) == PointsPolicy(
        value=Value(points=250, money="3"), pending_days=4, expiry=Expiry(kind="rolling", months=3),
        negative_balance=NegativeBalance(policy="zero"), cap_per_day=5, cap_per_week=6, cap_per_month=7,
    )  # fmt: skip


@pytest.mark.parametrize(("money", "points"), [("0", 1), ("0.01", 1), ("0.02", 2)])
def test_some_money_of_it_pays(money: str, points: int) -> None:
    wallet = Wallet.model_validate({"kind": "cashback", "name": "Cash", "value": {"money": money}})
    assert wallet.policy(2).value == Value(points=points, money="1")


def test_experience_stays_and_has_caps_of_its_own() -> None:
    told = {"kind": "experience", "name": "XP", "cap_per_day": 5, "cap_per_week": 6, "cap_per_month": 7}
    policy = Wallet.model_validate(told).policy(2)
    assert (policy.cap_per_day, policy.cap_per_week, policy.cap_per_month) == (5, 6, 7)
    plain: dict[str, Any] = dict.fromkeys(("cap_per_day", "cap_per_week", "cap_per_month"))
    assert policy.model_copy(update=plain).model_dump() == STAYING.model_dump()
    assert (policy.expiry.kind, policy.negative_balance.policy, policy.value) == (
        "never", "zero", Value(points=1, money="0"))  # fmt: skip


def test_cashback_that_waits_for_a_delivery_waits_as_points_do() -> None:
    told = {"kind": "cashback", "name": "Cash", "value": {"money": "1"}, "pending_days": 4,
            "pending": {"until": "delivery", "at_most_days": 33}}  # fmt: skip
    policy = Wallet.model_validate(told).policy(2)
    assert (policy.pending_days, policy.pending) == (4, Pending(until="delivery", at_most_days=33))
    assert Wallet.model_validate(told | {"pending": None}).policy(2).pending is None
