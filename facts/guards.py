"""Guards against farming: how many facts of a kind one member may bring within a while. Pure, by their own times.

A fact is *held* when some stretch of the guard's length that it lies in has more of them than the guard allows: the
whole burst, its first facts too. What is held is kept, and nothing counts it. Staff's decisions let a stretch of time
count all the same. Facts alone decide, so any order of arrival holds the same ones.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from facts.criteria.filters import Field as Asked
from facts.events import DATA, INTERNAL, Fact
from facts.history import Event, Key, changes, silent
from facts.parts import Misfit, Part, Slug, Words
from facts.said import Said

RELEASED, REJECTED = "guard.released", "guard.rejected"
DECISIONS = (RELEASED, REJECTED)
SPAN_MAX = timedelta(days=31)
NAMES_MAX = 500  # objects that a guard remembers of one member; the least recent go first
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Within(Part):
    """How long the stretch is: minutes, hours and days added up, 31 days at most."""

    minutes: Annotated[int, Field(ge=0, le=100_000)] = 0
    hours: Annotated[int, Field(ge=0, le=1_000)] = 0
    days: Annotated[int, Field(ge=0, le=31)] = 0

    @model_validator(mode="after")
    def _is_a_while(self) -> Within:
        if not timedelta(0) < self.span <= SPAN_MAX:
            raise Misfit(Said("say how long: more than nothing, and 31 days at most, such as {hours: 1}"))
        return self

    @property
    def span(self) -> timedelta:
        """The length."""
        return timedelta(days=self.days, hours=self.hours, minutes=self.minutes)


class Guard(Part):
    """No more than `at_most` facts of the type `on` within a while, from one member.

    `fields` narrows it to facts whose fields are so. With `per` the facts about each object are counted apart, `sku`
    for reviews of the same product; those that name none are not counted.
    """

    slug: Slug
    name: Words
    on: str
    fields: list[Asked] = []
    per: str | None = None
    at_most: Annotated[int, Field(ge=1, le=1_000)]
    within: Within

    @field_validator("on")
    @classmethod
    def _can_be_guarded(cls, on: str) -> str:
        known = sorted(kind for kind in set(DATA) - INTERNAL if not changes(kind) and not silent(kind))
        if on not in known and not on.startswith("x."):
            raise ValueError(
                Said(
                    "there is nothing to guard by that name: use {known}, or x.<your own>",
                    known=", ".join(known),
                )
            )
        return on

    @property
    def shape(self) -> str:
        """The same for the same question; what another question counted is begun anew."""
        asked = self.model_dump_json(exclude={"name"})
        return f"{self.slug}|{hashlib.sha256(asked.encode()).hexdigest()[:6]}"

    def sees(self, kind: str, data: dict[str, Any]) -> bool:
        """Whether a fact is one of those that it counts."""
        named = self.per is None or data.get(self.per) is not None
        return kind == self.on and named and all(one.fits(data) for one in self.fields)

    def key(self, data: dict[str, Any]) -> str:
        """Under which name a fact is counted."""
        return f"{self.shape}|{data.get(self.per, '')}" if self.per else f"{self.shape}|"


class GuardLine:
    """The guards of all versions of the programme; those in force when a fact happened watch it."""

    def __init__(self, versions: Sequence[tuple[datetime, Sequence[Guard]]]) -> None:
        self._starts = [start for start, _ in versions[1:]]
        self._by_type: list[dict[str, list[Guard]]] = []
        self.shapes: dict[str, Guard] = {}
        for _, guards in versions:
            found: dict[str, list[Guard]] = {}
            for guard in guards:
                found.setdefault(guard.on, []).append(guard)
                self.shapes[guard.shape] = guard
            self._by_type.append(found)
        self.types = frozenset(kind for found in self._by_type for kind in found)
        self.concerned = self.types | set(DECISIONS) if self.types else self.types

    def watching(self, kind: str, data: dict[str, Any], at: datetime) -> list[Guard]:
        """The guards that count a fact."""
        if kind not in self.types:
            return []
        guards = self._by_type[bisect_right(self._starts, at)].get(kind, ())
        return [guard for guard in guards if guard.sees(kind, data)]


@dataclass(frozen=True, slots=True)
class Decision:
    """What staff said of a stretch, both ends included; the latest one about a case holds."""

    case: str
    guard: str
    since: int
    until: int
    decided: int
    released: bool

    @staticmethod
    def of(fact: Fact) -> Decision:
        """The decision that a fact carries."""
        data = fact.data
        return Decision(data["case"], data["guard"], data["since"], data["until"], micros(fact.occurred_at),
                        fact.type == RELEASED)  # fmt: skip


def latest(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """The decision that holds for each case."""
    found: dict[str, Decision] = {}
    for one in decisions:
        other = found.get(one.case)
        if other is None or (one.decided, one.released) > (other.decided, other.released):
            found[one.case] = one
    return found


def micros(at: datetime) -> int:
    """A moment as microseconds since 1970."""
    return (at - EPOCH) // MICROSECOND


def moment(of: int) -> datetime:
    """The moment back."""
    return EPOCH + of * MICROSECOND


Seen = list[list[int]]
"""Moments in order, in microseconds, each with 1 when it is held and 0 when it counts."""


@dataclass(slots=True)
class Watch:
    """What guards remember of one member: the latest moments under each name, and staff's decisions.

    A name that was forgotten for newer ones and is met again begins anew: `cuts` are the places where it does.
    """

    line: GuardLine
    seen: dict[str, Seen] = field(default_factory=dict[str, Seen])
    decisions: dict[str, Decision] = field(default_factory=dict[str, Decision])
    held: dict[Key, str] = field(default_factory=dict[Key, str])
    stirred: datetime | None = None
    recent: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])
    cuts: dict[str, list[int]] = field(default_factory=dict[str, list[int]])

    def sift(self, events: Sequence[Event]) -> None:
        """Look at events in their order. `held` then says which are held, each by the guard that is named.

        `stirred` is the first remembered moment that is held now and was not before: from there on history has to be
        weighed again.
        """
        met: dict[str, list[Event]] = {}
        for event in events:
            for guard in self.line.watching(event.type, event.data, event.at):
                if not self._pardoned(guard.slug, event.at):
                    name = guard.key(event.data)
                    met.setdefault(name, []).append(event)
                    self._notice(
                        guard, name, micros(event.at), len(self.seen.get(name, ())) + len(met[name]) - 1
                    )
        for name, found in met.items():
            guard = self.line.shapes[_shape(name)]
            old = self.seen.get(name, [])
            seen = [*old, *([micros(event.at), 0] for event in found)]
            was = [flag for _, flag in old]
            for first, until in pairwise([0, *self.cuts.get(name, ()), len(seen)]):
                _mark(seen[first:until], guard.at_most, guard.within.span // MICROSECOND)
            woken = next((at for (at, flag), before in zip(seen, was, strict=False) if flag > before), None)
            if woken is not None:
                self.stirred = min(moment(woken), self.stirred or moment(woken))
            for event, (_, flag) in zip(found, seen[len(old) :], strict=True):
                if flag:
                    self.held.setdefault(event.key, guard.slug)
            self.seen[name] = seen

    def _notice(self, guard: Guard, name: str, at: int, place: int) -> None:
        """Keep a name in mind, which is met for the time `place`, and forget the least recent one for it."""
        recent = self.recent.setdefault(guard.shape, {})
        if place and name not in recent:
            self.cuts.setdefault(name, []).append(place)
        recent[name] = at
        if len(recent) > NAMES_MAX:
            del recent[min(recent, key=lambda one: (recent[one], one))]

    def _pardoned(self, slug: str, at: datetime) -> bool:
        when = micros(at) if self.decisions else 0
        return any(one.released and one.guard == slug and one.since <= when <= one.until
                   for one in self.decisions.values())  # fmt: skip

    def told(self, to: datetime | None = None) -> dict[str, Any]:
        """The memory as JSON: the latest moments before `to` (all, when it is None), as many as can matter later."""
        newest = max((seen[-1][0] for seen in self.seen.values() if seen), default=0)
        end, now = (micros(to), micros(to)) if to else (newest + 1, newest)
        found: dict[str, dict[str, Seen]] = {}
        for name, seen in self.seen.items():
            guard = self.line.shapes.get(_shape(name))
            if guard is None:
                continue
            last = bisect_left(seen, [end])
            cut = max((place for place in self.cuts.get(name, ()) if place < last), default=0)
            first = max(cut, bisect_left(seen, [now - guard.within.span // MICROSECOND + 1]))
            if first < last:
                theirs = [list(one) for one in seen[max(first, last - guard.at_most) : last]]
                found.setdefault(guard.shape, {})[name] = theirs
        kept = {name: seen for names in found.values() for name, seen in _latest(names)}
        decided = [[one.case, one.guard, one.since, one.until, one.decided, int(one.released)]
                   for one in self.decisions.values()]  # fmt: skip
        return {what: value for what, value in (("seen", kept), ("decided", decided)) if value}

    @staticmethod
    def of(told: dict[str, Any], line: GuardLine) -> Watch:
        """The memory from its JSON."""
        seen = {name: [list(one) for one in kept] for name, kept in told.get("seen", {}).items()}
        decided = [
            Decision(c, g, since, until, at, bool(out))
            for c, g, since, until, at, out in told.get("decided", ())
        ]
        recent: dict[str, dict[str, int]] = {}
        for name, kept in seen.items():
            recent.setdefault(_shape(name), {})[name] = kept[-1][0]
        return Watch(line, seen, latest(decided), recent=recent)


def _shape(name: str) -> str:
    """The shape of the guard in a name."""
    return "|".join(name.split("|", 2)[:2])


def _latest(names: dict[str, Seen]) -> list[tuple[str, Seen]]:
    """As many as are remembered, those with the latest moments."""
    return sorted(names.items(), key=lambda one: (one[1][-1][0], one[0]))[-NAMES_MAX:]


def _mark(seen: Seen, at_most: int, span: int) -> None:
    """Mark every moment in a stretch of `span` that has more than `at_most` of them."""
    marked = 0
    for i in range(at_most, len(seen)):
        first = i - at_most
        if seen[i][0] - seen[first][0] < span:
            for j in range(max(first, marked), i + 1):
                seen[j][1] = 1
            marked = i + 1
