"""Money as integers: reading, writing, rounding and sharing out, against exact fractions."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.money import Rounding, apportion, decimal_text, minor, minor_digits, ratio
from facts.refusals import Refusal

ROUNDED = {
    Rounding.DOWN: floor,
    Rounding.UP: ceil,
    Rounding.HALF_UP: lambda x: floor(x + Fraction(1, 2)),
    Rounding.HALF_EVEN: round,
}


@pytest.mark.parametrize(("currency", "digits"), [("USD", 2), ("EUR", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4)])
def test_currencies_have_their_decimals(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@pytest.mark.parametrize("currency", ["XYZ", "usd", "", "EURO"])
def test_what_is_no_currency_is_refused_by_its_name(currency: str) -> None:
    with pytest.raises(Refusal) as caught:
        minor_digits(currency)
    assert caught.value.code == "currency_unknown"
    assert str(caught.value) == f"“{currency}” is not a currency code of ISO 4217."


@pytest.mark.parametrize(
    ("text", "digits", "amount"),
    [("12.5", 2, 1250), ("12.50", 2, 1250), ("0.01", 2, 1), ("7", 2, 700), ("7", 0, 7), ("7.000", 0, 7),
     ("1.2300", 2, 123), ("0.000001", 6, 1), ("1.5", 3, 1500), ("-3.20", 2, -320), ("10", 1, 100)],
)  # fmt: skip
def test_decimal_strings_become_minor_units(text: str, digits: int, amount: int) -> None:
    assert minor(text, digits) == amount


@pytest.mark.parametrize(
    ("text", "digits", "code", "said"),
    [("1.005", 2, "money_too_fine", "“1.005” has more than 2 decimals."),
     ("0.5", 0, "money_too_fine", "“0.5” has more than 0 decimals."),
     ("1.2301", 3, "money_too_fine", "“1.2301” has more than 3 decimals."),
     ("", 2, "money_malformed", "“” is not an amount such as 12.50."),
     ("abc", 2, "money_malformed", "“abc” is not an amount such as 12.50."),
     ("1.2.3", 4, "money_malformed", "“1.2.3” is not an amount such as 12.50.")],
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_its_reason(text: str, digits: int, code: str, said: str) -> None:
    with pytest.raises(Refusal) as caught:
        minor(text, digits)
    assert (caught.value.code, str(caught.value)) == (code, said)


@pytest.mark.parametrize(
    ("amount", "digits", "text"),
    [(1250, 2, "12.50"), (5, 2, "0.05"), (-5, 2, "-0.05"), (-1250, 2, "-12.50"), (0, 2, "0.00"), (7, 0, "7"),
     (-7, 0, "-7"), (1001, 3, "1.001"), (100, 2, "1.00"), (12, 1, "1.2")],
)  # fmt: skip
def test_minor_units_become_decimal_strings(amount: int, digits: int, text: str) -> None:
    assert decimal_text(amount, digits) == text


@given(st.integers(-(10**9), 10**9), st.integers(0, 6))
def test_written_and_read_an_amount_is_the_same(amount: int, digits: int) -> None:
    assert minor(decimal_text(amount, digits), digits) == amount


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**4), st.sampled_from(Rounding))
def test_a_ratio_is_rounded_as_its_fraction_is(numerator: int, denominator: int, rounding: Rounding) -> None:
    assert ratio(numerator, denominator, rounding) == ROUNDED[rounding](Fraction(numerator, denominator))


@pytest.mark.parametrize("half", range(-5, 6))
@pytest.mark.parametrize("rounding", Rounding)
def test_halves_are_where_roundings_differ(half: int, rounding: Rounding) -> None:
    assert ratio(half, 2, rounding) == ROUNDED[rounding](Fraction(half, 2))


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [(100, [], []), (5, [0, 0], [5, 0]), (5, [0], [5]), (7, [1, 1, 1], [3, 2, 2]), (8, [1, 1, 1], [3, 3, 2]),
     (2, [3, 5, 3], [1, 1, 0]), (3, [1, 2], [1, 2]), (10, [999, 1], [10, 0]), (1, [1, 2, 2], [0, 1, 0]),
     (9, [3, 3, 3], [3, 3, 3])],
)  # fmt: skip
def test_largest_remainders_and_earlier_parts_come_first(
    total: int, weights: list[int], parts: list[int]
) -> None:
    assert apportion(total, weights) == parts


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**5), min_size=1, max_size=12))
def test_parts_add_up_and_are_less_than_one_off(total: int, weights: list[int]) -> None:
    parts, whole = apportion(total, weights), sum(weights)
    assert sum(parts) == total
    if whole:
        assert all(
            abs(part - Fraction(total * weight, whole)) < 1
            for part, weight in zip(parts, weights, strict=True)
        )
