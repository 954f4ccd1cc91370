"""The terms in force: one version of the programme as the engine reads it, and the line of all versions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from facts.dates import midnight
from facts.history import Event
from facts.products import Asked
from rewards.document import NegativeBalance, PointsPolicy, Tiers, Value
from rewards.earning.rule import Rule
from rewards.expiry import ends
from rewards.ladder import Ladder
from rewards.lots import POINTS

if TYPE_CHECKING:
    from rewards.wallets import Wallet

STAYING = PointsPolicy(value=Value(points=1, money="0"), negative_balance=NegativeBalance(policy="zero"))
"""What holds for a wallet that is not spent, or that the programme does not have (any more)."""


@dataclass(frozen=True, slots=True)
class Terms:
    """A version's terms. `rules` are in the order in which they run, `digits` the currency's decimals.

    `wallets` are those beside points, by slug.
    """

    number: int
    effective_from: datetime
    points: PointsPolicy
    tiers: Tiers
    rules: tuple[Rule, ...]
    zone: ZoneInfo
    currency: str
    digits: int
    slugs: frozenset[str] = field(init=False, repr=False, compare=False)
    ladder: Ladder = field(init=False, repr=False, compare=False)
    _asked: Asked = field(init=False, repr=False, compare=False)
    wallets: Mapping[str, Wallet] = field(default_factory=dict[str, "Wallet"], kw_only=True)
    _of: dict[str, Terms] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the rules ready to be found."""
        object.__setattr__(self, "slugs", frozenset(rule.slug for rule in self.rules))
        object.__setattr__(self, "ladder", Ladder.of(self.tiers, self.digits))
        object.__setattr__(self, "_asked", Asked(rule.woken_by() for rule in self.rules))
        object.__setattr__(self, "_of", {POINTS: self})

    def spendable(self, wallet: str) -> bool:
        """Whether anything can be paid with a wallet."""
        return wallet == POINTS or (wallet in self.wallets and self.wallets[wallet].spendable)

    def of(self, wallet: str) -> Terms:
        """The same terms with what holds for a wallet in the place of what holds for points."""
        found = self._of.get(wallet)
        if found is None:
            found = self._of[wallet] = copy(self)
            one = self.wallets.get(wallet)
            object.__setattr__(found, "points", one.policy(self.digits) if one else STAYING)
        return found

    def woken(self, event: Event) -> Iterator[Rule]:
        """The rules that may have something to say about an event, in the order in which they run."""
        return (self.rules[number] for number in self._asked.by(event.facets.all))


class TermsLine:
    """All versions by the moment they come into force; the first one reaches back for ever."""

    def __init__(self, versions: Sequence[Terms]) -> None:
        if not versions:
            raise ValueError("a programme has at least one version")
        self.versions = sorted(versions, key=lambda terms: terms.number)
        lasting = [one.points.expiry for one in self.versions]
        lasting += [wallet.expiry for one in self.versions for wallet in one.wallets.values()]
        self.keeping = frozenset[str]().union(*(one.counted for one in lasting))
        pending = [one.points.pending for one in self.versions]
        self.waits = frozenset(one.told_by for one in pending if one) - {""}
        self.graces = any(one.points.restored_grace_days for one in self.versions)
        self.numbered_purchases = any(rule.numbered for terms in self.versions for rule in terms.rules)
        levels = [level for terms in self.versions for level in terms.tiers.levels]
        self.entry_rewards = any(level.entry and level.entry.reward for level in levels)
        self.by_anniversary = any(terms.tiers.window.kind == "anniversary" for terms in self.versions)
        self._starts = [terms.effective_from for terms in self.versions[1:]]

    def at(self, moment: datetime) -> Terms:
        """The terms in force at `moment`."""
        return self.versions[bisect_right(self._starts, moment)]


def expiry_of(day: int, days: int | None, terms: Terms) -> datetime | None:
    """The moment after the last day on which points earned on `day` can be spent; None for never."""
    if days is not None:
        return midnight(day + days + 1, terms.zone)
    return ends(terms.points.expiry.last_day(day), terms.zone)
