"""Money and shares of it: decimal strings outside, integer minor units inside, never a float."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import cache, lru_cache

from babel.numbers import get_currency_precision, list_currencies

from facts.refusals import Refusal


class Rounding(StrEnum):
    """How a fraction of a point becomes a whole one. `HALF_EVEN` is the banker's rule of IEEE 754."""

    DOWN = "down"
    UP = "up"
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


@cache
def minor_digits(currency: str) -> int:
    """Decimal places of `currency` by ISO 4217 (CLDR): USD 2, JPY 0, KWD 3. Refuses an unknown code."""
    if currency not in list_currencies():
        raise Refusal(
            "currency_unknown", "“{currency}” is not a currency code of ISO 4217.", currency=currency
        )
    return get_currency_precision(currency)


@lru_cache(maxsize=65_536)
def minor(text: str, digits: int) -> int:
    """Minor units of a decimal string: `("12.5", 2)` is 1250. Refuses what is no such number."""
    whole, _, fraction = text.partition(".")
    if len(fraction) > digits:
        if fraction[digits:].strip("0"):
            raise Refusal(
                "money_too_fine", "“{text}” has more than {digits} decimals.", text=text, digits=digits
            )
        fraction = fraction[:digits]
    try:
        value = int(whole + fraction) * 10 ** (digits - len(fraction)) if digits else int(whole)
    except ValueError:
        raise Refusal("money_malformed", "“{text}” is not an amount such as 12.50.", text=text) from None
    return value


def decimal_text(amount: int, digits: int) -> str:
    """The decimal string of `amount` minor units: `(1250, 2)` is "12.50"."""
    if not digits:
        return str(amount)
    sign, whole = ("-", -amount) if amount < 0 else ("", amount)
    return f"{sign}{whole // 10**digits}.{whole % 10**digits:0{digits}d}"


def ratio(numerator: int, denominator: int, rounding: Rounding) -> int:
    """`numerator / denominator` as a whole number by `rounding`; both are exact integers, denominator > 0."""
    quotient, rest = divmod(numerator, denominator)
    if not rest or rounding is Rounding.DOWN:
        return quotient
    if rounding is Rounding.UP:
        return quotient + 1
    twice = 2 * rest
    if twice > denominator or (twice == denominator and (rounding is Rounding.HALF_UP or quotient % 2)):
        return quotient + 1
    return quotient


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """`total` split by non-negative `weights` so that the parts add up to it exactly.

    The largest-remainder method (Hamilton): each part gets its floor, what is left goes one by one to the
    largest remainders, earlier parts first. With no weight at all everything falls to the first part.
    """
    whole = sum(weights)
    if not weights:
        return []
    if not whole:
        return [total] + [0] * (len(weights) - 1)
    parts = [total * weight // whole for weight in weights]
    left = total - sum(parts)
    if left:
        by_rest = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
        for i in by_rest[:left]:
            parts[i] += 1
    return parts
