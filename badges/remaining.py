"""What is left of an edition or a budget, and how far that goes. Pure: who gives and who shows it ask the same."""

from __future__ import annotations

from collections.abc import Collection

from badges.document import Badge
from badges.tracks import Track
from badges.ways import Way


def limit_of(track: Track) -> int | None:
    """How much there is of a badge (editions) or of a challenge (points); None for as much as anybody wants."""
    definition = track.definition
    return definition.edition if isinstance(definition, Badge) else definition.budget


def takes(track: Track, level: int) -> int:
    """What a level (from 1) takes of it: an edition is taken with the first level, a budget by what a level gives."""
    return int(level == 1) if isinstance(track.definition, Badge) else track.cost(level)


def reach(track: Track, reached: int, taken: int, had: Collection[int] = ()) -> int:
    """The highest level that can still be given to somebody at level `reached`, when so much is `taken` by everybody.

    Levels are given in their order, so one that does not fit any more stops those behind it. What they `had` in this
    round, and lost, is theirs when they reach it again: it takes nothing anew.
    """
    limit = limit_of(track)
    if limit is None:
        return len(track.goals)
    for level in range(reached + 1, len(track.goals) + 1):
        taken += 0 if level in had else takes(track, level)
        if taken > limit:
            return level - 1
    return len(track.goals)


def behind(way: Way) -> int:
    """The level from which on somebody goes on: none, where only a new round can follow."""
    anew = way.over and getattr(way.track.definition, "repeats", None) == "on_joining"
    return 0 if way.done or anew else way.reached


def reach_on(way: Way, taken: int, had: Collection[int] = ()) -> int:
    """The same for somebody on their way. `had` is of the round that they are in, and tells nothing of the next one."""
    start = behind(way)
    return reach(way.track, start, taken, had if start == way.reached else ())
