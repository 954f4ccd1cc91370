"""When a member says that they are away, so that no streak breaks: what is possible, and how much of it. Pure.

Days are ordinals, first and last. An absence never lengthens a streak, and one that has begun can only be cut short.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from facts.dates import year_of

AWAY_DAYS_MAX = 60  # in a calendar year
AHEAD_DAYS_MAX = 366

Absence = tuple[int, int]


class NotAway(StrEnum):
    """Why somebody cannot be away then."""

    BACKWARDS = "backwards"
    PAST = "past"
    FAR = "far"
    TOO_MUCH = "too_much"


def why_not_away(since: int, until: int, today: int, away: Iterable[Absence]) -> NotAway | None:
    """Why a member who has said that they are `away` cannot be so from `since` until `until` as well."""
    if until < since:
        return NotAway.BACKWARDS
    if since < today:
        return NotAway.PAST
    if until > today + AHEAD_DAYS_MAX:
        return NotAway.FAR
    every = [*away, (since, until)]
    years = range(year_of(since), year_of(until) + 1)
    return NotAway.TOO_MUCH if any(days_in(year, every) > AWAY_DAYS_MAX for year in years) else None


def days_in(year: int, away: Iterable[Absence]) -> int:
    """How many days of a year somebody is away; a day that is in two absences is one day."""
    days = {day for since, until in away for day in range(since, until + 1)}
    return sum(year_of(day) == year for day in days)


def without(away: Iterable[Absence], absence: Absence, today: int) -> tuple[Absence, ...]:
    """The absences when one is called off `today`: as far as it has passed, it stays."""
    kept: list[Absence] = []
    for since, until in away:
        last = min(until, today - 1) if (since, until) == absence else until
        if since <= last:
            kept.append((since, last))
    return tuple(kept)
