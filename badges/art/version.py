"""What the drawing and its addresses agree on."""

from __future__ import annotations

from typing import Literal

VERSION = 1  # goes up whenever a pixel changes: the addresses of pictures contain it
SIZES = (48, 96, 192, 320, 512, 1024)  # pixels
State = Literal["earned", "locked", "secret"]
Digits = Literal["latn", "arab"]
