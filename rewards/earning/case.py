"""One fact before the earning rules: what they may look at, what they mark, and what they grant."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from facts.criteria import Place, Seen
from facts.history import Event
from facts.orders import Order, OrderLine

if TYPE_CHECKING:
    from rewards.earning.rule import Rule

UNIT = 1000  # factors are thousandths
UTC = ZoneInfo("UTC")


@dataclass(slots=True)
class Case:
    """A fact as the rules see it.

    `lines` are the order's lines that still earn, `factors` their multipliers in thousandths; both start
    whole and are worked on by the earlier stages. `tier` is the member's tier when it happened.

    `event` is the fact at its place in history, with the `zone` and the `digits` of the programme; `purchase` is the
    number of the order among the member's own, 0 where nobody knows. `counts` is what rules remember of the member
    from fact to fact, by slug.
    """

    type: str
    data: dict[str, Any]
    tier: str
    tier_factor: int
    order: Order | None
    lines: list[OrderLine]
    factors: list[int]
    event: Event | None = None
    zone: ZoneInfo = UTC
    digits: int = 2
    counts: dict[str, Any] = field(default_factory=dict[str, Any])
    purchase: int = 0
    _seen: Seen | None = None

    @property
    def seen(self) -> Seen | None:
        """The event as the programme's clock showed it; worked out once."""
        if self._seen is None and self.event is not None:
            self._seen = Seen.of(self.event, Place(self.zone, 0, self.digits))
        return self._seen

    @staticmethod
    def of(kind: str, data: dict[str, Any], order: Order | None, tier: str, tier_factor: int) -> Case:
        """The case of one fact, nothing excluded and nothing multiplied yet."""
        lines = order.lines if order else []
        return Case(kind, data, tier, tier_factor, order, lines, [UNIT] * len(lines))

    def keep(self, keeps: list[bool]) -> None:
        """Leave out the lines that are not marked True."""
        self.lines = [line for line, kept in zip(self.lines, keeps, strict=True) if kept]
        self.factors = [factor for factor, kept in zip(self.factors, keeps, strict=True) if kept]


@dataclass(frozen=True, slots=True)
class Grant:
    """What a rule gives: whole points, and the figures from which they follow."""

    rule: Rule
    points: int
    why: dict[str, Any]
