"""The way a member has behind and before them on a track, on a given day: what pages show. Pure.

The fold notices that a round is over at the next event; who looks in between sees it by the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from badges.awards import Walked, part_in
from badges.document import Badge, Challenge
from badges.tracks import Track
from facts.criteria import Chain, Fixed, FromJoining, Missed, Place, Streak, period_days, period_of
from facts.dates import day_of


@dataclass(frozen=True, slots=True)
class Way:
    """Where a member is: `reached` thresholds are behind, `value` is there, `goal` comes next (None: all are reached).

    `taking_part` says whether facts count for them now; `over` that their own days, or those of the criterion's window,
    have passed; `days_left` counts today, and is None where nothing ends.
    """

    track: Track
    instance: int
    reached: int
    value: int
    goal: int | None
    state: Any
    taking_part: bool
    over: bool
    blocked: bool
    days_left: int | None

    @property
    def percent(self) -> int:
        """How much of the next threshold there is; 100 when all are reached."""
        return 100 if self.goal is None else max(0, min(100, 100 * self.value // self.goal))

    @property
    def done(self) -> bool:
        """Whether every threshold is reached."""
        return self.goal is None


def way_of(track: Track, walked: Walked | None, now: datetime, place: Place) -> Way:
    """The way on `track` of somebody whose memory of it is `walked` (None: there is none)."""
    return way_on(track, walked, day_of(now, place.zone), place)


def way_on(track: Track, walked: Walked | None, day: int, place: Place) -> Way:
    """The same for a day in the zone of `place`, for who looks at many ways."""
    definition = track.definition
    known = walked or Walked(track.shape)
    state = known.state if known.shape == track.shape else None
    instance, reached = known.instance, known.reached
    over_again = _round(definition, known, day)
    if over_again is not None:
        instance, reached, state = over_again, 0, None
    part, over = part_in(definition, known, day)
    end = _window_end(definition, place)
    if end is not None and day >= end:
        part, over = False, True
    value = definition.criterion.value(state, day, place)
    goal = track.goals[reached] if reached < len(track.goals) else None
    runs = part or (known.since is not None and not over)  # own days run on for who has left
    left = _days_left(definition, known, day, place, end) if runs else _closes(definition, day, place, end)
    return Way(track, instance, reached, value, goal, state, part, over, known.blocked, left)


def _round(definition: Badge | Challenge, walked: Walked, day: int) -> int | None:
    """The number of the round that has begun since the last event, if one has."""
    if isinstance(definition, Badge):
        return walked.instance + 1 if walked.until is not None and day >= walked.until else None
    if definition.period is None:
        return None
    now = period_of(day, definition.period)
    return now if now > walked.instance else None


def _window_end(definition: Badge | Challenge, place: Place) -> int | None:
    """The day after the last one that can count for a member at all; None when there is none."""
    window = getattr(definition.criterion, "window", None)
    if isinstance(window, Fixed):
        return window.until.toordinal() + 1
    return place.joined + window.days if isinstance(window, FromJoining) and place.joined else None


def _closes(definition: Badge | Challenge, day: int, place: Place, end: int | None) -> int | None:
    """Days until nobody can play it any more; `end` is that of the window."""
    left = [] if end is None else [end - day]
    if definition.closes is not None:
        left.append(day_of(definition.closes - timedelta(microseconds=1), place.zone) + 1 - day)
    return min(left, default=None)


def _days_left(
    definition: Badge | Challenge, walked: Walked, day: int, place: Place, end: int | None
) -> int | None:
    ends = [_closes(definition, day, place, end)]
    if isinstance(definition, Challenge):
        if definition.days is not None and walked.since is not None:
            ends.append(walked.since + definition.days - day)
        if unit := definition.period:
            ends.append(period_days(period_of(day, unit), unit)[1] - day)
    return min((one for one in ends if one is not None), default=None)


@dataclass(frozen=True, slots=True)
class Run:
    """A streak as it is today: its `length` (0 when it is broken), the `best`, and what became of missed periods.

    `ended` is how the last one that ended did; `before` is the same of the one before, as long as that was the longer.
    """

    streak: Streak
    length: int
    best: int
    freezes_left: int
    frozen: tuple[Missed, ...]
    broken: Missed | None
    before: Missed | None
    ended: Missed | None


def run_of(way: Way, now: datetime, place: Place) -> Run | None:
    """The streak that a track asks for; None when it asks for something else."""
    streak = way.track.definition.criterion
    if not isinstance(streak, Streak):
        return None
    day, chain = day_of(now, place.zone), Chain.of(way.state)
    missed = tuple(streak.missed(chain, period_of(day, streak.every), place)) if chain.length else ()
    broken = next((one for one in missed if one.how == "broken"), None)
    frozen = tuple(one for one in missed if one.how == "frozen")
    spare = max(0, streak.freezes_left(way.state, day) - _used(streak, frozen, day))
    period, reason, lost = chain.broke or (0, "", 0)
    earlier = Missed(period, "broken", reason) if lost and not broken else None
    before = earlier if lost > chain.length else None
    return Run(
        streak, way.value, max(chain.best, way.value), spare, frozen, broken, before, broken or earlier
    )


def _used(streak: Streak, frozen: tuple[Missed, ...], day: int) -> int:
    """Freezes that this month's missed periods take before the next event notices."""
    unit = "year" if streak.every == "month" else "month"
    months = [period_of(period_days(one.period, streak.every)[1] - 1, unit) for one in frozen]
    return months.count(period_of(period_days(period_of(day, streak.every), streak.every)[1] - 1, unit))
