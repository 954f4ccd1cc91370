"""The terms in force: one version of the programme as the engine reads it, and the line of all versions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from facts.dates import midnight, months_after
from facts.history import Event
from facts.products import Asked
from rewards.document import PointsPolicy, Tiers
from rewards.earning.rule import Rule


@dataclass(frozen=True, slots=True)
class Terms:
    """A version's terms. `rules` are in the order in which they run, `digits` the currency's decimals."""

    number: int
    effective_from: datetime
    points: PointsPolicy
    tiers: Tiers
    rules: tuple[Rule, ...]
    zone: ZoneInfo
    currency: str
    digits: int
    slugs: frozenset[str] = field(init=False, repr=False, compare=False)
    _asked: Asked = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the rules ready to be found."""
        object.__setattr__(self, "slugs", frozenset(rule.slug for rule in self.rules))
        object.__setattr__(self, "_asked", Asked(rule.woken_by() for rule in self.rules))

    def woken(self, event: Event) -> Iterator[Rule]:
        """The rules that may have something to say about an event, in the order in which they run."""
        return (self.rules[number] for number in self._asked.by(event.facets.all))


class TermsLine:
    """All versions by the moment they come into force; the first one reaches back for ever."""

    def __init__(self, versions: Sequence[Terms]) -> None:
        if not versions:
            raise ValueError("a programme has at least one version")
        self.versions = sorted(versions, key=lambda terms: terms.number)
        self.numbered_purchases = any(rule.numbered for terms in self.versions for rule in terms.rules)
        self._starts = [terms.effective_from for terms in self.versions[1:]]

    def at(self, moment: datetime) -> Terms:
        """The terms in force at `moment`."""
        return self.versions[bisect_right(self._starts, moment)]


def expiry_of(day: int, days: int | None, terms: Terms) -> datetime | None:
    """The moment after the last day on which points earned on `day` can be spent; None for never."""
    if days is not None:
        return midnight(day + days + 1, terms.zone)
    if terms.points.expiry.kind == "never":
        return None
    return midnight(months_after(day, terms.points.expiry.months) + 1, terms.zone)
