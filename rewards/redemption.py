"""A redemption's life: reserved → issued → used, or expired, or cancelled. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from rewards.document import Reward

PRIZE = "prize:"  # how the request of a redemption begins that was won


class State(StrEnum):
    """Where a redemption stands. While it is reserved its points are held; from issued on they are spent."""

    RESERVED = "reserved"
    ISSUED = "issued"
    USED = "used"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


NEXT: dict[State, frozenset[State]] = {
    State.RESERVED: frozenset({State.ISSUED, State.USED, State.CANCELLED}),
    State.ISSUED: frozenset({State.USED, State.EXPIRED, State.CANCELLED}),
    State.USED: frozenset(),
    State.EXPIRED: frozenset(),
    State.CANCELLED: frozenset(),
}

COUNTED = (State.RESERVED, State.ISSUED, State.USED, State.EXPIRED)
"""The states that count towards a member's limit: all but cancelled."""


def first_state(reward: Reward) -> State:
    """The state that a redemption of this reward begins in."""
    if reward.what.spent_at_once:
        return State.USED
    return State.RESERVED if reward.fulfilment == "by_staff" else State.ISSUED


def expires_at(reward: Reward, state: State, since: datetime) -> datetime:
    """When a reward that is issued since then can no longer be used, or one that is reserved not be fetched."""
    if state is State.RESERVED:
        return since + timedelta(days=reward.held_days)
    over = since + timedelta(days=reward.valid_days)
    return min(over, reward.access_until) if reward.access_until else over


def lapsed(state: State, expires: datetime | None, closed: datetime | None) -> bool:
    """Whether it was cancelled by itself, because nobody fetched it in time: then its points are back."""
    return state is State.CANCELLED and expires is not None and closed is not None and closed >= expires


def usable(state: State, expires: datetime | None, now: datetime) -> bool:
    """Whether it can be used now."""
    return state is State.ISSUED and (expires is None or now < expires)


def returnable_until(
    reward: Reward,
    state: State,
    reserved_at: datetime,
    expires: datetime | None,
    used_at: datetime | None = None,
) -> datetime | None:
    """Until when it can be given back for its points: while it is reserved, or for the reward's days; None: never.

    `used_at` is when an uploaded code was shown: whoever has seen it can use it, and we would not know.
    """
    if state is State.RESERVED:
        return expires
    if state is not State.ISSUED or not reward.refundable_days or used_at or reward.what.final:
        return None
    last = reserved_at + timedelta(days=reward.refundable_days)
    return min(last, expires) if expires else last
