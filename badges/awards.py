"""How far a member is on a track, and what was reached, as plain values; `members.awarding` makes rows of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from badges.document import Badge, Challenge, Prize
from badges.tracks import Track
from facts.history import Key


@dataclass(slots=True)
class Walked:
    """How far a member is on a track. `instance` counts rounds: periods, or times it was joined, or expired awards.

    `reached` thresholds are behind; `since` is the day on which the member joined; after the day `until` the award
    is lost; `blocked` says that staff took the badge away, or that the member left the challenge.
    """

    shape: str = ""
    instance: int = 0
    reached: int = 0
    state: Any = None
    since: int | None = None
    until: int | None = None
    blocked: bool = False

    def parts(self) -> tuple[Any, ...]:
        """All that it says."""
        return (
            self.shape,
            self.instance,
            self.reached,
            self.state,
            self.since,
            self.until,
            int(self.blocked),
        )

    def told(self) -> list[Any]:
        """As JSON, without what says nothing at the end."""
        parts = list(self.parts())
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
        return parts

    @staticmethod
    def of(told: list[Any]) -> Walked:
        """From its JSON."""
        return Walked(*told[:6], *map(bool, told[6:]))


def part_in(definition: Badge | Challenge, walked: Walked, day: int) -> tuple[bool, bool]:
    """Whether somebody takes part on a day, and whether their own days for it are over.

    Own days run from joining on, whether the member stays or leaves and comes back.
    """
    if isinstance(definition, Badge):
        return not walked.blocked, False
    if definition.join == "automatic":
        return True, False
    if walked.since is None:
        return False, False
    over = definition.days is not None and day >= walked.since + definition.days
    return not over and not walked.blocked, over


@dataclass(frozen=True, slots=True)
class Awarded:
    """Something that was reached: a badge's level, or a challenge's milestone (both from 1).

    `event` is the place in history that did it. One that was `moved` here from another account of the same person was
    paid there, and has its number from there.
    """

    track: Track
    instance: int
    level: int
    event: Key
    value: int
    expires_at: datetime | None = None
    by_hand: str = ""
    moved: bool = False
    edition: int = 0

    @property
    def at(self) -> datetime:
        """When."""
        return self.event[0]

    @property
    def name(self) -> tuple[str, str, int, int]:
        """Kind, slug, instance and level: what the award is, whenever it happened."""
        return (self.track.kind, self.track.slug, self.instance, self.level)

    @property
    def prize(self) -> Prize | None:
        """What it gives."""
        return None if self.moved else self.track.prize(self.level)


@dataclass(frozen=True, slots=True)
class Taken:
    """A badge that staff took away, and why. `event` is where in history they did."""

    slug: str
    event: Key
    reason: str

    @property
    def at(self) -> datetime:
        """When they did."""
        return self.event[0]
