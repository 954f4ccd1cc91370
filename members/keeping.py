"""Keeping: what was reached and stays so whatever a replay says, since its definition says `on_refund: keep`.

Only what a returned order would take away stays. What a guard holds back never counted, so nothing stays because of it:
whether a burst came at once or one by one, it ends in the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from badges.awards import Awarded
from badges.coming_over import came_over
from badges.game import Game
from badges.tables import WENT_BACK
from badges.tracks import RulesLine, Track
from facts.criteria import TIER_REACHED
from facts.history import Event
from members.books import Account


def kept(
    account: Account,
    line: RulesLine,
    told: dict[str, Any],
    held: Sequence[Event],
    unreturned: Callable[[], Sequence[Event]],
) -> list[Awarded]:
    """The awards that stay, in their order; where staff took one away, the replay says that too.

    `told` is the game's memory where the replay begins, `held` is what guards hold back since, and `unreturned` says
    what would have happened since if nothing had been returned.
    """
    found: list[Awarded] = []
    for row in account.awards:
        whole = line.at(row.awarded_at).tracks.get(f"{row.kind}:{row.slug}")
        track = whole.of_level(row.level) if whole else None
        if (
            track
            and track.definition.on_refund == "keep"
            and row.reason not in WENT_BACK
            and not (row.by_hand or came_over(row.fact_source, row.fact_id))
        ):
            key = (row.awarded_at, row.fact_source, row.fact_id)
            found.append(Awarded(track, row.instance, row.level, key, row.value, row.expires_at))
    if found and held:
        found = _without(found, line, told, held, unreturned)
    return sorted(found, key=lambda one: (one.event, one.name))


def _without(
    found: Sequence[Awarded],
    line: RulesLine,
    told: dict[str, Any],
    held: Sequence[Event],
    unreturned: Callable[[], Sequence[Event]],
) -> list[Awarded]:
    """Those that would have been reached without what is held, where they would have been: walked anew, where a held
    fact could have helped.
    """
    keys = {event.key for event in held}
    helped = _helped(found, line, held)
    doubtful = {one.name for one in found
                if (one.event in keys or one.track.key in helped) and not _asks_tier(one.track)}  # fmt: skip
    left = [one for one in found if one.event not in keys or one.name in doubtful]
    if not doubtful:
        return left
    game = Game.of(told, line)
    for event in unreturned():
        if event.key not in keys:
            game.apply(event, tier="")
    again = {one.name: one for one in game.awards}
    stay = [again.get(one.name) if one.name in doubtful else one for one in left]
    return [one for one in stay if one is not None]


def _helped(found: Sequence[Awarded], line: RulesLine, held: Sequence[Event]) -> set[str]:
    """The tracks in which a held fact could have had a part, and the badges that these give."""
    rules = {
        one.number: one for one in (line.at(at) for at in (*(e.at for e in held), *(a.at for a in found)))
    }
    keys = {track.key for event in held for track in line.at(event.at).woken(event)}
    left = list(keys)
    while left:
        key = left.pop()
        tracks = [track for one in rules.values() if (track := one.tracks.get(key)) and not _asks_tier(track)]
        given = {f"badge:{badge}" for track in tracks for badge in _given(track)} - keys
        keys |= given
        left += given
    return keys


def _given(track: Track) -> set[str]:
    """The badges that are a prize of it."""
    prizes = [track.prize(level) for level in range(1, len(track.goals) + 1)]
    return {prize.badge for prize in prizes if prize and prize.badge}


def _asks_tier(track: Track) -> bool:
    """Whether a tier has a say in it, which facts alone do not tell."""
    return bool(track.definition.tiers) or TIER_REACHED in track.definition.criterion.filters()
