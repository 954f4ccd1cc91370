"""What the parts of the programme document are made of: closed models, texts by language, exact numbers."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from facts.said import Said


class Part(BaseModel):
    """A part of the document: closed and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Misfit(ValueError):
    """Parts of one thing that do not fit each other; `at` leads to the one to change, from the thing on."""

    def __init__(self, said: Said, *at: str | int) -> None:
        self.said, self.at = said, at
        super().__init__(said)


def _text(value: Any) -> Any:
    return {"en": value} if isinstance(value, str) else value


Words = Annotated[dict[str, str], BeforeValidator(_text), Field(min_length=1)]
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,59}$")]


def _thousandths(value: Any) -> int:
    """A factor such as 1.25, in thousandths; refuses floats that are not exact to three decimals."""
    try:
        scaled = Decimal(str(value)) * 1000
    except InvalidOperation:
        raise ValueError(Said('must be a number such as "1.25"')) from None
    if scaled != scaled.to_integral_value() or not 0 <= scaled <= 1_000_000:
        raise ValueError(Said('must lie between 0 and 1000, with at most three decimals, such as "1.25"'))
    return int(scaled)


Factor = Annotated[
    int, BeforeValidator(_thousandths), PlainSerializer(lambda value: str(Decimal(value) / 1000))
]
"""A multiplier, in thousandths: 1.25 is 1250."""


def _money(value: Any) -> str:
    if isinstance(value, float):
        raise ValueError(Said('money is written in quotes, such as "12.50"'))
    text = str(value)
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValueError(Said('must be an amount such as "12.50"')) from None
    if not amount.is_finite() or amount < 0:
        raise ValueError(Said('must be zero or more, such as "12.50"'))
    return text


Money = Annotated[str, BeforeValidator(_money)]
