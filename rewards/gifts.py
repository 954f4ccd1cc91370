"""Giving points to another member: the terms, and what a gift does to the two accounts. Pure.

What is given is set aside until it is taken, and comes back to its very lots when it is not. Who takes it gets the
points as they were: with the same last day, promotional where they were. They climb no tier, and wake no earning rule.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from facts.criteria.filters import ORDER
from facts.history import Event
from facts.parts import Part
from facts.said import Said
from rewards import aside
from rewards.lots import EARNED, POINTS, LotState, rank_of
from rewards.terms import Terms, TermsLine

if TYPE_CHECKING:
    from rewards.fold import Fold

GIVEN, RECEIVED = "given", "received"
MAY_GO = frozenset({"earn", "adjust", "import", "transfer", "gift"})  # how the causes of lots begin


class Gifts(Part):
    """The terms of giving points. Whoever gives or takes moves at most `per_day` points a day, the programme's own day.

    A gift is `least` to `most` points. It can be taken for `days_to_take` days, and no gift outlives the points in it.
    A giver has been here for `min_age_days`. Points that nothing was bought for (a welcome, friends, prizes) are never
    given, promotional ones only where `promotional` says so.
    """

    per_day: Annotated[int, Field(ge=1, le=10**7)]
    least: Annotated[int, Field(ge=1, le=10**7)] = 1
    most: Annotated[int, Field(ge=1, le=10**7)] | None = None
    days_to_take: Annotated[int, Field(ge=1, le=90)] = 7
    min_age_days: Annotated[int, Field(ge=0, le=3650)] = 30
    promotional: bool = False

    @model_validator(mode="after")
    def _reachable(self) -> Gifts:
        if self.limit < self.least:
            raise ValueError(Said("nobody could give: per_day, or most, is below least"))
        return self

    @property
    def limit(self) -> int:
        """The most points of one gift."""
        return min(self.per_day, self.most or self.per_day)


def unbought(line: TermsLine) -> frozenset[str]:
    """The rules, of any version, whose points nothing need be bought for: joining, a review, a birthday."""
    found = (rule for terms in line.versions for rule in terms.rules if rule.about != ORDER)
    return frozenset(rule.slug for rule in found)


def may_go(lot: LotState, promotional: bool, free: Container[str]) -> bool:
    """Whether points of a lot can be given: earned with purchases, or the shop's own doing; `free` as in `unbought`."""
    if lot.kind != EARNED or lot.wallet != POINTS or (lot.promotional and not promotional):
        return False
    return bought(lot.cause, free)


def bought(cause: str, free: Container[str]) -> bool:
    """Whether a lot with this cause came with purchases, or is the shop's own doing."""
    kind, _, rest = cause.partition("|")
    return kind in MAY_GO and (kind != "earn" or rest.rpartition("|")[2] not in free)


def giveable(lots: Iterable[LotState], promotional: bool, line: TermsLine) -> list[LotState]:
    """The lots that a gift may be taken from."""
    free = unbought(line)
    return [lot for lot in lots if may_go(lot, promotional, free)]


def _give(fold: Fold, event: Event, terms: Terms) -> None:
    """Set a gift aside. What is no longer there, since an order went back, is taken from whatever else there is."""
    first = giveable(fold.lots.values(), bool(event.data.get("promotional")), fold.line)
    aside.hold(fold, event, terms, first)


def _receive(fold: Fold, event: Event, terms: Terms) -> None:
    """Open what was given, each part with the last day that it had."""
    at, source, fact_id = event.key
    for number, one in enumerate(event.data["lots"]):
        cause, points = f"gift|{source}|{fact_id}|{number}", one["points"]
        expires = datetime.fromisoformat(one["expires_at"]) if one.get("expires_at") else None
        rank = rank_of(at, source, fact_id, f"{number:04}")
        lot = LotState(cause, EARNED, points, points, bool(one.get("promotional")), at, at, expires, rank)
        fold.open(lot, at)
        why = {"k": RECEIVED, "points": points}
        fold.post(cause, RECEIVED, points, at, why, "", terms.number, at, expires)


KINDS = {"gift.given": _give, "gift.received": _receive}
