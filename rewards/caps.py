"""Caps, pauses and budgets: what is left of a grant, and the reasons kept in its why. Pure; works on a member's fold.

A reason is a pair: its name, and the points that were still possible. The amount is the smallest of them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from facts.criteria import Unit, period_of
from facts.dates import day_of
from facts.history import Event
from rewards.earning.case import Grant
from rewards.earning.rule import Rule
from rewards.terms import Terms

if TYPE_CHECKING:
    from rewards.fold import Fold

EVERYTHING = "*"  # the key of what a member gets by all rules together; with its slug, in a further wallet
PAUSE = "pause"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def capped(fold: Fold, grant: Grant, event: Event, terms: Terms, why: dict[str, Any], cause: str) -> int:
    """The points of a grant that are given; what stood in the way is added to its why."""
    day, rule = day_of(event.at, terms.zone), grant.rule
    if day != fold.caps_day:
        fold.caps, fold.caps_day = {}, day
    caps = list(_caps(rule, terms))
    left: list[tuple[str, int]] = [
        (f"{whose}_{unit}", max(0, cap - _given(fold, key, unit, day))) for whose, key, unit, cap in caps
    ]
    if rule.pause and _paused(fold, rule, event.at):
        left.append((PAUSE, 0))
    points = min([grant.points, *(free for _, free in left)])
    if points and rule.budget is not None:
        free = fold.ask(rule.slug, rule.budget, cause, points)
        if free < points:
            left.append(("budget", free))
            points = free
    if points < grant.points:
        why["caps"] = [list(reason) for reason in left]
    for _, key, unit, _ in caps:
        _give(fold, key, unit, day, points)
    if rule.pause and points:
        fold.spans[f"{rule.slug}|{PAUSE}"] = [(event.at - EPOCH) // MICROSECOND, 0]
    return points


def _caps(rule: Rule, terms: Terms) -> Iterator[tuple[str, str, Unit, int]]:
    """The caps there are: whose, its key, the length, and the points."""
    everything = f"{EVERYTHING}{rule.wallet}" if rule.wallet else EVERYTHING
    for whose, key, limits in (("rule", rule.slug, rule), ("member", everything, terms.points)):
        for unit, cap in limits.caps:
            yield whose, key, unit, cap


def _given(fold: Fold, key: str, unit: Unit, day: int) -> int:
    if unit == "day":
        return fold.caps.get(key, 0)
    period, points = fold.spans.get(f"{key}|{unit}", (0, 0))
    return points if period == period_of(day, unit) else 0


def _give(fold: Fold, key: str, unit: Unit, day: int, points: int) -> None:
    given = _given(fold, key, unit, day) + points
    if unit == "day":
        fold.caps[key] = given
    else:
        fold.spans[f"{key}|{unit}"] = [period_of(day, unit), given]


def _paused(fold: Fold, rule: Rule, at: datetime) -> bool:
    """Whether the rule paid so short a while ago that it does not pay again yet."""
    last = fold.spans.get(f"{rule.slug}|{PAUSE}")
    if last is None or rule.pause is None:
        return False
    return at < EPOCH + last[0] * MICROSECOND + rule.pause.span


def forget(fold: Fold, terms: Terms) -> None:
    """Forget what was counted for rules that are gone; should one come back, it counts anew."""
    for slug in fold.counts.keys() - terms.slugs if fold.counts else ():
        del fold.counts[slug]
    for name in [one for one in fold.spans if one.partition("|")[0] not in terms.slugs]:
        if not name.startswith(EVERYTHING):
            del fold.spans[name]
