"""The address of a badge's picture. It says all that is drawn, so every worker can draw it, and needs no table.

`/pictures/badge/<what>/<size>-<digest>.webp`: `what` is the artwork (fields parted by dots), then what is written
on it; the digest is of all this and of the drawing's version, so a picture at an address never changes.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast, get_args

from pydantic import ValidationError

from badges.art.version import SIZES, VERSION, Digits, State
from badges.artwork import Artwork

Format = Literal["webp", "png"]
SECRET = "secret"  # noqa: S105 - the whole of what the address of a secret badge says
EMPTY = "-"
_NAME = re.compile(r"(\d{2,4})-([0-9a-f]{16})\Z", re.ASCII)
_FIELDS = ("shape", "ring", "field", "emblem", "ribbon", "colour", "field_colour", "emblem_colour")
_WRITTEN = re.compile(r"(?:e([1-9]\d{0,5})(a?))?(?:l([1-9]\d?))?(k?)\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture to be drawn. `artwork` is None for a secret badge."""

    artwork: Artwork | None
    size: int
    format: Format = "webp"
    edition: int | None = None
    level: int | None = None
    state: State = "earned"
    digits: Digits = "latn"

    @property
    def what(self) -> str:
        """The part of the address that says what is drawn."""
        if self.artwork is None or self.state == "secret":
            return SECRET
        values = [str(getattr(self.artwork, name) or EMPTY).removeprefix("#") for name in _FIELDS]
        written = ""
        if self.state != "locked":
            if self.artwork.numbered and self.edition:
                written += f"e{self.edition}" + ("a" if self.digits == "arab" else "")
            elif self.level:
                written += f"l{self.level}"
        return ".".join((*values, (written + ("k" if self.state == "locked" else "")) or EMPTY))

    @property
    def digest(self) -> str:
        """Of everything that the pixels depend on."""
        told = f"{VERSION}|{self.what}|{self.size}|{self.format}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def address(self) -> str:
        """The path of the picture."""
        return f"/pictures/badge/{self.what}/{self.size}-{self.digest}.{self.format}"


def badge_picture(
    artwork: Artwork,
    size: int,
    *,
    edition: int | None = None,
    level: int | None = None,
    state: State = "earned",
    digits: Digits = "latn",
    kind: Format = "webp",
) -> str:
    """The address of a badge in one of `SIZES`. That of a secret one tells nothing of its artwork."""
    if size not in SIZES:
        raise ValueError(f"badges are drawn in {', '.join(map(str, SIZES))} pixels")
    shown = None if state == "secret" else artwork
    return _address(Drawing(shown, size, kind, edition, level, state, digits), VERSION)


@lru_cache(maxsize=5000)
def _address(drawing: Drawing, version: int) -> str:
    return drawing.address


def read(what: str, name: str, kind: str) -> Drawing | None:
    """The drawing that an address asks for, whatever its digest; None when it is not one of ours."""
    found = _NAME.match(name)
    size = int(found[1]) if found else 0
    if size not in SIZES or kind not in get_args(Format):
        return None
    format_ = cast(Format, kind)
    if what == SECRET:
        return Drawing(None, size, format_, state="secret")
    *values, written = what.split(".")
    said = _WRITTEN.match(written.removeprefix(EMPTY))
    if len(values) != len(_FIELDS) or said is None:
        return None
    fields: dict[str, object] = {
        name: _hashed(name, value) for name, value in zip(_FIELDS, values, strict=True) if value != EMPTY
    }
    try:
        artwork = Artwork.model_validate({**fields, "numbered": bool(said[1])})
    except ValidationError:
        return None
    drawing = Drawing(
        artwork,
        size,
        format_,
        edition=int(said[1]) if said[1] else None,
        level=int(said[3]) if said[3] else None,
        state="locked" if said[4] else "earned",
        digits="arab" if said[2] else "latn",
    )
    return drawing if drawing.what == what else None


def _hashed(name: str, value: str) -> str:
    """Colours have lost their `#` in the address."""
    return f"#{value}" if name.endswith("colour") and re.fullmatch("[0-9a-f]{6}", value) else value
