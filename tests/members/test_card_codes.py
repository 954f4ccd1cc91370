"""Card numbers and rotating codes, as plain arithmetic."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.refusals import Refusal
from members import card_codes
from members.card_codes import CHANCES, Payload, code_at, grouped, number_from, read, step_at, steps_of

RFC_KEY = b"12345678901234567890123456789012"
NUMBER = number_from(2_718_281_828_459)
CHANCE = st.integers(0, CHANCES - 1)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "46119246"),
        (1111111109, "68084774"),
        (1111111111, "67062674"),
        (1234567890, "91819424"),
        (2000000000, "90698825"),
        (20000000000, "77737706"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238, appendix B, the rows of SHA-256."""
    assert code_at(RFC_KEY, step_at(datetime.fromtimestamp(seconds, UTC))) == code


@given(CHANCE)
def test_a_number_has_fourteen_digits_and_reads_as_itself(chance: int) -> None:
    number = number_from(chance)
    assert len(number) == 14
    assert number[0] != "0"
    assert read(number) == read(grouped(number)) == Payload(number, None)


@given(CHANCE, st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(chance: int, place: int, more: int) -> None:
    number = number_from(chance)
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    with pytest.raises(Refusal) as refused:
        read(wrong)
    assert refused.value.code == "card_unreadable"


@pytest.mark.parametrize("chance", [-1, CHANCES])
def test_there_are_no_other_numbers(chance: int) -> None:
    with pytest.raises(ValueError, match="chance"):
        number_from(chance)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (NUMBER, None),
        (f"  {grouped(NUMBER)}\n", None),
        (grouped(NUMBER).replace(" ", "-"), None),
        (grouped(NUMBER).replace(" ", "–"), None),
        (NUMBER.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")), None),
        (f"{NUMBER}.01234567", "01234567"),
        (f"{NUMBER}.٠١٢٣٤٥٦٧", "01234567"),
    ],
    ids=["plain", "groups", "dashes", "long dashes", "arabic digits", "with a code", "an arabic code"],
)
def test_what_is_typed_or_scanned_is_understood(typed: str, code: str | None) -> None:
    assert read(typed) == Payload(NUMBER, code)


@pytest.mark.parametrize(
    "typed",
    ["", ".", "hello", NUMBER[:-1], NUMBER + "0", f"{NUMBER}.", f"{NUMBER}.1234567", f"{NUMBER}.123456789",
     f"{NUMBER}.1234567a", f"{NUMBER}.12345678.1", f"x{NUMBER}", "https://shop.test/" + NUMBER, NUMBER + " " * 99,
     "\ud800", "½" * 14],
)  # fmt: skip
def test_what_is_no_card_is_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(typed)
    assert refused.value.code == "card_unreadable"


def test_a_clock_may_be_half_a_minute_wrong_and_no_more() -> None:
    now = datetime(2026, 11, 22, 12, 0, 15, tzinfo=UTC)
    step = step_at(now)
    for apart in range(-3, 4):
        code = code_at(RFC_KEY, step + apart)
        assert steps_of(RFC_KEY, code, now) == ([step + apart] if abs(apart) <= 1 else [])
    assert step_at(now + timedelta(seconds=14.9)) == step
    assert step_at(now + timedelta(seconds=15)) == step + 1
    assert steps_of(RFC_KEY, code_at(RFC_KEY, 0), datetime.fromtimestamp(3, UTC)) == [0]


def test_groups_are_for_reading_aloud() -> None:
    assert card_codes.grouped("12345678901234") == "1234 5678 9012 34"
