"""The numbers and the rotating codes of digital cards: plain arithmetic, no clock and no chance.

A card shows `<number>.<code>`. The number is fourteen digits, the last of them a check digit (Luhn, ISO/IEC 7812-1
annex B). The code is a time-based one-time password (RFC 6238): HMAC-SHA-256, steps of 30 s, eight digits.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from facts.language import N_
from facts.refusals import Refusal

NUMBER_DIGITS, CODE_DIGITS = 14, 8
KEY_BYTES = 32
STEP_SECONDS = 30
SKEW_STEPS = 1
"""How many steps the clock of a phone may be ahead, or behind."""
CHANCES = 9 * 10 ** (NUMBER_DIGITS - 2)
"""How many numbers there are. None begins with a nought, which a spreadsheet would lose."""
PAYLOAD_LENGTH_MAX = 64
_GROUP = 4
_DASHES = "-‐‑‒–—−"


@dataclass(frozen=True, slots=True)
class Payload:
    """What a card was read as; without a `code` somebody typed the number, or the bars were scanned."""

    number: str
    code: str | None


def number_from(chance: int) -> str:
    """The number of one of `CHANCES` chances."""
    if not 0 <= chance < CHANCES:
        raise ValueError(f"a chance lies between 0 and {CHANCES - 1}")
    digits = str(chance + CHANCES // 9)
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """Luhn's digit: finds every wrong digit, and swapped neighbours but for 0 and 9."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return str(-total % 10)


def grouped(number: str) -> str:
    """The number in fours, for reading aloud."""
    return " ".join(number[at : at + _GROUP] for at in range(0, len(number), _GROUP))


def read(payload: str) -> Payload:
    """What was scanned or typed: `<number>.<code>`, or the number with spaces or dashes, in any script's digits.

    Refuses what is no card, and a number whose check digit does not fit.
    """
    number, dot, code = payload.strip().partition(".") if len(payload) <= PAYLOAD_LENGTH_MAX else ("", "", "")
    number, code = _digits(number), _digits(code)
    fits = len(number) == NUMBER_DIGITS and check_digit(number[:-1]) == number[-1]
    if not fits or (dot and len(code) != CODE_DIGITS):
        text = N_("This is no card of ours, or a digit is wrong. Scan it again, or type the number.")
        raise Refusal("card_unreadable", text, path="card")
    return Payload(number, code if dot else None)


def _digits(text: str) -> str:
    """Plain digits without what stands between them; "" when anything else is in it."""
    found = ""
    for sign in text:
        digit = unicodedata.decimal(sign, None)
        if digit is not None:
            found += str(digit)
        elif not sign.isspace() and sign not in _DASHES:
            return ""
    return found


def step_at(now: datetime) -> int:
    """The time step of a moment: half minutes since 1970."""
    return int(now.timestamp()) // STEP_SECONDS


def code_at(key: bytes, step: int, digits: int = CODE_DIGITS) -> str:
    """The code of a time step (RFC 6238 on RFC 4226 §5.3, with SHA-256)."""
    mac = hmac.digest(key, step.to_bytes(8, "big"), "sha256")
    at = mac[-1] & 0xF
    return f"{(int.from_bytes(mac[at : at + 4], 'big') & 0x7FFFFFFF) % 10**digits:0{digits}}"


def steps_of(key: bytes, code: str, now: datetime) -> list[int]:
    """The steps around now whose code this is, the earliest first; as a rule one or none."""
    here = step_at(now)
    return [step for step in _around(here) if hmac.compare_digest(code_at(key, step), code)]


def _around(step: int) -> Iterable[int]:
    return range(max(step - SKEW_STEPS, 0), step + SKEW_STEPS + 1)
