"""Credentials inside pictures: Open Badges 3.0 §5.3, a PNG's `iTXt` chunk called `openbadgecredential`.

What comes from outside is walked chunk by chunk and never decoded: lengths are checked against what is there, only
the credential's own chunk is read, and it must be stored as it is (the standard forbids to compress it).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
CHUNKS_MAX = 10_000
PICTURE_BYTES_MAX = 8 * 2**20
TEXT_BYTES_MAX = 65_536
_FRAME = 12  # length, name and checksum of a chunk


class NotAPicture(ValueError):
    """What was given is no PNG as a badge is one."""


def baked(png: bytes, text: str) -> bytes:
    """The picture with `text` in it, in place of one that was there."""
    parts = [SIGNATURE]
    content = KEYWORD + b"\0" + bytes((0, 0)) + b"\0" + b"\0" + text.encode()
    for name, data in _chunks(png):
        if _is_ours(name, data):
            continue
        if name == b"IEND":
            parts.append(_chunk(b"iTXt", content))
        parts.append(_chunk(name, data))
    return b"".join(parts)


def text_in(png: bytes) -> str | None:
    """What is baked in, or None; raises `NotAPicture`. Two credentials in one picture are refused as well."""
    found = [data for name, data in _chunks(png) if _is_ours(name, data)]
    if not found:
        return None
    flags, rest = found[0][len(KEYWORD) + 1 :][:2], found[0][len(KEYWORD) + 3 :]
    if len(found) > 1 or flags[:1] != b"\0" or rest.count(b"\0") < 2:
        raise NotAPicture("its credential is not baked in as it should be")
    text = rest.split(b"\0", 2)[2]
    if len(text) > TEXT_BYTES_MAX:
        raise NotAPicture("its credential is too long")
    try:
        return text.decode()
    except UnicodeDecodeError:
        raise NotAPicture("its credential is no text") from None


def is_png(data: bytes) -> bool:
    """Whether it begins as a PNG does."""
    return data.startswith(SIGNATURE)


def _is_ours(name: bytes, data: bytes) -> bool:
    return name == b"iTXt" and data.startswith(KEYWORD + b"\0")


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not is_png(png) or len(png) > PICTURE_BYTES_MAX:
        raise NotAPicture("no PNG, or too large a one")
    at = len(SIGNATURE)
    for _ in range(CHUNKS_MAX):
        if at + _FRAME > len(png):
            raise NotAPicture("it breaks off")
        (length,) = struct.unpack_from(">I", png, at)
        end = at + _FRAME + length
        if end > len(png):
            raise NotAPicture("it breaks off")
        name, data = png[at + 4 : at + 8], png[at + 8 : end - 4]
        if struct.unpack_from(">I", png, end - 4)[0] != zlib.crc32(name + data):
            raise NotAPicture("it is damaged")
        yield name, data
        if name == b"IEND":
            return
        at = end
    raise NotAPicture("it has too many parts")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
