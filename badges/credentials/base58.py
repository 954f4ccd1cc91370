"""Base 58 as Bitcoin and multibase write it (`z…`): for keys and signatures of fixed length."""

from __future__ import annotations

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
SIGNS_MAX = 128  # decoding is quadratic; no key or signature of ours is longer


def encoded(data: bytes) -> str:
    """The text of some bytes."""
    number, signs = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        signs = ALPHABET[rest] + signs
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + signs


def decoded(text: str) -> bytes:
    """The bytes of a text; raises ValueError for what is none."""
    if len(text) > SIGNS_MAX:
        raise ValueError("too long for base 58")
    number = 0
    for sign in text:
        number = number * 58 + ALPHABET.index(sign)
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
