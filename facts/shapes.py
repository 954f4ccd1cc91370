"""What the facts of each type carry, as pydantic shapes. Unknown fields are refused, numbers are never floats."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,6})?\Z", re.ASCII)
_SIGNED = re.compile(r"-?\d{1,12}(\.\d{1,6})?\Z", re.ASCII)


def _amount(text: str) -> str:
    if not _AMOUNT.match(text):
        raise ValueError('must be a decimal string of zero or more, such as "12.50"')
    return text


Amount = Annotated[str, AfterValidator(_amount)]
Text = Annotated[str, Field(max_length=200)]
Key = Annotated[str, Field(min_length=1, max_length=200)]


class Data(BaseModel):
    """The data of a fact: closed and frozen."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Line(Data):
    """One line of an order. `amount` is what was charged for it, after discount, tax included."""

    line_id: Key
    sku: Key
    quantity: Amount
    amount: Amount
    name: Text = ""
    brand: Text = ""
    category: list[Text] = []
    tags: list[Text] = []
    tax: Amount = "0"
    discount: Amount = "0"
    points_paid: Amount = "0"


class OrderData(Data):
    """An order placed or paid. Of `address` and `payment` only keyed hashes get past the door; the fact has neither."""

    order_id: Key
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    lines: Annotated[list[Line], Field(max_length=5000)]
    channel: Text = ""
    partner: Text = ""
    shipping: Amount = "0"
    tax: Amount = "0"
    discount: Amount = "0"
    points_paid: Amount = "0"
    codes: list[Key] = []
    address: Annotated[str, Field(max_length=500)] = ""
    payment: Text = ""


class RefundLine(Data):
    """What came back of one line: the difference, not the new total."""

    line_id: Key
    quantity: Amount
    amount: Amount


class RefundData(Data):
    """A refund of an order, by line, by amount, or both; `amount` is beyond what the lines name."""

    order_id: Key
    refund_id: Key
    lines: list[RefundLine] = []
    amount: Amount = "0"
    shipping: Amount = "0"
    reason: Text = ""


class CancelData(Data):
    """An order that was called off as a whole."""

    order_id: Key
    reason: Text = ""


class DeliveredData(Data):
    """An order, or some lines of it, that reached the customer."""

    order_id: Key
    line_ids: list[Key] = []


class SignedUpData(Data):
    """A member who joined, where, and on whose invitation."""

    channel: Text = ""
    referral_code: Text = ""


class ProfileData(Data):
    """Fields of a profile that were filled in."""

    fields: list[Key]


class ReviewData(Data):
    """A review that was published."""

    review_id: Key
    sku: Text = ""
    rating: Annotated[int, Field(ge=0, le=5)] | None = None
    photos: Annotated[int, Field(ge=0, le=100)] = 0
    verified: bool = False


class SurveyData(Data):
    """An answer to a survey; `score` from 0 to 10."""

    survey_id: Key
    score: Annotated[int, Field(ge=0, le=10)] | None = None
    text: Annotated[str, Field(max_length=5000)] = ""


class SharedData(Data):
    """Something that was shared on a network."""

    network: Text = ""
    url: Annotated[str, Field(max_length=2000)] = ""


class VisitData(Data):
    """A visit to a page of the shop."""

    page: Annotated[str, Field(max_length=2000)] = ""
