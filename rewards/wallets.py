"""Wallets beside points: cashback in the shop's money, and experience that nobody can spend.

A wallet is part of the programme document; rules name it. All wallets of a member are one fold: each lot and each
entry says whose it is, and nothing of one wallet burns, repays or expires in another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from facts.money import minor
from facts.parts import Misfit, Money, Part, Words
from facts.said import Said
from rewards.document import NegativeBalance, PointsPolicy, Value
from rewards.earning.rule import Caps, caps_of
from rewards.expiry import Expiry
from rewards.lots import DEBT, HELD
from rewards.paying import Paying
from rewards.terms import STAYING
from rewards.waiting import Pending

if TYPE_CHECKING:
    from rewards.fold import Fold

CASHBACK, EXPERIENCE = "cashback", "experience"
WALLETS_MAX = 10
SPENDING = ("value", "paying", "negative_balance", "pending_days", "pending", "expiry")
"""What only a wallet that can be spent has."""
CAPS = ("cap_per_day", "cap_per_week", "cap_per_month")


class Worth(Part):
    """What a wallet pays at the checkout: so much `money` of it `pays` so much of an order."""

    money: Money = "1"
    pays: Money = "1"


class Awaited(Part):
    """What an order brings waits until it is delivered, and `pending_days` more; `at_most_days` in any case."""

    until: Literal["delivery"]
    at_most_days: Annotated[int, Field(ge=1, le=365)] = 30


class Wallet(Part):
    """A wallet beside points, in minor units of the programme's currency (`cashback`) or in whole steps (`experience`).

    Cashback is earned, expires, is owed and pays by terms of its own. Experience stays: it never expires, cannot be
    spent, and has a `unit` that people call it by.
    """

    kind: Literal["cashback", "experience"]
    name: Words
    unit: Words | None = None
    value: Worth = Worth()
    pending_days: Annotated[int, Field(ge=0, le=365)] = 0
    pending: Awaited | None = None
    expiry: Expiry = Expiry()
    negative_balance: NegativeBalance = NegativeBalance()
    paying: Paying = Paying()
    cap_per_day: Annotated[int, Field(ge=1)] | None = None
    cap_per_week: Annotated[int, Field(ge=1)] | None = None
    cap_per_month: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Wallet:
        plain = type(self).model_fields
        spent = next((name for name in SPENDING if getattr(self, name) != plain[name].default), None)
        if self.kind == EXPERIENCE and spent:
            raise Misfit(
                Said("experience is never spent and never ends: leave this out, or make it cashback"), spent
            )
        if self.expiry.kind == "inactivity":
            raise Misfit(
                Said("only points end by inactivity: use rolling, calendar or never"), "expiry", "kind"
            )
        if self.pending and self.pending.at_most_days < self.pending_days:
            said = Said(
                "pending_days is longer: wait {pending_days} days at least", pending_days=self.pending_days
            )
            raise Misfit(said, "pending", "at_most_days")
        if self.kind == CASHBACK and self.unit is not None:
            raise Misfit(Said("cashback is counted in the programme's currency: leave the unit out"), "unit")
        return self

    @property
    def caps(self) -> Caps:
        """The caps there are, by their length."""
        return caps_of(self.cap_per_day, self.cap_per_week, self.cap_per_month)

    @property
    def spendable(self) -> bool:
        """Whether anything can be paid with it."""
        return self.kind == CASHBACK

    def policy(self, digits: int) -> PointsPolicy:
        """The same in the words that hold for points: one unit is one minor unit of a currency with `digits`."""
        caps = {name: getattr(self, name) for name in CAPS}
        if self.kind == EXPERIENCE:
            return PointsPolicy(value=STAYING.value, negative_balance=STAYING.negative_balance, **caps)
        value = Value(points=max(1, minor(self.value.money, digits)), money=self.value.pays)
        waits = self.pending
        pending = Pending(until=waits.until, at_most_days=waits.at_most_days) if waits else None
        return PointsPolicy(value=value, pending_days=self.pending_days, pending=pending, expiry=self.expiry,
                            negative_balance=self.negative_balance, **caps)  # fmt: skip


def tally(fold: Fold) -> None:
    """Write down what of each further wallet is owed and set aside; all open lots must be at hand."""
    for kept in fold.wallets.values():
        kept[1] = kept[2] = 0
    for lot in fold.lots.values():
        if lot.wallet in fold.wallets and lot.remaining and lot.kind in (DEBT, HELD):
            kept = fold.wallets[lot.wallet]
            kept[1] -= lot.remaining if lot.kind == DEBT else 0
            kept[2] += lot.remaining if lot.kind == HELD else 0
