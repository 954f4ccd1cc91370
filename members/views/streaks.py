"""Streaks in words: how long, the best, the freezes, and why a freeze could not help."""

from __future__ import annotations

from datetime import date

from badges.ways import Run, Way, run_of
from facts.criteria import Missed, period_days
from members.views.playing import Play
from members.views.saying import day
from rewards.wording import Wording


def streak_lines(way: Way, play: Play) -> tuple[str, ...]:
    """How a streak stands, and when it or the one before broke, why no freeze helped. Nothing for what is no streak.

    Of one that nothing counts for now only the best is said: nobody could have kept it.
    """
    run = run_of(way, play.now, play.place)
    if run is None or play.hushed(way.track):
        return ()
    say, every = play.say, run.streak.every
    best = say.text("Your best: {length}", length=_periods(run.best, every, say))
    if not (way.taking_part and play.open(way.track) and play.admits(way.track)):
        return (best,) if run.best else ()
    lines = [_length(run.length, every, say)] if run.length else []
    if run.best > run.length:
        lines.append(best)
    if run.frozen and not run.broken:
        lines.append(say.text("A freeze kept it ({when})", when=_when(run.frozen[-1].period, run, play)))
    if run.broken:
        when = _when(run.broken.period, run, play)
        lines += [
            say.text("The streak ended: nothing in {when}", when=when),
            _why_no_freeze(run.broken, run, say),
        ]
    if run.before:
        when = _when(run.before.period, run, play)
        said = say.text("The one before ended: nothing in {when}", when=when)
        lines += [said, _why_no_freeze(run.before, run, say)]
    if run.streak.freezes:
        left = run.freezes_left
        some = say.language.plural("{n} freeze left", "{n} freezes left", left)
        lines.append(some if left else say.text("No freezes left for now"))
    return tuple(lines)


def _why_no_freeze(missed: Missed, run: Run, say: Wording) -> str:
    if missed.reason == "no_freezes":
        return say.text("This streak has no freezes.")
    if missed.reason == "too_long":
        return say.text("That was too long for freezes to bridge.")
    if run.streak.every == "month":
        return say.text("All freezes of that year were used already.")
    return say.text("All freezes of that month were used already.")


def _length(n: int, every: str, say: Wording) -> str:
    if every == "day":
        return say.language.plural("{n} day in a row", "{n} days in a row", n)
    if every == "week":
        return say.language.plural("{n} week in a row", "{n} weeks in a row", n)
    return say.language.plural("{n} month in a row", "{n} months in a row", n)


def _periods(n: int, every: str, say: Wording) -> str:
    if every == "day":
        return say.days(n)
    if every == "week":
        return say.language.plural("{n} week", "{n} weeks", n)
    return say.language.plural("{n} month", "{n} months", n)


def _when(period: int, run: Run, play: Play) -> str:
    """A day, a week by its first and last day, a month by its name."""
    every = run.streak.every
    first, end = period_days(period, every)
    if every == "month":
        return play.say.language.date(date.fromordinal(first), "month")
    zone = play.standing.version.zone
    days = [day(date.fromordinal(one), play.say, zone, play.now, short=True) for one in (first, end - 1)]
    return days[0] if every == "day" else f"{days[0]} – {days[1]}"
