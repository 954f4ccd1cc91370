"""What comes over when two accounts of one person become one: badges as they were earned, and how far somebody is.

Nothing is valued anew and nothing is added up: on each track the account that is further goes on, and an award keeps
its day and its number and is not paid a second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from badges.awards import Awarded, Walked
from badges.document import Badge, Challenge
from badges.tracks import Track
from facts.criteria import Place
from facts.events import OWN_SOURCE
from facts.history import Key

CAME_OVER = "game:"


def came_over(source: str, fact_id: str) -> bool:
    """Whether an award with this cause was earned on another account of the same person."""
    return source == OWN_SOURCE and fact_id.startswith(CAME_OVER)


def meet(
    track: Track, mine: Walked, other: Walked, awards: Sequence[dict[str, Any]], event: Key, place: Place, day: int
) -> list[Awarded]:  # fmt: skip
    """Let `mine` go on from where it or the `other` is further; returns the awards that came with it.

    `awards` are those of the other account that stand, of this track and its round. What staff took away on either
    account stays taken away, unless the badge is held on the one that goes on.
    """
    if other.shape != track.shape:
        other = replace(other, state=None)
    if isinstance(track.definition, Challenge):
        _take_part(mine, other)
        if track.definition.period and mine.instance != other.instance:
            return []  # theirs is a period that is over
    elif mine.blocked:
        return []
    elif other.blocked:
        mine.blocked = not mine.reached
        return []
    if _far(track, other, place, day) > _far(track, mine, place, day):
        mine.state = other.state
    return _levels(track, mine, other, awards, event)


def _take_part(mine: Walked, other: Walked) -> None:
    """Whoever takes part with either account takes part, since the earlier day."""
    if other.since is None:
        return
    mine.blocked = other.blocked if mine.since is None else mine.blocked and other.blocked
    mine.since = other.since if mine.since is None else min(mine.since, other.since)


def _far(track: Track, walked: Walked, place: Place, day: int) -> int:
    return 0 if walked.state is None else track.definition.criterion.value(walked.state, day, place)


def _levels(
    track: Track, mine: Walked, other: Walked, awards: Sequence[dict[str, Any]], event: Key
) -> list[Awarded]:
    found: list[Awarded] = []
    for one in sorted(awards, key=lambda one: one["level"]):
        until = datetime.fromisoformat(one["expires_at"]) if one.get("expires_at") else None
        over = until is not None and until <= event[0]
        if one["level"] != mine.reached + 1 or one["level"] > len(track.goals) or over:
            continue
        mine.reached = one["level"]
        if isinstance(track.definition, Badge):
            mine.until = other.until
        place = (datetime.fromisoformat(one["at"]), event[1], event[2])
        found.append(Awarded(track, mine.instance, one["level"], place, one["value"], until, one.get("by_hand", ""),
                             moved=True, edition=one.get("edition", 0)))  # fmt: skip
    return found
