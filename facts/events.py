"""The facts: what may happen to a member, as CloudEvents 1.0 outside and one small value inside.

Unknown fields are refused, so that a typing error is not silently worth nothing. Money and quantities are
decimal strings. The list of types is DESIGN's; a shop's own facts are `x.<name>`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from facts.import_shapes import BroughtBack, BroughtBalance, BroughtEntry, BroughtTier
from facts.own_shapes import (
    AdjustedData,
    AnniversaryData,
    BirthdayData,
    BroughtManyData,
    ChallengeData,
    DecidedData,
    ExtendedData,
    GameBackData,
    GameData,
    GiftData,
    GiftDoneData,
    GiftReceivedData,
    GrantedData,
    InvitedData,
    MovedData,
    PausedData,
    PaymentData,
    PaymentDoneData,
    PlacedData,
    ReachedData,
    RedeemedData,
    RevokedData,
    SettledData,
    StepData,
    TakenBackData,
    TransferredData,
    UndoneData,
)
from facts.pin_shapes import PinnedData, UnpinnedData
from facts.refusals import Refusal
from facts.shapes import (
    CancelData,
    Data,
    DeliveredData,
    Key,
    OrderData,
    ProfileData,
    RefundData,
    ReviewData,
    SharedData,
    SignedUpData,
    SurveyData,
    VisitData,
)

OWN_SOURCE = "regulars"  # facts that this programme itself makes: redemptions, adjustments


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened. `(source, id)` is unique; `occurred_at` is theirs, in UTC.

    `subject` names the person (`member:`, `customer:`, `email:`, `phone:`, `card:`) or is empty for a
    guest whom nobody named. `data` is the validated wire form of the type, ready for JSON.
    """

    source: str
    id: str
    type: str
    occurred_at: datetime
    subject: str
    data: dict[str, Any]

    @property
    def key(self) -> tuple[datetime, str, str]:
        """The order of history: by time, then by source and id, never by arrival."""
        return (self.occurred_at, self.source, self.id)


_SUBJECT = re.compile(r"(member|customer|email|phone|card):\S.{0,199}\Z")
DATA: dict[str, type[Data]] = {
    "order.placed": OrderData,
    "order.paid": OrderData,
    "order.delivered": DeliveredData,
    "order.cancelled": CancelData,
    "order.refunded": RefundData,
    "member.signed_up": SignedUpData,
    "profile.completed": ProfileData,
    "review.posted": ReviewData,
    "survey.answered": SurveyData,
    "social.shared": SharedData,
    "visit": VisitData,
    "redemption.made": RedeemedData,
    "redemption.captured": SettledData,
    "redemption.cancelled": SettledData,
    "points.adjusted": AdjustedData,
    "points.transferred": TransferredData,
    "points.extended": ExtendedData,
    "game.transferred": GameData,
    "game.cancelled": GameBackData,
    "tier.pinned": PinnedData,
    "tier.unpinned": UnpinnedData,
    "badge.granted": GrantedData,
    "badge.revoked": RevokedData,
    "badge.cancelled": UndoneData,
    "challenge.joined": ChallengeData,
    "challenge.left": ChallengeData,
    "streak.paused": PausedData,
    "streak.resumed": PausedData,
    "board.placed": PlacedData,
    "goal.reached": ReachedData,
    "member.moved": MovedData,
    "member.birthday": BirthdayData,
    "member.anniversary": AnniversaryData,
    "referral.joined": StepData,
    "referral.bought": StepData,
    "referral.rewarded": InvitedData,
    "referral.milestone": BroughtManyData,
    "referral.cancelled": TakenBackData,
    "payment.held": PaymentData,
    "payment.committed": PaymentDoneData,
    "payment.released": PaymentDoneData,
    "gift.given": GiftData,
    "gift.taken": GiftDoneData,
    "gift.cancelled": GiftDoneData,
    "gift.received": GiftReceivedData,
    "guard.released": DecidedData,
    "guard.rejected": DecidedData,
    "import.balance": BroughtBalance,
    "import.tier": BroughtTier,
    "import.entry": BroughtEntry,
    "import.cancelled": BroughtBack,
}
OURS = (
    "redemption.",
    "points.",
    "tier.",
    "badge.",
    "challenge.",
    "streak.",
    "board.",
    "goal.",
    "game.",
    "gift.",
    "guard.",
    "member.moved",
    "member.birthday",
    "member.anniversary",
    "referral.",
    "import.",
    "payment.",
)
OCCASIONS = ("member.anniversary", "member.birthday")
"""What the programme records by itself on a member's day, and rules may pay for."""
INTERNAL = frozenset(t for t in DATA if t.startswith(OURS))
ORDER_TYPES = frozenset({"order.placed", "order.paid"})
_OWN = TypeAdapter(dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")], str | int | bool | None])
_OWN_TYPE = re.compile(r"x\.[a-z][a-z0-9_.]{0,59}\Z")


class Envelope(BaseModel):
    """A CloudEvents 1.0 envelope in its JSON form, with the attributes this programme reads."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    known: ClassVar[frozenset[str]] = frozenset(DATA)

    specversion: Literal["1.0"]
    id: Key
    source: Key
    type: Key
    time: AwareDatetime
    subject: Annotated[str, Field(max_length=220)] = ""
    datacontenttype: Literal["application/json"] = "application/json"
    data: dict[str, Any]


def parse(envelope: object, *, internal: bool = False) -> Fact:
    """The fact in a decoded CloudEvents envelope. Refuses with the path to the first thing that is wrong.

    `internal` admits the types that only the programme itself may send (redemptions and adjustments).
    """
    try:
        outer = Envelope.model_validate(envelope)
    except ValidationError as error:
        raise _refusal(error, "") from None
    if outer.subject and not _SUBJECT.match(outer.subject):
        raise Refusal(
            "subject_malformed",
            "“{subject}” names nobody: use member:, customer:, email:, phone: or card: and the value.",
            path="subject",
            subject=outer.subject,
        )
    own = outer.source == OWN_SOURCE or outer.type in INTERNAL
    if own and not internal:
        raise Refusal("type_internal", "“{type}” from “{source}” can be made by the programme only.",
                      path="type", type=outer.type, source=outer.source)  # fmt: skip
    data = check(outer.type, outer.data)
    return Fact(outer.source, outer.id, outer.type, outer.time.astimezone(UTC), outer.subject, data)


def check(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """`data` as the type `kind` has it, without the fields that say nothing; refuses what does not fit."""
    shape = DATA.get(kind)
    try:
        if shape is not None:
            return shape.model_validate(data).model_dump(exclude_defaults=True)
        if _OWN_TYPE.match(kind):
            return dict(_OWN.validate_python(data, strict=True))
    except ValidationError as error:
        raise _refusal(error, "data") from None
    raise Refusal("type_unknown", "There is no fact type “{type}”. Known are: {known}, and x.<own name>.",
                  path="type", type=kind, known=", ".join(sorted(set(DATA) - INTERNAL)))  # fmt: skip


def to_envelope(fact: Fact) -> dict[str, Any]:
    """The CloudEvents envelope of `fact`; `parse` reads it back to the same value."""
    envelope: dict[str, Any] = {
        "specversion": "1.0",
        "id": fact.id,
        "source": fact.source,
        "type": fact.type,
        "time": fact.occurred_at.isoformat().replace("+00:00", "Z"),
        "data": fact.data,
    }
    return envelope | ({"subject": fact.subject} if fact.subject else {})


def _refusal(error: ValidationError, prefix: str) -> Refusal:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    path = ".".join(str(part) for part in ((prefix,) if prefix else ()) + first["loc"])
    return Refusal("event_malformed", "{problem} at “{path}”.", path=path, problem=first["msg"])
