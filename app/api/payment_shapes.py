"""The shapes of payments with points. Money is a decimal string of the programme's currency."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.api.shapes import Shape, Subject
from facts.shapes import Key, Line


class QuoteRequest(Shape):
    """Who wants to pay, and the lines of the order as `order.paid` will have them. Points pay no shipping.

    `wallet` is what to pay from: points, or a wallet of cashback, of which `points` are then minor units.
    """

    subject: Subject
    wallet: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,59}$")] = "points"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    lines: Annotated[list[Line], Field(max_length=5000)]


class HoldRequest(QuoteRequest):
    """The same, with the order's id and the points that the member chose."""

    order_id: Key
    points: Annotated[int, Field(ge=1, le=10**9)]


class PaymentRequest(Shape):
    """Whose payment it is."""

    subject: Subject


class LineAnswer(Shape):
    """A line: the part of it that is paid with points, for its `points_paid`, and the `most` that could be."""

    line_id: str
    points_paid: str
    most: str | None = None


class QuoteAnswer(Shape):
    """The largest payment with points: so many points, worth so much money, on these lines.

    `limited_by` says what keeps it from being more.
    """

    member: UUID
    wallet: str
    available: int
    points: int
    money: str
    currency: str
    step: int
    minimum: int
    limited_by: Literal["balance", "most", "ceilings", "share", "minimum", "step"] | None = None
    lines: list[LineAnswer]


class PaymentAnswer(Shape):
    """A payment: what is set aside, and until when the order has to be placed."""

    payment_id: UUID
    member: UUID
    order_id: str
    wallet: str
    points: int
    money: str
    currency: str
    state: Literal["held", "committed", "released", "lapsed"]
    until: datetime | None = None
    lines: list[LineAnswer]
