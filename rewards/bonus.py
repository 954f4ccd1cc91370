"""What the game gives: points that climb no tier, and multipliers for a while. Pure; works on a member's fold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from facts.dates import day_of
from facts.history import Key
from rewards.earning.case import UNIT
from rewards.lots import EARNED, LotState, rank_of
from rewards.terms import expiry_of

if TYPE_CHECKING:
    from rewards.fold import Fold


@dataclass(frozen=True, slots=True)
class Bonus:
    """Points for an achievement: `what` (badge or challenge) with its `slug`, `level` and the round it was in."""

    what: str
    slug: str
    instance: int
    level: int
    points: int
    promotional: bool
    expires_days: int | None

    def cause(self, key: Key) -> str:
        """What makes the entry exist once only: what was reached, and the fact that reached it."""
        return f"prize|{key[1]}|{key[2]}|{self.what}:{self.slug}:{self.instance}:{self.level}"


def give(fold: Fold, bonus: Bonus, key: Key) -> None:
    """Post a bonus where in history it was reached."""
    at, source, fact_id = key
    terms = fold.line.at(at)
    cause = bonus.cause(key)
    expires = expiry_of(day_of(at, terms.zone), bonus.expires_days, terms)
    rank = rank_of(at, source, fact_id, f"{bonus.what}:{bonus.slug}:{bonus.instance:012}:{bonus.level:03}")
    lot = LotState(cause, EARNED, bonus.points, bonus.points, bonus.promotional, at, at, expires, rank)
    fold.open(lot, at)
    why = {"k": "prize", "points": bonus.points, "for": bonus.what, "slug": bonus.slug, "level": bonus.level}
    fold.post(cause, "earned", bonus.points, at, why, bonus.slug, terms.number, at, expires)


def boost(fold: Fold, factor: int, days: int, key: Key) -> None:
    """Multiply all earning by `factor` thousandths after this place in history, and for `days` days."""
    day = day_of(key[0], fold.line.at(key[0]).zone)
    fold.boosts = [*(pair for pair in fold.boosts if pair[0] > day), [day + days, factor]]


def boosted(factor: int, boosts: Iterable[list[int]], day: int) -> int:
    """A multiplier with the boosts of a day upon it, in thousandths."""
    for until, more in boosts:
        if day < until:
            factor = factor * more // UNIT
    return factor
