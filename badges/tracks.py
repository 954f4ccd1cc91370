"""Tracks: what the badges and challenges of a programme's version ask, ready to be walked along.

A track is one definition with its thresholds as whole numbers. The tracks of a version are kept by what can move
them, so that a fact wakes only those, however many there are.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from badges.document import Badge, Challenge, Prize
from badges.scores import BoardRules
from facts.criteria import COLLECTED_MAX, Criterion, Filter
from facts.history import Event
from facts.money import minor
from facts.products import Asked, Facet, type_facet

_CRITERION: TypeAdapter[Criterion] = TypeAdapter(Criterion)
Kind = Literal["badge", "challenge"]


@dataclass(frozen=True, slots=True)
class Track:
    """One badge or challenge on its way. `goals` never fall; `shape` tells whether a kept state is of this criterion.

    `prices` are those of the catalogue's rewards, in points by slug. `beyond` is the track of a later version, when the
    goals above those of the definition are its.
    """

    kind: Kind
    definition: Badge | Challenge
    goals: tuple[int, ...]
    shape: str
    version: int
    prices: Mapping[str, int] = field(default_factory=dict[str, int], compare=False)
    beyond: Track | None = field(default=None, compare=False)
    key: str = field(init=False, compare=False)
    """What the track is called in a member's memory: `badge:<slug>` or `challenge:<slug>`."""
    enough: int = field(init=False, compare=False)
    """How far a criterion counts: beyond the last goal, since another may be added."""
    complete: bool = field(init=False, compare=False)
    """Whether there is nothing beyond the last goal that the criterion could come to."""

    def __post_init__(self) -> None:
        """What is asked for at every step is put together once."""
        most = self.definition.criterion.most
        object.__setattr__(self, "key", f"{self.kind}:{self.definition.slug}")
        object.__setattr__(self, "enough", max(self.goals[-1], COLLECTED_MAX))
        object.__setattr__(self, "complete", most is not None and self.goals[-1] >= most)

    @property
    def own(self) -> int:
        """How many of the goals are of the definition."""
        return len(self.definition.thresholds())

    def of_level(self, level: int) -> Track:
        """The track whose definition has this level (from 1)."""
        return self if self.beyond is None or level <= self.own else self.beyond.of_level(level)

    def prize(self, level: int) -> Prize | None:
        """What a level gives; None for nothing, and for a level that there is not."""
        return self.of_level(level).definition.prize(level) if level <= len(self.goals) else None

    def cost(self, level: int) -> int:
        """What a level gives away, in points: its points, and the price of the reward that comes with it."""
        prize, prices = self.prize(level), self.of_level(level).prices
        return prize.points + prices.get(prize.reward or "", 0) if prize else 0

    @property
    def slug(self) -> str:
        """The definition's slug."""
        return self.definition.slug

    @property
    def scarce(self) -> bool:
        """Whether there is only so much of it, so that who came first is remembered."""
        return bool(self.definition.edition if isinstance(self.definition, Badge) else self.definition.budget)


def track_of(
    definition: Badge | Challenge, digits: int, version: int, prices: Mapping[str, int] | None = None
) -> Track:
    """The track of a definition; `digits` are the decimals of the programme's currency."""
    criterion = definition.criterion
    decimals = digits if criterion.decimals is None else criterion.decimals
    goals = tuple(minor(text, decimals) for text in definition.thresholds())
    told = _CRITERION.dump_python(criterion, mode="json")
    asked = {name: value for name, value in told.items() if name != "at_least"}
    shape = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:6]
    kind: Kind = "badge" if isinstance(definition, Badge) else "challenge"
    return Track(kind, definition, goals, shape, version, prices or {})


@dataclass(frozen=True)
class Rules:
    """All tracks of a version, and by what they are woken. `zone` and `digits` are the programme's."""

    number: int
    effective_from: datetime
    zone: ZoneInfo
    digits: int
    tracks: dict[str, Track]
    ladder: tuple[str, ...] = ()
    boards: Mapping[str, BoardRules] = field(default_factory=dict[str, BoardRules])
    goals: Mapping[str, BoardRules] = field(default_factory=dict[str, BoardRules])
    _sorted: list[Track] = field(default_factory=list[Track])
    _asked: Asked = field(default_factory=lambda: Asked([]))

    @staticmethod
    def of(number: int, effective_from: datetime, zone: ZoneInfo, digits: int, tracks: Iterable[Track],
           ladder: Sequence[str] = (), boards: Mapping[str, BoardRules] | None = None,
           goals: Mapping[str, BoardRules] | None = None) -> Rules:  # fmt: skip
        """The rules of a version, indexed. `ladder` are the tiers from the lowest up."""
        by_key = {one.key: one for one in tracks}
        ordered = [by_key[key] for key in sorted(by_key)]
        return Rules(number, effective_from, zone, digits, by_key, tuple(ladder), boards or {}, goals or {}, ordered,
                     Asked([facet for part in one.definition.criterion.filters() for facet in _facets(part)]
                           for one in ordered))  # fmt: skip

    def woken(self, event: Event) -> Iterator[Track]:
        """The tracks that an event can move, in the order of their keys."""
        return (self._sorted[number] for number in self._asked.by(event.facets.all))


def _facets(asked: Filter | str) -> list[Facet]:
    return [type_facet(asked)] if isinstance(asked, str) else asked.facets()


class RulesLine:
    """The rules of all versions. What counts `from_beginning` (with `back`: only these) is there before its version.

    So are the levels that a later version adds to it: the earlier ones stay as they were.
    """

    def __init__(self, versions: Sequence[Rules], back: frozenset[str] | None = None) -> None:
        self.versions = _with_what_follows(versions, back)
        self._starts = [rules.effective_from for rules in self.versions[1:]]

    def at(self, moment: datetime) -> Rules:
        """The rules in force at a moment."""
        return self.versions[bisect_right(self._starts, moment)]

    @property
    def is_empty(self) -> bool:
        """Whether there never was a badge, a challenge, a board or a goal."""
        return not any(rules.tracks or rules.boards or rules.goals for rules in self.versions)

    @property
    def has_boards(self) -> bool:
        """Whether there ever was a board."""
        return any(rules.boards for rules in self.versions)


def _with_what_follows(versions: Sequence[Rules], back: frozenset[str] | None) -> list[Rules]:
    """Each version with the tracks of later ones that count from the beginning, as long as the newest still says so."""
    found: list[Rules] = []
    later: dict[str, Track] = {}
    newest_first = sorted(versions, key=lambda one: one.number, reverse=True)
    still = {key for rules in newest_first[:1] for key, one in rules.tracks.items() if _from_beginning(one)}
    still = still if back is None else still & back
    for rules in newest_first:
        tracks = {**later, **{key: _extended(one, later.get(key)) for key, one in rules.tracks.items()}}
        same = all(one is rules.tracks.get(key) for key, one in tracks.items())
        found.append(rules if same else Rules.of(rules.number, rules.effective_from, rules.zone, rules.digits,
                                                 tracks.values(), rules.ladder, rules.boards, rules.goals))  # fmt: skip
        later |= {
            key: tracks[key] for key, one in rules.tracks.items() if key in still and _from_beginning(one)
        }
    return found[::-1]


def _extended(track: Track, later: Track | None) -> Track:
    """A track with the levels that a later version has above its own, where that asks the same.

    None of them is reached before the last of its own, even where the later version asks less for it.
    """
    known = len(track.goals)
    if later is None or later.shape != track.shape or len(later.goals) <= known:
        return track
    more = (max(track.goals[-1], goal) for goal in later.goals[known:])
    return replace(track, goals=(*track.goals, *more), beyond=later)


def _from_beginning(track: Track) -> bool:
    return track.definition.counts == "from_beginning"
