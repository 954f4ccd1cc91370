"""Streaks in words: how long, the best, the freezes, why a freeze could not help, and what a return did to them."""

from __future__ import annotations

from datetime import date, timedelta

from badges.ways import Run, Way, run_of
from facts.criteria import Missed, period_days
from members.views.playing import Play
from members.views.saying import day
from rewards.wording import Wording

RETURN_SAID = timedelta(days=30)


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
    lines += _ended(run, way, play)
    if run.streak.freezes:
        left = run.freezes_left
        some = say.language.plural("{n} freeze left", "{n} freezes left", left)
        lines.append(some if left else say.text("No freezes left for now"))
    return tuple(lines)


def _ended(run: Run, way: Way, play: Play) -> list[str]:
    """How the last one ended: as long as it was the longer one, and for a while whenever a return did it."""
    say, back = play.say, play.came_back.get(way.track.key)
    lately = back is not None and play.now - back < RETURN_SAID
    ended = run.broken or run.before or (run.ended if lately else None)
    if ended is None:
        return []
    when = _when(ended.period, run, play)
    if run.broken:
        first = say.text("The streak ended: nothing in {when}", when=when)
    else:
        first = say.text("The one before ended: nothing in {when}", when=when)
    why = [] if back is None else [_came_back(run.streak.every, say)]
    return [first, *why, _why_no_freeze(ended, run, say)]


def _came_back(every: str, say: Wording) -> str:
    if every == "day":
        return say.text("An order of that day came back.")
    if every == "week":
        return say.text("An order of that week came back.")
    return say.text("An order of that month came back.")


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
    """A day, a week by its first and last day, a month by its name. No line ends within a week."""
    every = run.streak.every
    first, end = period_days(period, every)
    if every == "month":
        return play.say.language.date(date.fromordinal(first), "month")
    zone = play.standing.version.zone
    days = [day(date.fromordinal(one), play.say, zone, play.now, short=True) for one in (first, end - 1)]
    return days[0] if every == "day" else f"{days[0]} – {days[1]}".replace(" ", "\u00a0")
