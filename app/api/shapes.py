"""The shapes of what goes in and out of the API. OpenAPI is generated from these, and answers are built with them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.api.problems import Problem
from facts.events import Envelope

Subject = Annotated[
    str, Field(pattern=r"^(member|customer|email|phone|card):\S.{0,199}$", examples=["customer:900"])
]


class Shape(BaseModel):
    """Closed: an unknown field is refused on the way in, and never sent on the way out."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Event(Envelope):
    """One thing that happened, as a CloudEvents 1.0 envelope. The fact types and their data are in the docs."""


class Events(Shape):
    """Several events in one body (a plain JSON array)."""


class EventAnswer(Shape):
    """What an event did. `points` is by how much the member's balance changed with this request."""

    id: str = Field(description="the event's own id, or empty when it could not be read")
    source: str
    status: Literal["recorded", "duplicate", "waiting", "refused", "failed"]
    member: UUID | None = None
    points: int | None = None
    problem: Problem | None = None


class EventAnswers(Shape):
    """What each event did, in the order in which they were sent."""

    results: list[EventAnswer]


class Target(Shape):
    """What is still missing, by what the tier asks for, and the last day for it. `facts` are counted by type.

    Where several are named, all of them are missing; with `either` one of them is enough.
    """

    tier: str
    points: int | None = None
    money: str | None = None
    orders: int | None = None
    referrals: int | None = None
    facts: dict[str, int] | None = None
    either: bool | None = None
    by: date | None = None


class Tier(Shape):
    """A level of the ladder."""

    slug: str
    name: dict[str, str]


class Moment(Shape):
    """Points that turn active, or are lost, at a moment."""

    at: datetime
    points: int


class PurseAnswer(Shape):
    """What a member has in a wallet beside points, in its smallest unit (minor units of `currency`, or whole steps).

    `money` is the available cashback as an amount, missing for experience.
    """

    wallet: str
    kind: str
    name: dict[str, str]
    available: int
    money: str | None = None
    pending: int
    held: int
    debt: int
    activating: list[Moment]
    expiring: list[Moment]


class StandingAnswer(Shape):
    """How a member stands now. `money_value` is what the available points are worth.

    `wallets` are those beside points.
    """

    member: UUID
    wallet: str
    available: int
    pending: int
    held: int
    debt: int
    money_value: str
    currency: str
    tier: Tier
    tier_until: date | None = None
    to_next: Target | None = None
    to_stay: Target | None = None
    activating: list[Moment]
    expiring: list[Moment]
    wallets: list[PurseAnswer] = []


class LimitAnswer(Shape):
    """How often a member may have a reward in a period of the calendar; `tiers` have numbers of their own."""

    per: Literal["day", "week", "month", "year"]
    most: int
    tiers: dict[str, int]


class PotAnswer(Shape):
    """What the donations of all members came to: `money` is what the shop gives for them."""

    gifts: int
    points: int
    money: str


class OccasionAnswer(Shape):
    """On which day of the member's own it can be had, for how many days, and of which choice only one."""

    on: str
    days: int
    choice: str | None = None


class RewardAnswer(Shape):
    """A reward of the catalogue. `left` is missing where there is as much as anybody wants, `pot` but for donations."""

    slug: str
    kind: str
    name: dict[str, str]
    description: dict[str, str] | None = None
    price: int
    prices: dict[str, int]
    value: str
    sku: str
    tiers: list[str]
    claimable_from: datetime | None = None
    until: datetime | None = None
    left: int | None = None
    terms: dict[str, str] | None = None
    access: dict[str, str] | None = None
    access_until: datetime | None = None
    link: str = ""
    per_member: int | None = None
    per_period: LimitAnswer | None = None
    occasion: OccasionAnswer | None = None
    points: int | None = None
    pot: PotAnswer | None = None


class CatalogueAnswer(Shape):
    """What can be had for points now."""

    version: int
    rewards: list[RewardAnswer]


class RedemptionRequest(Shape):
    """Who wants what."""

    subject: Subject
    reward: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,59}$")]


class CancelRequest(Shape):
    """Whose redemption it is, and why it is called off."""

    subject: Subject
    reason: Annotated[str, Field(max_length=200)] = ""


class RedemptionAnswer(Shape):
    """A redemption. The `code` is told as long as it can be used."""

    redemption_id: UUID
    member: UUID
    reward: str
    price: int
    state: Literal["reserved", "issued", "used", "expired", "cancelled"]
    code: str | None = None
    expires_at: datetime | None = None


class CodeRequest(Shape):
    """A voucher code as a till read it. `check` looks without using it; `used_in` names the order it goes into."""

    code: Annotated[str, Field(min_length=1, max_length=100)]
    check: bool = False
    used_in: Annotated[str, Field(max_length=200)] = ""


class CodeAnswer(Shape):
    """What a good code stands for."""

    redemption_id: UUID
    reward: str
    kind: str
    value: str
    currency: str
    state: Literal["issued", "used"]


class Effect(Shape):
    """An entry that would be posted: its amount in the unit of its wallet, and the figures it follows from.

    `rule` is the slug of what gives it; `secret` for a secret badge that the member has not earned.
    """

    member: UUID
    wallet: str
    kind: str
    amount: int
    at: datetime
    active_from: datetime | None = None
    expires_at: datetime | None = None
    rule: str
    version: int
    why: dict[str, Any]


class TierEffect(Shape):
    """A member's tier before and after."""

    member: UUID
    before: str
    after: str


class SimulationAnswer(Shape):
    """What the events would do. Nothing was written."""

    results: list[EventAnswer]
    effects: list[Effect]
    tiers: list[TierEffect]


class ProgrammeAnswer(Shape):
    """The programme in force."""

    version: int
    effective_from: datetime | None = None
    document: dict[str, Any]


class OpenApiAnswer(BaseModel):
    """This description itself."""

    openapi: str
