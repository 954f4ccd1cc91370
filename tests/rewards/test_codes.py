"""Voucher codes: long enough, hard to mistype, and worth nothing to who reads the database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewards import codes

SECRET, OTHER = b"a secret of this programme......", b"another secret.................."
chances = st.binary(min_size=codes.CHANCE_BYTES, max_size=codes.CHANCE_BYTES)


@given(chances, chances)
def test_every_bit_of_chance_is_in_the_code(one: bytes, other: bytes) -> None:
    assert codes.CHANCE_BYTES * 8 >= 80
    assert (codes.code_from(one) == codes.code_from(other)) == (one == other)


@given(chances, st.integers(0, 16), st.sampled_from(codes.ALPHABET))
def test_one_wrong_sign_is_no_code(chance: bytes, place: int, sign: str) -> None:
    signs = codes.code_from(chance).replace("-", "")
    wrong = signs[:place] + sign + signs[place + 1 :]
    assert codes.meant(wrong) == (signs if wrong == signs else None)


@given(chances)
def test_it_may_be_typed_as_people_type(chance: bytes) -> None:
    code = codes.code_from(chance)
    signs = code.replace("-", "")
    slips = signs.replace("0", "o").replace("1", "l").lower()
    assert codes.meant(code) == codes.meant(f" {slips[:5]}  {slips[5:]}\n") == signs


@pytest.mark.parametrize("typed", ["", "x", "A" * 10_000, "é" * 17, "UUUU-UUUU-UUUU-UUUUU", "١" * 17])
def test_what_cannot_be_a_code(typed: str) -> None:
    assert codes.meant(typed) is None


def test_the_database_tells_neither_code_nor_kinship() -> None:
    code = codes.code_from(bytes(range(10)))
    signs = codes.meant(code) or ""
    assert codes.digest(signs, SECRET) != codes.digest(signs, OTHER)
    sealed = codes.seal(code, "redemption-1", SECRET, bytes(12))
    assert code.encode() not in sealed
    assert signs.encode() not in sealed
    assert codes.opened(sealed, "redemption-1", SECRET) == code
    assert codes.opened(sealed, "redemption-2", SECRET) is None
    assert codes.opened(sealed, "redemption-1", OTHER) is None
    assert codes.opened(sealed[:-1], "redemption-1", SECRET) is None
    assert codes.opened(b"", "redemption-1", SECRET) is None
