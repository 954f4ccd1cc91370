"""Criteria in words, for staff who build them and for members on their way: "at least 3 orders in Bakery within
30 days", "4 of 5 orders".

Each kind has its two sentences in one class (here, or in `amounts`), and one line in `SAYINGS`. Sentences begin small,
as parts of others.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from facts.criteria.amounts import Adding, Collecting, Counting, Lasting, Topping
from facts.criteria.combined import All, Any_, SoMany
from facts.criteria.measures import Count, Distinct, Largest, Sum
from facts.criteria.moments import Event, Manual, OnDate, TierReached
from facts.criteria.qualifiers import either
from facts.criteria.streaks import Streak
from facts.criteria.told import Saying, Told, what
from facts.language import Language
from facts.money import minor, minor_digits


def sentence(
    criterion: Any,
    language: Language,
    currency: str,
    *,
    target: str = "",
    tiers: Mapping[str, str] | None = None,
) -> str:
    """What a criterion asks: "at least 3 orders in Bakery within 30 days".

    `target` replaces the criterion's own, for a level or a milestone; `tiers` are the tiers' names by slug.
    """
    told = Told(language, currency, tiers or {})
    return _saying(criterion).sentence(criterion, _goal(criterion, told, target or criterion.target), told)


def progress(criterion: Any, value: int, goal: int, language: Language, currency: str) -> str:
    """How far somebody is: "4 of 5 orders", "$80 of $100". Both in the criterion's own units (`decimals`)."""
    return _saying(criterion).progress(criterion, max(0, min(value, goal)), goal, Told(language, currency))


def _goal(criterion: Any, told: Told, target: str) -> int:
    digits = minor_digits(told.currency) if criterion.decimals is None else criterion.decimals
    return minor(target, digits)


def _saying(criterion: Any) -> Saying:
    return SAYINGS[type(criterion)]


class _Happening:
    """What happens once: only whether it did can be said of its progress."""

    def sentence(self, criterion: Any, goal: int, told: Told) -> str:
        """An order in Bakery."""
        return what(criterion.where, told)

    def progress(self, criterion: Any, value: int, goal: int, told: Told) -> str:
        """Done, or not."""
        return told.language.text("done") if value >= goal else told.language.text("not yet")


class _OnDates(_Happening):
    def sentence(self, criterion: OnDate, goal: int, told: Told) -> str:
        """An order on 25 December."""
        days = [self._day(text, told.language) for text in criterion.on]
        fact = what(criterion.where, told)
        return told.language.text("{what} on {days}", what=fact, days=either(days, told.language))

    def _day(self, text: str, language: Language) -> str:
        if len(text) > 5:
            year, month, day = map(int, text.split("-"))
            return language.date(date(year, month, day), "medium")
        return language.date(date(2024, *map(int, text.split("-"))), "day")


class _Climbing(_Happening):
    def sentence(self, criterion: TierReached, goal: int, told: Told) -> str:
        """The tier Gold, or one above it."""
        name = told.tiers.get(criterion.tier, criterion.tier)
        return told.language.text("the tier {tier} or one above it", tier=name)


class _ByHand(_Happening):
    def sentence(self, criterion: Manual, goal: int, told: Told) -> str:
        """Staff decides."""
        return told.language.text("given by the shop in person")


class _Combining:
    """Parts, in words. Two are joined; more, and those that are combined themselves, are listed."""

    def sentence(self, criterion: Any, goal: int, told: Told) -> str:
        """A review, and at least 2 orders; 2 of these 3: …; …; …."""
        say = told.language
        parts = [self._part(part, told) for part in criterion.of]
        if len(parts) == 2 and isinstance(criterion, All):
            return say.text("{one}, and {other}", one=parts[0], other=parts[1])
        if len(parts) == 2 and goal == 1:
            return say.text("{one}, or {other}", one=parts[0], other=parts[1])
        listed = say.text("; ").join(parts)
        if goal >= len(parts):
            return say.text("all of these: {parts}", parts=listed)
        if goal == 1:
            return say.text("one of these: {parts}", parts=listed)
        return say.text("{n} of these {total}: {parts}", n=goal, total=len(parts), parts=listed)

    def _part(self, part: Any, told: Told) -> str:
        said = _saying(part).sentence(part, _goal(part, told, part.target), told)
        return f"({said})" if isinstance(part, All | Any_ | SoMany) else said

    def progress(self, criterion: Any, value: int, goal: int, told: Told) -> str:
        """1 of 2 steps."""
        return told.language.plural("{done} of {n} step", "{done} of {n} steps", goal, done=value)


SAYINGS: dict[type, Saying] = {
    Count: Counting(),
    Sum: Adding(),
    Distinct: Collecting(),
    Largest: Topping(),
    Streak: Lasting(),
    Event: _Happening(),
    OnDate: _OnDates(),
    TierReached: _Climbing(),
    Manual: _ByHand(),
    All: _Combining(),
    Any_: _Combining(),
    SoMany: _Combining(),
}
