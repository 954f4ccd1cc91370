"""A redemption's life on paper: where it begins, where it may go, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rewards.document import Reward
from rewards.redemption import (
    COUNTED,
    NEXT,
    State,
    expires_at,
    first_state,
    lapsed,
    returnable_until,
    usable,
)

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def days(count: float) -> datetime:
    return NOW + timedelta(days=count)


def a_reward(**more: Any) -> Reward:
    return Reward.model_validate({"slug": "mug", "kind": "product", "name": "Mug", "price": 50} | more)


def test_what_staff_hands_over_is_reserved_and_everything_else_issued_at_once() -> None:
    assert first_state(a_reward()) is State.ISSUED
    assert first_state(a_reward(fulfilment="by_staff")) is State.RESERVED


def test_it_goes_on_and_never_back() -> None:
    order = [State.RESERVED, State.ISSUED, State.USED, State.EXPIRED, State.CANCELLED]
    assert list(NEXT) == order
    for state, after in NEXT.items():
        assert all(order.index(one) > order.index(state) for one in after)
    assert {state for state, after in NEXT.items() if not after} == {
        State.USED,
        State.EXPIRED,
        State.CANCELLED,
    }
    assert NEXT[State.RESERVED] == {State.ISSUED, State.USED, State.CANCELLED}
    assert NEXT[State.ISSUED] == {State.USED, State.EXPIRED, State.CANCELLED}
    assert set(COUNTED) == set(State) - {State.CANCELLED}


def test_it_waits_and_lasts_for_its_days() -> None:
    reward = a_reward(held_days=3, valid_days=20)
    assert expires_at(reward, State.RESERVED, NOW) == days(3)
    assert expires_at(reward, State.ISSUED, NOW) == days(20)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize(
    ("expires", "in_time"), [(None, True), (NOW + MOMENT, True), (NOW, False), (days(-1), False)]
)
def test_it_can_be_used_while_it_is_issued_and_in_time(
    state: State, expires: datetime | None, in_time: bool
) -> None:
    assert usable(state, expires, NOW) is (state is State.ISSUED and in_time)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize(
    ("expires", "closed", "over"),
    [(NOW, NOW, True), (NOW, NOW + MOMENT, True), (NOW, NOW - MOMENT, False), (None, NOW, False), (NOW, None, False),
     (None, None, False)],
)  # fmt: skip
def test_it_lapsed_when_it_was_called_off_after_its_time(
    state: State, expires: datetime | None, closed: datetime | None, over: bool
) -> None:
    assert lapsed(state, expires, closed) is (state is State.CANCELLED and over)


@pytest.mark.parametrize(
    ("state", "refundable", "expires", "until"),
    [(State.RESERVED, 5, days(9), days(9)), (State.RESERVED, 0, days(9), days(9)), (State.RESERVED, 5, None, None),
     (State.ISSUED, 5, days(9), days(5)), (State.ISSUED, 12, days(9), days(9)), (State.ISSUED, 5, None, days(5)),
     (State.ISSUED, 0, days(9), None), (State.ISSUED, 1, days(9), days(1)), (State.USED, 5, days(9), None),
     (State.EXPIRED, 5, days(9), None), (State.CANCELLED, 5, days(9), None)],
)  # fmt: skip
def test_it_can_be_given_back_until_a_day(
    state: State, refundable: int, expires: datetime | None, until: datetime | None
) -> None:
    assert returnable_until(a_reward(refundable_days=refundable), state, NOW, expires) == until
