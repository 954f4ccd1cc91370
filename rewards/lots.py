"""Lots: points that came together, and the order in which they go.

Promotional lots first, then by expiry, then by rank `(occurred_at, source, fact id, rule)`, and then by cause, never
by arrival. A debt is a lot with a negative remainder and is repaid first. A held lot is set aside for a
redemption. Whatever is taken from a lot is remembered in its `draws`, so any earlier state can be read back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

EARNED, HELD, DEBT = "earned", "held", "debt"
POINTS = "points"  # the wallet that every programme has
LONGER = "longer|"  # how a draw begins that takes nothing, and keeps when the lot would have ended
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class LotState:
    """A lot of a `wallet` at work; `draws` are (cause, moment, amount), negative ones repay a debt."""

    cause: str
    kind: str
    amount: int
    remaining: int
    promotional: bool
    at: datetime
    active_from: datetime
    expires_at: datetime | None
    rank: str
    closed_at: datetime | None = None
    draws: list[tuple[str, datetime, int]] = field(default_factory=list[tuple[str, datetime, int]])
    wallet: str = POINTS

    @property
    def order(self) -> tuple[bool, datetime, str, str]:
        """Its place in the order of burning."""
        return (not self.promotional, self.expires_at or NEVER, self.rank, self.cause)

    def copy(self) -> LotState:
        """The same lot, to work on."""
        return replace(self, draws=[*self.draws])

    def draw(self, cause: str, at: datetime, amount: int) -> None:
        """Take `amount` (negative: give to a debt)."""
        self.draws.append((cause, at, amount))
        self.remaining -= amount
        if not self.remaining:
            self.closed_at = at

    def last_until(self, end: datetime, at: datetime) -> None:
        """Let it last to another moment; the one before is kept among the draws, for `as_of`."""
        before = self.expires_at.isoformat() if self.expires_at else ""
        self.draws.append((f"{LONGER}{before}", at, 0))
        self.expires_at = end

    def as_of(self, moment: datetime) -> LotState | None:
        """The lot as it was just before `moment`, or None when it was not there yet."""
        if self.at >= moment:
            return None
        kept = [draw for draw in self.draws if draw[1] < moment]
        remaining = self.amount - sum(draw[2] for draw in kept)
        closed = None if remaining else (kept[-1][1] if kept else self.at)
        longer = (draw[0] for draw in self.draws if draw[1] >= moment and draw[0].startswith(LONGER))
        expires = self.expires_at
        if (ended := next(longer, None)) is not None:
            before = ended.removeprefix(LONGER)
            expires = datetime.fromisoformat(before) if before else None
        return LotState(self.cause, self.kind, self.amount, remaining, self.promotional, self.at, self.active_from,
                        expires, self.rank, closed, kept, self.wallet)  # fmt: skip


def rank_of(at: datetime, source: str, fact_id: str, rule: str) -> str:
    """The last word on the order of lots, comparable as text."""
    return "\x1f".join((at.astimezone(UTC).strftime("%Y%m%d%H%M%S%f"), source, fact_id, rule))


def spendable(lots: Iterable[LotState], at: datetime, wallet: str = POINTS) -> list[LotState]:
    """What can be spent of a wallet at a moment, in the order in which it goes."""
    live = [
        lot
        for lot in lots
        if lot.kind == EARNED
        and lot.remaining > 0
        and lot.wallet == wallet
        and lot.active_from <= at < (lot.expires_at or NEVER)
    ]
    live.sort(key=lambda lot: lot.order)
    return live


def burn(lots: Iterable[LotState], amount: int, cause: str, at: datetime, wallet: str = POINTS) -> int:
    """Take `amount` of a wallet in the order of its lots; returns the shortfall."""
    for lot in spendable(lots, at, wallet):
        if not amount:
            break
        taken = min(amount, lot.remaining)
        lot.draw(cause, at, taken)
        amount -= taken
    return amount


def repay(lots: Iterable[LotState], lot: LotState, at: datetime) -> int:
    """Let a new lot repay the debts of its wallet, oldest first; returns what was repaid."""
    repaid = 0
    for debt in sorted(
        (one for one in lots if one.kind == DEBT and one.remaining < 0 and one.wallet == lot.wallet),
        key=lambda lot: lot.rank,
    ):
        paid = min(lot.remaining, -debt.remaining)
        if not paid:
            break
        lot.draw(debt.cause, at, paid)
        debt.draw(lot.cause, at, -paid)
        repaid += paid
    return repaid
