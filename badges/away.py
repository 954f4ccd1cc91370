"""When a member says that they are away, so that no streak breaks: what is possible, and how much of it. Pure.

Days are ordinals, first and last. An absence never lengthens a streak, and one that has begun can only be cut short.
Absences that meet are one stretch. What is over is kept in mind until the next year ends, so that neither the limits
nor a streak ever lose it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from facts.dates import year_of

AWAY_DAYS_MAX = 60  # in a calendar year
STRETCHES_MAX = (
    6  # in a calendar year; for streaks by day, single days must not excuse whatever does not suit
)
AHEAD_DAYS_MAX = 366

Absence = tuple[int, int]


class NotAway(StrEnum):
    """Why somebody cannot be away then."""

    BACKWARDS = "backwards"
    PAST = "past"
    FAR = "far"
    TOO_MUCH = "too_much"
    TOO_OFTEN = "too_often"


def why_not_away(since: int, until: int, today: int, away: Iterable[Absence]) -> NotAway | None:
    """Why a member who has said that they are `away` cannot be so from `since` until `until` as well."""
    if until < since:
        return NotAway.BACKWARDS
    if since < today:
        return NotAway.PAST
    if until > today + AHEAD_DAYS_MAX:
        return NotAway.FAR
    every = joined([*away, (since, until)])
    years = range(year_of(since), year_of(until) + 1)
    if any(days_in(year, every) > AWAY_DAYS_MAX for year in years):
        return NotAway.TOO_MUCH
    return NotAway.TOO_OFTEN if any(stretches_in(year, every) > STRETCHES_MAX for year in years) else None


def joined(away: Iterable[Absence]) -> tuple[Absence, ...]:
    """The absences in order, as stretches: those that overlap, or follow on one another, are one."""
    found: list[Absence] = []
    for since, until in sorted(away):
        if found and since <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return tuple(found)


def remembered(away: Iterable[Absence], today: int) -> tuple[Absence, ...]:
    """The stretches that may still matter: all but those that ended before the last calendar year."""
    return tuple((since, until) for since, until in joined(away) if year_of(until) >= year_of(today) - 1)


def stretches_in(year: int, away: Iterable[Absence]) -> int:
    """How many absences touch a year."""
    return sum(year_of(since) <= year <= year_of(until) for since, until in away)


def days_in(year: int, away: Iterable[Absence]) -> int:
    """How many days of a year somebody is away; a day that is in two absences is one day."""
    days = {day for since, until in away for day in range(since, until + 1)}
    return sum(year_of(day) == year for day in days)


def without(away: Iterable[Absence], absence: Absence, today: int) -> tuple[Absence, ...]:
    """The absences when one is called off `today`: as far as it has passed, it stays."""
    first, last = max(absence[0], today), absence[1]
    kept: list[Absence] = []
    for since, until in away:
        before, after = (since, min(until, first - 1)), (max(since, last + 1), until)
        kept += [before, after] if first <= last else [(since, until)]
    return tuple((since, until) for since, until in kept if since <= until)
