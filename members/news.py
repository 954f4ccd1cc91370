"""What is new of all that a member has reached, by keys: `<kind>:<slug>:<round>:<level>`.

The tier that they have is a key too, of level 1: whether it is news, only the ladders tell (`members.actions.telling`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

NAMED_MAX = 3
TIER = "tier:"


def tier_in(keys: Iterable[str]) -> str:
    """The slug of the tier among the keys; "" for none."""
    return next((key.split(":")[1] for key in keys if key.startswith(TIER)), "")


def without_tier(keys: Iterable[str]) -> list[str]:
    """All other keys."""
    return [key for key in keys if not key.startswith(TIER)]


def news(had: Iterable[str], held: Iterable[str]) -> frozenset[str]:
    """Which of the keys `held` say more than those that they `had`: a level that went back is no news."""
    levels: dict[str, int] = {}
    for key in had:
        name, _, level = key.rpartition(":")
        levels[name] = int(level)
    parts = ((key, *key.rpartition(":")[::2]) for key in held)
    return frozenset(key for key, name, level in parts if int(level) > levels.get(name, 0))


def untold(told: str | None, held: Sequence[str]) -> frozenset[str]:
    """What is to be told to somebody who was `told` these keys, with spaces between.

    Who was never told anything hears of a few; a long history is no news.
    """
    if told is None:
        return frozenset(held) if len(held) <= NAMED_MAX else frozenset()
    return news(told.split(), held)
