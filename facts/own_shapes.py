"""What the programme's own facts carry: redemptions, adjustments, and what members and staff do in the game."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from facts.pin_shapes import HeldData, LentData
from facts.shapes import Amount, Data, Key, Text


class RedeemedData(Data):
    """Points given for a reward: held when `captured` comes later, spent at once otherwise. What is points itself
    `brings` them, for `lasts_days`.
    """

    redemption_id: Key
    reward: Key
    points: Annotated[int, Field(ge=0, le=10**9)]
    held: bool = False
    brings: Annotated[int, Field(ge=0, le=100_000)] = 0
    lasts_days: Annotated[int, Field(ge=1, le=3650)] | None = None


class SettledData(Data):
    """A held redemption that was handed over, or one that was called off."""

    redemption_id: Key
    reason: Text = ""


class AdjustedData(Data):
    """Points given or taken by hand, by whom and why; with a `salt` the chain knows the reason by its digest."""

    adjustment_id: Key
    points: Annotated[int, Field(ge=-(10**9), le=10**9)]
    reason: Annotated[str, Field(min_length=3, max_length=500)]
    actor: Key
    promotional: bool = False
    salt: Text = ""
    wallet: Text = ""


class ExtendedData(Data):
    """More time: to the end of the day `until`, of one `lot` (by its cause) or of all of a wallet, by whom and why."""

    extension_id: Key
    until: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
    lot: Annotated[str, Field(max_length=700)] = ""
    wallet: Text = ""
    reason: Annotated[str, Field(min_length=3, max_length=500)]
    actor: Key
    salt: Text = ""


class LotData(Data):
    """Points of a lot that moves to another account, with what they bring along; those that `stays` are never given."""

    points: Annotated[int, Field(gt=0, le=10**9)]
    promotional: bool = False
    active_from: Text = ""
    expires_at: Text = ""
    rank: Annotated[str, Field(max_length=700)] = ""
    stays: bool = False


class TransferredData(Data):
    """Points that went to another account of the same person (below zero), or came from it, in their `lots`.

    `owes`: should an order be returned from which they came, what is missing is a debt, which goes on as well.
    """

    merge: Key
    points: Annotated[int, Field(ge=-(10**9), le=10**9)]
    lots: list[LotData] = []
    owes: bool = False
    wallet: Text = ""


class AwardData(Data):
    """A badge's level, or a milestone, that was reached on another account of the same person."""

    kind: Key
    slug: Key
    level: Annotated[int, Field(ge=1, le=50)]
    value: int
    at: Key
    expires_at: Text = ""
    by_hand: Annotated[str, Field(max_length=500)] = ""
    edition: Annotated[int, Field(ge=0)] = 0


class GameData(Data):
    """What another account of the same person had reached, and how far it was: each track's memory, as it is kept.

    `welcomed` are the tiers whose entry was paid there, `pins` those that staff gave there and that held, `lent` those
    that were brought along to it from another programme.
    """

    merge: Key
    joined: Annotated[int, Field(ge=0, le=3_000_000)] = 0
    away: list[list[int]] = []
    tracks: dict[str, str] = {}
    awards: list[AwardData] = []
    welcomed: list[Key] = []
    pins: list[HeldData] = []
    lent: list[LentData] = []


class GameBackData(Data):
    """The same is as if it had never come: the accounts are two again, or there is news of the other one."""

    merge: Key


class GrantedData(Data):
    """A badge that staff gave by hand, up to a level, and why; `batch` when they gave it to many at once."""

    grant_id: Key
    badge: Key
    level: Annotated[int, Field(ge=1, le=50)] = 1
    reason: Annotated[str, Field(min_length=3, max_length=500)]
    actor: Key
    batch: Text = ""


class RevokedData(Data):
    """A badge that staff took away, and why; `batch` when they took it from many at once."""

    badge: Key
    reason: Annotated[str, Field(min_length=3, max_length=500)]
    actor: Key
    batch: Text = ""


class UndoneData(Data):
    """A batch of badges, given or taken away, that is as if it had never been."""

    batch: Key
    actor: Key


class ChallengeData(Data):
    """A challenge that a member took on, or left."""

    challenge: Key


class PlacedData(Data):
    """A place on a board whose period was closed, and what it brings: decided then, and kept here."""

    board: Key
    period: Annotated[int, Field(ge=0, le=10**9)]
    place: Annotated[int, Field(ge=1, le=1000)]
    points: Annotated[int, Field(ge=0, le=10**7)] = 0
    promotional: bool = True
    expires_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    badge: Text = ""


class ReachedData(Data):
    """A goal that all reached together, and what it brings to this member: decided then, and kept here."""

    goal: Key
    points: Annotated[int, Field(ge=0, le=10**7)] = 0
    promotional: bool = True
    expires_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    badge: Text = ""


class PausedData(Data):
    """Days on which a member is away (or not, after all), first and last, as ordinals: streaks do not break."""

    since: Annotated[int, Field(ge=1, le=3_000_000)]
    until: Annotated[int, Field(ge=1, le=3_000_000)]


class MovedData(Data):
    """A member's own time zone, from now on."""

    zone: Key


class BirthdayData(Data):
    """A member's birthday, in this year."""

    year: Annotated[int, Field(ge=1900, le=9999)]


class AnniversaryData(Data):
    """So many years in the programme."""

    years: Annotated[int, Field(ge=1, le=200)]


class DecidedData(Data):
    """What staff said of a stretch in which a guard held facts back, in microseconds since 1970, both ends included."""

    case: Key
    guard: Key
    since: int
    until: int
    reason: Annotated[str, Field(min_length=3, max_length=500)]
    actor: Key


class StepData(Data):
    """A friend's step, on the account of who brought them: they joined, or bought for the `order`-th time.

    `step` names it for good, so that it can be taken back.
    """

    referral: Key
    step: Key
    order: Annotated[int, Field(ge=1, le=1000)] | None = None


class InvitedData(Data):
    """What a referral brings to one of the two, by the terms that the link was shared with: decided, and kept here.

    `active_from` is when the time for returns is over; until then the points are pending. A `reward` of the catalogue
    waits for them from then on.
    """

    referral: Key
    step: Key
    side: Literal["sharer", "friend"]
    offer: Key
    points: Annotated[int, Field(ge=0, le=10**7)]
    reward: Text = ""
    promotional: bool = False
    expires_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    active_from: Text = ""


class BroughtManyData(Data):
    """What so many friends together bring to whoever brought them: decided by the programme at the last one of them.

    `referral` names the account, `step` the payment. Pending as long as a purchase of any of them may go back.
    """

    referral: Key
    step: Key
    friends: Annotated[int, Field(ge=1, le=1000)]
    points: Annotated[int, Field(ge=1, le=10**7)]
    promotional: bool = False
    expires_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    active_from: Text = ""


class TakenBackData(Data):
    """A step of a referral, or what it brought, that is as if it had never been, and why."""

    referral: Key
    step: Key
    reason: Text = ""


class PaymentData(Data):
    """Points (or what a `wallet` holds) that a shop set aside for an order, and what they pay of it."""

    payment_id: Key
    order_id: Key
    points: Annotated[int, Field(ge=1, le=10**9)]
    money: Amount
    wallet: Text = ""


class PaymentDoneData(Data):
    """The order was placed, so what was set aside stays so; or it was not, and the points are the member's again."""

    payment_id: Key
    order_id: Key
    reason: Text = ""


class GiftData(Data):
    """Points set aside for somebody else, until they take them; `promotional` ones only where the programme said so."""

    gift_id: Key
    points: Annotated[int, Field(ge=1, le=10**9)]
    promotional: bool = False


class GiftDoneData(Data):
    """Somebody took the gift; or nobody did, or it was called back, so the points are the giver's again."""

    gift_id: Key
    reason: Text = ""


class GiftReceivedData(Data):
    """Points that somebody gave, in their `lots`: decided when they were given, and kept here."""

    gift_id: Key
    points: Annotated[int, Field(ge=1, le=10**9)]
    lots: Annotated[list[LotData], Field(min_length=1)]
