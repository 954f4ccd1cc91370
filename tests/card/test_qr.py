"""The QR codes that the card's script draws, beside those of another encoder."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
import segno

ROOT = Path(__file__).parents[2]
NODE = str(Path(sys.executable).parent / "node")
MASKS = [0, 1, 2, 3, 4, 5, 6, 7]


def drawn(texts: list[str], mask: int | None) -> list[str]:
    """Rows of 0 and 1, as `assets/qr.js` draws them."""
    script = f"""
        import {{ modules }} from {json.dumps((ROOT / "assets" / "qr.js").as_uri())};
        const rows = (text) => modules(text, {json.dumps(mask) if mask is not None else "undefined"});
        console.log(JSON.stringify({json.dumps(texts)}.map((text) =>
            rows(text).map((row) => row.map(Number).join("")).join("\\n"))));
    """
    words = [NODE, "--input-type=module", "--eval", script]
    return json.loads(subprocess.run(words, capture_output=True, text=True, check=True, timeout=120).stdout)


def theirs(text: str, mask: int) -> str:
    code = segno.make_qr(text, version=2, error="q", mask=mask, boost_error=False, mode="alphanumeric")
    return "\n".join("".join(map(str, row)) for row in code.matrix)


def payload(chance: Random, length: int) -> str:
    digits = "".join(chance.choice("0123456789") for _ in range(length - 1))
    return f"{digits[:14]}.{digits[14:]}"


@pytest.mark.parametrize("mask", MASKS)
def test_module_by_module_as_another_encoder_draws_them(mask: int) -> None:
    chance = Random(mask)
    texts = [payload(chance, length) for length in (19, 20, 21, 22) for _ in range(5)]
    assert drawn(texts, mask) == [theirs(text, mask) for text in texts]


def test_a_payload_is_in_the_code_to_the_last_bit() -> None:
    """Of twenty-three signs: segno 1.6 pads these with one word more than ISO/IEC 18004 §7.4.10 says, so only what
    comes before is compared: mode, length and data, 140 bits from the lower right on.
    """
    texts = [payload(Random(n), 23) for n in range(20)]
    for mine, other in zip(drawn(texts, 0), [theirs(text, 0) for text in texts], strict=True):
        assert in_order(mine)[:144] == in_order(other)[:144]
        assert in_order(mine)[144:176] == f"{0xEC11EC11:032b}"


def test_a_mask_is_chosen_and_the_code_says_which() -> None:
    texts = [payload(Random(n), 22) for n in range(20)]
    for text, mine in zip(texts, drawn(texts, None), strict=True):
        assert mine in [theirs(text, mask) for mask in MASKS]


def in_order(matrix: str) -> str:
    """The bits of version 2 in the order in which they were laid, the mask 0 taken off."""
    rows, found, up = matrix.split("\n"), "", True
    for right in [*range(24, 6, -2), 5, 3, 1]:
        for row in range(24, -1, -1) if up else range(25):
            for column in (right, right - 1):
                if not fixed(row, column):
                    found += str(int(rows[row][column]) ^ ((row + column) % 2 == 0))
        up = not up
    return found


def fixed(row: int, column: int) -> bool:
    corner = (row < 9 and (column < 9 or column > 16)) or (row > 16 and column < 9)
    return corner or row == 6 or column == 6 or (16 <= row <= 20 and 16 <= column <= 20)
