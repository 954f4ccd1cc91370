"""Whether a challenge can be taken on, or left, by somebody now. Pure: pages show it, and the action asks again."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from badges.document import Challenge
from badges.ways import Way


class Why(StrEnum):
    """Why a challenge cannot be taken on now, or left."""

    HIDDEN = "hidden"
    PAUSED = "paused"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    AUTOMATIC = "automatic"
    JOINED = "joined"
    DONE = "done"
    OVER = "over"
    OTHER_TIER = "other_tier"
    GIVEN_AWAY = "given_away"
    NOT_JOINED = "not_joined"


def why_no_joining(way: Way, tier: str, gone: bool, now: datetime) -> Why | None:
    """Why somebody of `tier` cannot take a challenge on. None: they can.

    `gone` says that what is left of its budget does not reach for their next step, whether they take part or not.
    """
    challenge = way.track.definition
    if not isinstance(challenge, Challenge) or challenge.retired:
        return Why.HIDDEN
    if closed := _closed(challenge, now):
        return closed
    if challenge.join == "automatic":
        return Why.GIVEN_AWAY if gone and not way.done else Why.AUTOMATIC
    again = challenge.repeats == "on_joining"
    if way.done and not again:
        return Why.DONE
    if way.taking_part and not (again and way.done):
        return Why.GIVEN_AWAY if gone else Why.JOINED
    if way.over and not again:
        return Why.OVER
    if challenge.tiers and tier not in challenge.tiers:
        return Why.OTHER_TIER
    return Why.GIVEN_AWAY if gone else None


def _closed(challenge: Challenge, now: datetime) -> Why | None:
    if challenge.closes and challenge.closes <= now:
        return Why.CLOSED
    if challenge.opens and now < challenge.opens:
        return Why.NOT_YET
    return Why.PAUSED if challenge.paused else None


def why_no_leaving(way: Way) -> Why | None:
    """Why a challenge cannot be left: what is automatic is nobody's choice, and what is done is done."""
    challenge = way.track.definition
    if not isinstance(challenge, Challenge):
        return Why.HIDDEN
    if challenge.join == "automatic":
        return Why.AUTOMATIC
    if not way.taking_part:
        return Why.NOT_JOINED
    return Why.DONE if way.done else None
