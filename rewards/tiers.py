"""Tiers: how far a member has climbed, until when, and what is missing to the next and to stay.

What climbs is kept by day (`Climb.days`), so that a window is a sum over days and spending points can never
lower a tier. Days are ordinals in the programme's zone. All functions are pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from facts.dates import day_of, months_after
from rewards.ladder import Row, add, fold_in
from rewards.ladder_window import YEARLY, counting, in_year, last_of, period, year_on
from rewards.terms import Terms

KEPT_DAYS = 800  # how long a day is remembered at least; a window of more months is remembered in full


@dataclass(slots=True)
class Climb:
    """Where a member stands on the ladder.

    `days` are rows by day, ascending (`rewards.ladder`). `until` is the last day on which the tier was (or, with
    nothing more earned, will be) earned; None while the tier is the first, and for what is earned for a lifetime.
    `lent` is a level that was brought along and counts as earned up to and including a day: [slug, day], or nothing.
    `lent_too` are those that were brought along to other accounts of the same person.

    `pin` is a level that staff gave, which is held beside what is earned: [slug, last day or None, since], or nothing.
    `beneath` are those that hold when it is over: what staff gave on another account of the same person.
    `welcomed` are the levels whose entry was paid. `joined` is the day on which the member's own years begin, 0 where
    no version asks for it.
    """

    tier: str = ""
    since: datetime | None = None
    until: int | None = None
    days: list[Row] = field(default_factory=list[Row])
    lent: list[Any] = field(default_factory=list[Any])
    pin: list[Any] = field(default_factory=list[Any])
    welcomed: list[str] = field(default_factory=list[str])
    joined: int = 0
    beneath: list[list[Any]] = field(default_factory=list[list[Any]])
    lent_too: list[list[Any]] = field(default_factory=list[list[Any]])

    def add(self, day: int, spend: int, points: int, more: dict[str, int] | None = None) -> None:
        """Count what was spent and earned on a day, and what else happened."""
        add(self.days, day, spend, points, more)

    def forget(self, today: int, terms: Terms) -> None:
        """Drop days that no window can reach any more; of a lifetime, their sum is kept."""
        window = terms.tiers.window
        keep = max(KEPT_DAYS, window.months * 31 + 31)
        if window.kind == "lifetime":
            fold_in(self.days, today - keep)
            return
        while self.days and self.days[0][0] < today - keep:
            del self.days[0]

    def beginning(self, day: int) -> int:
        """The day on which the member's own years begin; of who was not asked yet, the first that is known."""
        return self.joined or (min(day, self.days[0][0]) if self.days else day)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is asked for: `amount` (points, pieces, or minor units of money) of `whole` is missing."""

    measure: str
    amount: int
    whole: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a member is asked for, by the end of `by`, to have `tier`: all `parts`, or `either` of them.

    `amount` is what is missing of the first part that is; 0 when nothing is.
    """

    tier: str
    amount: int
    by: int | None
    parts: tuple[Missing, ...] = ()
    either: bool = False


def held(climb: Climb, terms: Terms) -> int:
    """The index of the level that a member has: the earned one, or the one that staff gave when it is higher."""
    own = terms.tiers.index(climb.tier)
    return max(own, terms.tiers.index(climb.pin[0])) if climb.pin else own


def pinned(climb: Climb, terms: Terms) -> bool:
    """Whether it is only by staff's word that the member has their level."""
    return bool(climb.pin) and held(climb, terms) > terms.tiers.index(climb.tier)


def counted(climb: Climb, day: int, terms: Terms) -> int:
    """What counts on `day` of the basis: this year's sum, or the rolling window's."""
    return _totals(climb, day, terms)[0]


def _rows(climb: Climb, day: int, terms: Terms) -> Sequence[Row]:
    return counting(climb.days, terms.tiers.window, climb.beginning(day), day)


def _totals(climb: Climb, day: int, terms: Terms) -> list[int]:
    return terms.ladder.totals(_rows(climb, day, terms))


def _year(climb: Climb, day: int, terms: Terms) -> int:
    return year_on(terms.tiers.window, climb.beginning(day), day)


def _of_year(climb: Climb, day: int, year: int, terms: Terms) -> list[int]:
    """The totals of a year, seen from a day."""
    return terms.ladder.totals(in_year(climb.days, terms.tiers.window, climb.beginning(day), year))


def earned(climb: Climb, day: int, terms: Terms) -> int:
    """The index of the highest level that is earned on `day`, or lent for it, whatever tier is held."""
    own = _earned(climb, day, terms)
    return max([own, *(level for level, _ in _lent(climb, day, terms))])


def _earned(climb: Climb, day: int, terms: Terms) -> int:
    window, ladder = terms.tiers.window, terms.ladder
    best = ladder.level(_totals(climb, day, terms))
    if window.keep == "next_year" and window.kind in YEARLY:
        before = _of_year(climb, day, _year(climb, day, terms) - 1, terms)
        best = max(best, ladder.level(before))
    return best


def last_day(climb: Climb, day: int, index: int, terms: Terms) -> int | None:
    """The last day on which level `index`, earned on `day`, stays earned with nothing more; None for the first, and
    for what is earned for a lifetime.
    """
    if index == 0:
        return None
    ends = [until for level, until in _lent(climb, day, terms) if level >= index]
    if not ends or _earned(climb, day, terms) >= index:
        ends.append(_last_day(climb, day, index, terms))
    return None if None in ends else max(end for end in ends if end is not None)


def _last_day(climb: Climb, day: int, index: int, terms: Terms) -> int | None:
    window, ladder = terms.tiers.window, terms.ladder
    if window.kind == "lifetime":
        return None
    if window.kind in YEARLY:
        year, kept = _year(climb, day, terms), 1 if window.keep == "next_year" else 0
        enough = ladder.level(_of_year(climb, day, year, terms)) >= index
        return last_of(window, climb.beginning(day), year + kept if enough else year)
    live = _rows(climb, day, terms)
    left = ladder.totals(live)
    for row in live:
        left = [total - gone for total, gone in zip(left, ladder.totals((row,)), strict=True)]
        if ladder.level(left) < index:
            return months_after(row[0], window.months) - 1
    raise AssertionError("a level that is earned is lost with its last day")


def rise(climb: Climb, at: datetime, terms: Terms) -> str | None:
    """Lift the climb to the level that is earned now; returns the tier left behind, or None without a change."""
    day = day_of(at, terms.zone)
    index, reached = terms.tiers.index(climb.tier), earned(climb, day, terms)
    if reached < index:
        if climb.until is None and terms.tiers.window.kind != "lifetime":  # what was for a lifetime until now
            climb.until = _period(climb, day, terms)
        return None
    climb.until = last_day(climb, day, reached, terms)
    if climb.tier == terms.tiers.levels[reached].slug:
        return None
    before, climb.tier, climb.since = climb.tier, terms.tiers.levels[reached].slug, at
    return before


def drop_day(climb: Climb, terms: Terms) -> int | None:
    """The day at whose start the tier is looked at again, grace included; None when nothing can be lost."""
    if climb.until is None or terms.tiers.downgrade.policy == "none":
        return None
    return climb.until + 1 + terms.tiers.downgrade.grace_days


def drop(climb: Climb, day: int, at: datetime, terms: Terms) -> str | None:
    """Settle the tier at the start of `day` (a `drop_day`); returns the tier that was lost, or None if it was kept."""
    index, reached = terms.tiers.index(climb.tier), earned(climb, day, terms)
    if reached >= index:
        climb.until = last_day(climb, day, index, terms)
        return None
    lower = terms.ladder.below(index) if terms.tiers.downgrade.policy == "one_step" else reached
    lost, climb.tier, climb.since = climb.tier, terms.tiers.levels[lower].slug, at
    climb.until = last_day(climb, day, lower, terms) if reached >= lower else _period(climb, day, terms)
    return lost


def lend(climb: Climb, slug: str, until: int | None, at: datetime, terms: Terms) -> None:
    """Let a level count as earned up to and including the day `until` (None: for one period of the window)."""
    day = day_of(at, terms.zone)
    if until is None and terms.tiers.window.kind != "lifetime":
        until = _period(climb, day, terms)
    climb.lent = [slug, until]
    rise(climb, at, terms)


def brought(climb: Climb, day: int) -> list[list[Any]]:
    """What was brought along and counts on a day, here and on other accounts of the same person, as in `Climb.lent`."""
    there = [climb.lent, *climb.lent_too] if climb.lent else climb.lent_too
    return [one for one in there if one[1] is None or day <= one[1]]


def _lent(climb: Climb, day: int, terms: Terms) -> list[tuple[int, int | None]]:
    """The indices of the levels that are lent for a day, and the last day of each."""
    return [(terms.tiers.index(slug), until) for slug, until in brought(climb, day)]


def _period(climb: Climb, day: int, terms: Terms) -> int:
    """How long a level that was fallen to or brought along, but not earned, is lent: one period of the window."""
    return period(terms.tiers.window, climb.beginning(day), day)


def to_next(climb: Climb, day: int, terms: Terms) -> Ahead | None:
    """What is missing to the next tier, and the last day to earn it in this window; None at the top."""
    above = terms.ladder.above(held(climb, terms))
    if above is None:
        return None
    return _ahead(above, _totals(climb, day, terms), _window_end(climb, day, terms), terms)


def _window_end(climb: Climb, day: int, terms: Terms) -> int | None:
    window = terms.tiers.window
    if window.kind == "lifetime":
        return None
    if window.kind in YEARLY:
        return last_of(window, climb.beginning(day), _year(climb, day, terms))
    live = _rows(climb, day, terms)
    return months_after(live[0][0], window.months) - 1 if live else None


def to_stay(climb: Climb, day: int, terms: Terms) -> Ahead | None:
    """What is missing to keep the tier beyond `until`, and the last day for it; None where nothing can be done.

    With a year that keeps nothing for the next one, nothing can be done before that year has begun; nor for a level
    that staff gave.
    """
    end = drop_day(climb, terms)
    if end is None or climb.until is None or pinned(climb, terms):
        return None
    window, by = terms.tiers.window, end - 1
    index = terms.tiers.index(climb.tier)
    if terms.ladder.steps[index].closed:
        return None
    if window.kind in YEARLY:
        now, then = _year(climb, day, terms), _year(climb, end, terms)
        year = then if window.keep == "this_year" else max(now, then - 1)
        if window.keep == "this_year" and year > now:
            return None
        have = _of_year(climb, day, year, terms)
        by = min(by, last_of(window, climb.beginning(day), year))
    else:
        have = _totals(climb, end, terms)
    return _ahead(index, have, by, terms, enough=earned(climb, end, terms) >= index)


def _ahead(index: int, have: Sequence[int], by: int | None, terms: Terms, *, enough: bool = False) -> Ahead:
    """What level `index` still asks for beside what is there; nothing when it is `enough`."""
    step, ladder = terms.ladder.steps[index], terms.ladder
    done = enough or step.met(have)
    parts = tuple(
        Missing(ladder.measures[number], 0 if done else max(0, whole - have[number]), whole)
        for number, whole in step.asks
    )
    amount = next((part.amount for part in parts if part.amount), 0)
    return Ahead(terms.tiers.levels[index].slug, amount, by, parts, step.either)
